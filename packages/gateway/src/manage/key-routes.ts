import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ApiKey } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { z } from "zod";
import { digestOfKey, hasScope, prefixOfKey } from "../auth/key-ring.ts";
import { keyScopes } from "../config/key-schema.ts";
import { sendError } from "../http/create-server.ts";
import { newBudgetId, newKey } from "../ids/ids.ts";
import { picoOfUsd } from "../money/usd.ts";
import { limitUsdSchema } from "./budget-routes.ts";
import { audit, inWorkspace, sendNotFound } from "./manage-context.ts";
import type { Managed, ManageOptions } from "./manage-context.ts";
import { pageOf, renderPage } from "./page.ts";
import { readBody, readChange } from "./read-body.ts";

const name = z.string().min(1).max(255);
const rpm = z.int().positive().nullable();
const time = z.iso.datetime({ offset: true }).nullable();

/** Body of the POST. */
export const createKeySchema = z.strictObject({
  name,
  key_type: z.literal("api").optional(),
  scopes: z.array(z.enum(keyScopes)).min(1).optional(),
  rate_limit_rpm: rpm.optional(),
  expires_at: time.optional(),
  budget: z
    .strictObject({
      limit_usd: limitUsdSchema,
      enforce: z.boolean(),
      include_byok: z.boolean(),
      period: z.enum(["daily", "weekly", "monthly", "total"]).optional(),
    })
    .optional(),
});

/** Body of the PATCH. */
export const changeKeySchema = z.strictObject({
  name: name.optional(),
  rate_limit_rpm: rpm.optional(),
  expires_at: time.optional(),
  is_active: z.boolean().optional(),
});

const changeable = {
  schema: changeKeySchema,
  thing: "key",
  fixed: new Set([
    "id",
    "workspace_id",
    "key_type",
    "key_prefix",
    "api_key",
    "scopes",
    "budget",
    "created_at",
    "last_used_at",
    "created_by_key_id",
  ]),
};

const isoOf = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString();
const msOf = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

/** A key as it is told; its text only where it was just made. */
const renderKey = (key: ApiKey): Record<string, unknown> => ({
  id: key.id,
  workspace_id: key.workspaceId,
  name: key.name,
  key_prefix: key.keyPrefix,
  scopes: key.scopes,
  is_active: key.isActive,
  created_at: isoOf(key.createdAtMs),
  rate_limit_rpm: key.rateLimitRpm,
  expires_at: isoOf(key.expiresAtMs),
  last_used_at: isoOf(key.lastUsedAtMs),
  created_by_key_id: key.createdByKeyId,
});

/** GET, POST, PATCH and DELETE of a workspace's keys (docs/contract.md §21). */
export const addKeyRoutes = (app: FastifyInstance, options: ManageOptions): void => {
  const { stores, clock, docsBaseUrl, limited } = options;
  const reading = { config: { scope: "keys:read" } };
  const writing = { config: { scope: "keys:write" } };
  const path = "/v1/workspaces/:workspace/api-keys";
  const refuse = (reply: FastifyReply, error: GatewayError): void => {
    sendError(reply, error, docsBaseUrl);
  };
  const keyIdOf = ({ params }: FastifyRequest): string => (params as { key: string }).key;

  const create = async (
    { principal, workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const read = readBody(request.body, createKeySchema);
    if (!read.ok) return refuse(reply, read.error);
    const { value } = read;
    const scopes = value.scopes ?? ["inference"];
    if (!hasScope(principal, "admin") && scopes.some((scope) => scope !== "inference")) {
      const message = "An API key can make keys for inference only; an admin key any.";
      return refuse(reply, { code: "insufficient_permissions", message, param: "scopes" });
    }
    const secret = newKey();
    const nowMs = clock.nowMs();
    const key: ApiKey = {
      id: randomUUID(),
      workspaceId,
      name: value.name,
      keyHash: digestOfKey(secret),
      keyPrefix: prefixOfKey(secret),
      scopes,
      isActive: true,
      rateLimitRpm: value.rate_limit_rpm ?? null,
      expiresAtMs: msOf(value.expires_at ?? null),
      models: [],
      providers: [],
      createdAtMs: nowMs,
      createdByKeyId: principal.keyId,
      lastUsedAtMs: null,
    };
    await stores.keys.create(key);
    const { budget } = value;
    if (budget !== undefined) {
      await stores.budgets.create({
        id: newBudgetId(),
        workspaceId,
        scope: { type: "api_key", keyId: key.id, includeByok: budget.include_byok },
        period: budget.period ?? "monthly",
        limitPicoUsd: picoOfUsd(budget.limit_usd),
        enforce: budget.enforce,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      });
      await limited.look(stores.budgets, workspaceId, clock.nowMs());
    }
    audit(options, "api_key.created", { principal, workspaceId, id: key.id });
    void reply.code(201).send({ ...renderKey(key), api_key: secret });
  };

  const list = async (
    { workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const page = pageOf(request.query);
    if ("error" in page) return refuse(reply, page.error);
    const { items, hasMore } = await stores.keys.list(workspaceId, page);
    void reply.send(renderPage({ items, hasMore }, renderKey));
  };

  const get = async (
    { workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const key = await stores.keys.get(workspaceId, keyIdOf(request));
    if (key === null) sendNotFound(reply, options);
    else void reply.send(renderKey(key));
  };

  const change = async (
    managed: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const read = readChange(request.body, changeable);
    if (!read.ok) return refuse(reply, read.error);
    const { name: newName, rate_limit_rpm, expires_at, is_active } = read.value;
    const key = await stores.keys.update(managed.workspaceId, keyIdOf(request), {
      ...(newName === undefined ? {} : { name: newName }),
      ...(rate_limit_rpm === undefined ? {} : { rateLimitRpm: rate_limit_rpm }),
      ...(expires_at === undefined ? {} : { expiresAtMs: msOf(expires_at) }),
      ...(is_active === undefined ? {} : { isActive: is_active }),
    });
    if (key === null) return sendNotFound(reply, options);
    audit(options, "api_key.updated", { ...managed, id: key.id });
    void reply.send(renderKey(key));
  };

  const revoke = async (
    { principal, workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const id = keyIdOf(request);
    if (id === principal.keyId) {
      const message = "A key cannot revoke itself; use another one.";
      return refuse(reply, { code: "operation_not_allowed", message, param: null });
    }
    if (!(await stores.keys.delete(workspaceId, id))) return sendNotFound(reply, options);
    audit(options, "api_key.revoked", { principal, workspaceId, id });
    void reply.send({ id, deleted: true });
  };

  app.post(path, writing, inWorkspace(options, create));
  app.get(path, reading, inWorkspace(options, list));
  app.get(`${path}/:key`, reading, inWorkspace(options, get));
  app.patch(`${path}/:key`, writing, inWorkspace(options, change));
  app.delete(`${path}/:key`, writing, inWorkspace(options, revoke));
};
