import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { pageOf as pageOfList } from "@pointsman/store";
import { z } from "zod";
import { hasScope } from "../auth/key-ring.ts";
import { sendError } from "../http/create-server.ts";
import { setByokCap } from "../money/byok-cap.ts";
import { picoOfUsd } from "../money/usd.ts";
import { newWorkspaceId } from "../ids/ids.ts";
import type { Workspace } from "../workspaces/workspace-book.ts";
import { audit, inWorkspace } from "./manage-context.ts";
import type { Managed, ManageOptions } from "./manage-context.ts";
import { pageOf, renderPage } from "./page.ts";
import { readBody, readChange } from "./read-body.ts";

const name = z.string().min(1).max(255);
const usd = z.number().positive().max(9_000_000);

/** Body of POST /v1/workspaces. */
export const createWorkspaceSchema = z.strictObject({
  name,
  slug: z
    .string()
    .max(63)
    .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/u, {
      error: "lower-case letters, digits and '-' between them",
    }),
});

/** Body of PATCH W. */
export const changeWorkspaceSchema = z.strictObject({
  name: name.optional(),
  /** USD; `null` = none. */
  byok_monthly_cap: usd.nullable().optional(),
});

const changeable = {
  schema: changeWorkspaceSchema,
  thing: "workspace",
  fixed: new Set([
    "id",
    "slug",
    "tier",
    "user_role",
    "member_count",
    "can_use_paid_models",
    "created_at",
  ]),
};

const renderWorkspace = ({ id, name: shown, slug, createdAtMs }: Workspace) => ({
  id,
  name: shown,
  slug,
  tier: "self_hosted",
  user_role: "owner",
  member_count: 1,
  can_use_paid_models: true,
  created_at: new Date(createdAtMs).toISOString(),
});

/** POST and GET /v1/workspaces, GET and PATCH of one (docs/contract.md §21). */
export const addWorkspaceRoutes = (app: FastifyInstance, options: ManageOptions): void => {
  const { book, clock, docsBaseUrl, stores, limited, logger } = options;

  const show = (reply: FastifyReply, id: string, status = 200): void => {
    const workspace = book.get(id);
    if (workspace === undefined) throw new RangeError(`no workspace ${id}`);
    void reply.code(status).send(renderWorkspace(workspace));
  };

  const create = async (
    { principal }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const read = readBody(request.body, createWorkspaceSchema);
    if (!read.ok) return sendError(reply, read.error, docsBaseUrl);
    const { slug } = read.value;
    const id = newWorkspaceId();
    const isNew = await book.create({
      id,
      workspaceId: id,
      uniqueName: slug,
      createdAtMs: clock.nowMs(),
      name: read.value.name,
      slug,
      routing: null,
      routingUpdatedAtMs: null,
    });
    if (isNew) {
      audit(options, "workspace.created", { principal, workspaceId: id, id });
      return show(reply, id, 201);
    }
    const message = `There is a workspace with the slug '${slug}' already.`;
    sendError(reply, { code: "duplicate_resource", message, param: "slug" }, docsBaseUrl);
  };

  const list = async (
    { principal }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const page = pageOf(request.query);
    if ("error" in page) return sendError(reply, page.error, docsBaseUrl);
    const visible = book
      .list()
      .filter(({ id }) => hasScope(principal, "admin") || id === principal.workspace);
    void reply.send(renderPage(pageOfList(visible, page), renderWorkspace));
  };

  const change = async (
    { principal, workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const read = readChange(request.body, changeable);
    if (!read.ok) return sendError(reply, read.error, docsBaseUrl);
    const { name: shown, byok_monthly_cap: cap } = read.value;
    if (cap !== undefined) {
      if (!hasScope(principal, "admin")) {
        const message = "Only an admin key sets the cap on own provider keys.";
        const error = { code: "insufficient_permissions", message, param: null } as const;
        return sendError(reply, error, docsBaseUrl);
      }
      const nowMs = clock.nowMs();
      const picoUsd = cap === null ? null : picoOfUsd(cap);
      await setByokCap(stores.budgets, workspaceId, { picoUsd, nowMs });
      await limited.look(stores.budgets, workspaceId, nowMs);
      logger.info({ event: "workspace.byok_cap_set", workspaceId, keyId: principal.keyId, cap });
    }
    if (shown !== undefined) await book.change(workspaceId, { name: shown });
    audit(options, "workspace.updated", { principal, workspaceId, id: workspaceId });
    show(reply, workspaceId);
  };

  const path = "/v1/workspaces";
  app.post(path, { config: { scope: "admin", idempotent: true } }, inWorkspace(options, create));
  app.get(path, { config: { scope: "workspaces:read" } }, inWorkspace(options, list));
  app.get(
    `${path}/:workspace`,
    { config: { scope: "workspaces:read" } },
    inWorkspace(options, async ({ workspaceId }, _request, reply) => {
      show(reply, workspaceId);
    }),
  );
  app.patch(
    `${path}/:workspace`,
    { config: { scope: "workspaces:write" } },
    inWorkspace(options, change),
  );
};
