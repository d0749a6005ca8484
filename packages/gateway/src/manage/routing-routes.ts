import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { routingOptionsSchema } from "@pointsman/translate";
import type { GatewayError } from "@pointsman/translate";
import { z } from "zod";
import { sendError } from "../http/create-server.ts";
import { audit, inWorkspace } from "./manage-context.ts";
import type { Managed, ManageOptions } from "./manage-context.ts";
import { readBody } from "./read-body.ts";

/** Body of PUT W/routing. */
export const replaceRoutingSchema = z.strictObject({ routing: routingOptionsSchema });

type Fields = Readonly<Record<string, unknown>>;

/** Body of PATCH W/routing: fields are looked at once they are merged. */
export const mergeRoutingSchema = z.strictObject({ routing: z.record(z.string(), z.unknown()) });

/** `null` clears a field. */
const merge = (kept: Fields, changes: Fields): Fields =>
  Object.fromEntries(Object.entries({ ...kept, ...changes }).filter(([, value]) => value !== null));

const bodyOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** GET, PUT and PATCH of a workspace's routing defaults (docs/contract.md §21). */
export const addRoutingRoutes = (app: FastifyInstance, options: ManageOptions): void => {
  const { book, clock, docsBaseUrl, startedAtMs } = options;
  const path = "/v1/workspaces/:workspace/routing";

  const show = (reply: FastifyReply, workspaceId: string): void => {
    const workspace = book.get(workspaceId);
    if (workspace === undefined) throw new RangeError(`no workspace ${workspaceId}`);
    const updatedAtMs = workspace.routingUpdatedAtMs ?? startedAtMs;
    void reply.send({
      object: "routing_defaults",
      workspace_id: workspaceId,
      routing: workspace.plan.routing,
      updated_at: new Date(updatedAtMs).toISOString(),
    });
  };

  const set = async (managed: Managed, body: unknown, reply: FastifyReply): Promise<void> => {
    const read = readBody(body, replaceRoutingSchema);
    if (!read.ok) return sendError(reply, read.error, docsBaseUrl);
    const change = { routing: read.value.routing, routingUpdatedAtMs: clock.nowMs() };
    const { workspaceId } = managed;
    await book.change(workspaceId, change);
    audit(options, "routing.updated", { ...managed, id: workspaceId });
    show(reply, workspaceId);
  };

  const mergeInto = async (
    managed: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const read = readBody(request.body, mergeRoutingSchema);
    if (!read.ok) return sendError(reply, read.error, docsBaseUrl);
    const { routing } = read.value;
    if (Object.keys(routing).length === 0) {
      const message = "Name a field of routing to change; null clears it.";
      const error: GatewayError = { code: "missing_required_parameter", message, param: "routing" };
      return sendError(reply, error, docsBaseUrl);
    }
    const kept: Fields = book.get(managed.workspaceId)?.plan.routing ?? {};
    await set(managed, bodyOf({ routing: merge(kept, routing) }), reply);
  };

  app.get(
    path,
    { config: { scope: "routing:read" } },
    inWorkspace(options, async ({ workspaceId }, _request, reply) => {
      show(reply, workspaceId);
    }),
  );
  app.put(
    path,
    { config: { scope: "routing:write" } },
    inWorkspace(options, (managed, request, reply) => set(managed, request.body, reply)),
  );
  app.patch(path, { config: { scope: "routing:write" } }, inWorkspace(options, mergeInto));
};
