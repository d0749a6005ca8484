import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ByokKeyRecord, RecordChange } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { z } from "zod";
import { prefixOfKey } from "../auth/key-ring.ts";
import { sendError } from "../http/create-server.ts";
import { newByokKeyId } from "../ids/ids.ts";
import { audit, inWorkspace, sendNotFound } from "../manage/manage-context.ts";
import type { Managed, ManageOptions } from "../manage/manage-context.ts";
import { pageOf, renderPage } from "../manage/page.ts";
import { readBody, readChange } from "../manage/read-body.ts";
import { everyItem } from "../workspaces/workspace-book.ts";
import type { ByokProvider } from "./byok-providers.ts";
import type { Sealer } from "./sealer.ts";

const name = z.string().min(1).max(100);
const tier = z.string().min(1);

/** Body of POST W/byok-keys. */
export const createByokKeySchema = z.strictObject({
  provider: z.string().min(1),
  api_key: z.string().min(10).max(1000),
  name: name.optional(),
  is_default: z.boolean().optional(),
  account_tier: tier.optional(),
});

/** Body of PATCH W/byok-keys/{id}. */
export const changeByokKeySchema = z.strictObject({
  name: name.optional(),
  is_default: z.boolean().optional(),
  disabled: z.boolean().optional(),
  account_tier: tier.nullable().optional(),
});

const changeable = {
  schema: changeByokKeySchema,
  thing: "provider key",
  fixed: new Set([
    "id",
    "workspace_id",
    "provider",
    "api_key",
    "key_prefix",
    "validation_status",
    "tier_source",
    "last_validated_at",
    "created_at",
    "updated_at",
  ]),
};

export type ByokOptions = {
  /** `null` = no secret is set, and keys can be neither kept nor used. */
  readonly sealer: Sealer | null;
  readonly providers: ReadonlyMap<string, ByokProvider>;
};

const isoOf = (ms: number): string => new Date(ms).toISOString();

const renderKey = (key: ByokKeyRecord): Readonly<Record<string, unknown>> => ({
  id: key.id,
  workspace_id: key.workspaceId,
  provider: key.provider,
  name: key.name,
  key_prefix: key.keyPrefix,
  is_default: key.isDefault,
  disabled: key.disabled,
  validation_status: key.validationStatus,
  account_tier: key.accountTier,
  tier_source: key.tierSource,
  last_validated_at: key.lastValidatedAtMs === null ? null : isoOf(key.lastValidatedAtMs),
  created_at: isoOf(key.createdAtMs),
  updated_at: isoOf(key.updatedAtMs),
});

const switchedOff: GatewayError = {
  code: "feature_disabled",
  message: "Provider keys of one's own are off: the operator sets POINTSMAN_SECRET_KEY.",
  param: null,
};

const wrong = (param: string, message: string): GatewayError => ({
  code: "invalid_parameter_value",
  message,
  param,
});

const unknownTier = ({ displayName, tiers }: ByokProvider, asked: string): GatewayError => {
  const names = tiers.map((one) => one.tier).join(", ");
  return wrong("account_tier", `${displayName} has the tiers ${names}, not '${asked}'.`);
};

/** A key that its provider does not take, or did not say of. */
const checkFault = (
  { id, displayName }: ByokProvider,
  said: "refused" | "unreachable",
): GatewayError =>
  said === "refused"
    ? wrong("api_key", `${displayName} refuses this key.`)
    : {
        code: "upstream_error",
        message: `${displayName} could not be asked whether it takes the key; nothing was saved.`,
        param: null,
        provider: id,
      };

/** W/byok-keys: a workspace's own accounts at providers (docs/contract.md §21, §24). */
export const addByokRoutes = (
  app: FastifyInstance,
  options: ManageOptions,
  { sealer, providers }: ByokOptions,
): void => {
  const { stores, clock, docsBaseUrl, book, logger } = options;
  const { byokKeys } = stores;
  const path = "/v1/workspaces/:workspace/byok-keys";
  const reading = { config: { scope: "byok:read" } };
  const writing = { config: { scope: "byok:write" } };
  const refuse = (reply: FastifyReply, error: GatewayError): void => {
    sendError(reply, error, docsBaseUrl);
  };
  const idOf = ({ params }: FastifyRequest): string => (params as { byok: string }).byok;
  const told = (event: string, { principal, workspaceId }: Managed, id: string): void => {
    audit(options, event, { principal, workspaceId, id });
  };

  /** One key per provider is the default. */
  const dethrone = async (workspaceId: string, crowned: ByokKeyRecord): Promise<void> => {
    const keys = await everyItem((after) => byokKeys.list(workspaceId, { limit: 100, after }));
    for (const { id, provider, isDefault } of keys) {
      if (id === crowned.id || provider !== crowned.provider || !isDefault) continue;
      await byokKeys.update(workspaceId, id, { isDefault: false, updatedAtMs: clock.nowMs() });
    }
  };

  /** Puts a key that was saved to use; `false` = the store gave way, and the next refresh does it. */
  const spread = async (key: ByokKeyRecord): Promise<boolean> => {
    try {
      if (key.isDefault) await dethrone(key.workspaceId, key);
      await book.accountsChanged(key.workspaceId);
      return true;
    } catch (error) {
      logger.error({ err: error, byokKeyId: key.id }, "a provider key is not in use yet");
      return false;
    }
  };

  const create = async (
    managed: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    if (sealer === null) return refuse(reply, switchedOff);
    const read = readBody(request.body, createByokKeySchema);
    if (!read.ok) return refuse(reply, read.error);
    const { api_key: apiKey, account_tier: asked, is_default: isDefault = false } = read.value;
    const provider = providers.get(read.value.provider);
    if (provider === undefined) {
      const message = `There is no provider '${read.value.provider}' here; there are ${[...providers.keys()].join(", ")}.`;
      return refuse(reply, wrong("provider", message));
    }
    const known = provider.tiers.some((one) => one.tier === asked);
    if (asked !== undefined && !known) return refuse(reply, unknownTier(provider, asked));
    const said = await provider.checkKey(apiKey);
    if (said !== "valid") return refuse(reply, checkFault(provider, said));
    const { workspaceId } = managed;
    const id = newByokKeyId();
    const nowMs = clock.nowMs();
    const key: ByokKeyRecord = {
      id,
      workspaceId,
      uniqueName: null,
      createdAtMs: nowMs,
      provider: provider.id,
      name: read.value.name ?? `${provider.displayName} Key`,
      keyPrefix: prefixOfKey(apiKey),
      sealedKey: sealer.seal(workspaceId, id, apiKey),
      isDefault,
      disabled: false,
      validationStatus: "valid",
      accountTier: asked ?? provider.tiers[0].tier,
      tierSource: asked === undefined ? "fallback" : "user_specified",
      lastValidatedAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    await byokKeys.create(key);
    const isInUse = await spread(key);
    told("byok_key.created", managed, id);
    if (isInUse) void reply.code(201).send(renderKey(key));
    else void reply.code(202).send({ ...renderKey(key), propagation_status: "pending" });
  };

  const list = async (
    { workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const page = pageOf(request.query);
    if ("error" in page) return refuse(reply, page.error);
    void reply.send(renderPage(await byokKeys.list(workspaceId, page), renderKey));
  };

  const get = async (
    { workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const key = await byokKeys.get(workspaceId, idOf(request));
    if (key === null) sendNotFound(reply, options);
    else void reply.send(renderKey(key));
  };

  const save = async (
    managed: Managed,
    id: string,
    change: RecordChange<ByokKeyRecord>,
    reply: FastifyReply,
  ): Promise<void> => {
    const { workspaceId } = managed;
    const key = await byokKeys.update(workspaceId, id, { ...change, updatedAtMs: clock.nowMs() });
    if (key === null) return sendNotFound(reply, options);
    if (change.isDefault === true) await dethrone(workspaceId, key);
    await book.accountsChanged(workspaceId);
    told("byok_key.updated", managed, id);
    void reply.send(renderKey(key));
  };

  const change = async (
    managed: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const read = readChange(request.body, changeable);
    if (!read.ok) return refuse(reply, read.error);
    const id = idOf(request);
    const key = await byokKeys.get(managed.workspaceId, id);
    if (key === null) return sendNotFound(reply, options);
    const { name: newName, is_default, disabled, account_tier: asked } = read.value;
    const provider = providers.get(key.provider);
    const known = provider?.tiers.some((one) => one.tier === asked) ?? true;
    if (typeof asked === "string" && !known && provider !== undefined) {
      return refuse(reply, unknownTier(provider, asked));
    }
    await save(
      managed,
      id,
      {
        ...(newName === undefined ? {} : { name: newName }),
        ...(is_default === undefined ? {} : { isDefault: is_default }),
        ...(disabled === undefined ? {} : { disabled }),
        ...(asked === undefined
          ? {}
          : {
              accountTier: asked ?? provider?.tiers[0].tier ?? null,
              tierSource: asked === null ? "fallback" : "user_specified",
            }),
      },
      reply,
    );
  };

  const validate = async (
    managed: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    if (sealer === null) return refuse(reply, switchedOff);
    const id = idOf(request);
    const { workspaceId } = managed;
    const key = await byokKeys.get(workspaceId, id);
    if (key === null) return sendNotFound(reply, options);
    if (key.disabled) {
      const message = "The key is switched off: set disabled to false first.";
      return refuse(reply, { code: "state_precondition_failed", message, param: null });
    }
    const provider = providers.get(key.provider);
    const apiKey = sealer.open(workspaceId, id, key.sealedKey);
    const said = (await provider?.checkKey(apiKey)) ?? "unreachable";
    const status = { valid: "valid", refused: "invalid", unreachable: "error" } as const;
    await save(
      managed,
      id,
      { validationStatus: status[said], lastValidatedAtMs: clock.nowMs() },
      reply,
    );
  };

  const remove = async (
    managed: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const id = idOf(request);
    if (!(await byokKeys.delete(managed.workspaceId, id))) return sendNotFound(reply, options);
    await book.accountsChanged(managed.workspaceId);
    told("byok_key.deleted", managed, id);
    void reply.send({ id, deleted: true });
  };

  app.post(
    path,
    { config: { scope: "byok:write", idempotent: true } },
    inWorkspace(options, create),
  );
  app.get(path, reading, inWorkspace(options, list));
  app.get(`${path}/:byok`, reading, inWorkspace(options, get));
  app.patch(`${path}/:byok`, writing, inWorkspace(options, change));
  app.delete(`${path}/:byok`, writing, inWorkspace(options, remove));
  app.post(`${path}/:byok/validate`, writing, inWorkspace(options, validate));
};

/** GET /v1/byok/providers and the tiers of one: open to all (docs/contract.md §21). */
export const addByokDiscovery = (
  app: FastifyInstance,
  { providers, docsBaseUrl }: ByokDiscoveryOptions,
): void => {
  app.get("/v1/byok/providers", async () => {
    const data = [...providers.values()].map(({ id, displayName, tiers, dataPolicy }) => ({
      provider: id,
      display_name: displayName,
      default_tier: tiers[0].tier,
      data_policy: tiers[0].dataPolicy ?? dataPolicy,
    }));
    return { object: "list", data, count: data.length };
  });
  app.get("/v1/byok/providers/:provider/tiers", async (request, reply) => {
    const { provider: id } = request.params as { provider: string };
    const provider = providers.get(id);
    if (provider === undefined) {
      const message = `There is no provider '${id}' here.`;
      sendError(reply, { code: "resource_not_found", message, param: null }, docsBaseUrl);
      return reply;
    }
    const data = provider.tiers.map((one) => ({
      tier: one.tier,
      display_name: one.displayName,
      qualification: one.qualification,
      data_policy: one.dataPolicy ?? provider.dataPolicy,
    }));
    return reply.send({ object: "list", provider: id, data, count: data.length });
  });
};

type ByokDiscoveryOptions = Pick<ByokOptions, "providers"> & {
  readonly docsBaseUrl: () => string;
};
