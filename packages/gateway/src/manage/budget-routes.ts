import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { BudgetScope } from "@pointsman/core/budget";
import { pageOf as pageOfList } from "@pointsman/store";
import type { Budget, BudgetStatus } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { z } from "zod";
import { sendError } from "../http/create-server.ts";
import { newBudgetId } from "../ids/ids.ts";
import { plainBudgets } from "../money/credits.ts";
import { picoOfUsd, usdOfPico } from "../money/usd.ts";
import { audit, inWorkspace, sendNotFound } from "./manage-context.ts";
import type { Managed, ManageOptions } from "./manage-context.ts";
import { pageOf, renderPage } from "./page.ts";
import { readBody, readChange } from "./read-body.ts";

/** A limit counts in whole micro-USD. */
export const limitUsdSchema: z.ZodNumber = z.number().min(0.000_001).max(9_000_000);

/** Body of the POST. */
export const createBudgetSchema = z.strictObject({
  scope_type: z.enum(["workspace", "api_key", "byok_provider"]),
  period: z.enum(["daily", "weekly", "monthly", "total"]),
  limit_usd: limitUsdSchema,
  enforce: z.boolean().optional(),
  include_byok: z.boolean().optional(),
  scope_id: z.string().min(1).optional(),
  scope_provider: z.string().min(1).optional(),
});

/** Body of the PATCH. */
export const changeBudgetSchema = z.strictObject({
  limit_usd: limitUsdSchema.optional(),
  enforce: z.boolean().optional(),
  include_byok: z.boolean().optional(),
});

const changeable = {
  schema: changeBudgetSchema,
  thing: "budget",
  fixed: new Set([
    "id",
    "workspace_id",
    "scope_type",
    "scope_id",
    "scope_provider",
    "period",
    "spend_usd",
    "reserved_usd",
    "percent_used",
    "period_start",
    "period_end",
    "created_at",
    "updated_at",
  ]),
};

const scopeFields = (scope: BudgetScope): Record<string, unknown> => {
  switch (scope.type) {
    case "api_key":
      return { scope_type: "api_key", scope_id: scope.keyId, include_byok: scope.includeByok };
    case "byok_provider":
      return { scope_type: "byok_provider", scope_provider: scope.provider, include_byok: true };
    case "workspace":
      return { scope_type: "workspace", include_byok: scope.includeByok };
    case "byok":
    case "credits":
      throw new TypeError("not managed as a budget");
  }
};

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** A budget as it is told (docs/contract.md §22). */
const renderBudget = (budget: BudgetStatus): Record<string, unknown> => ({
  id: budget.id,
  workspace_id: budget.workspaceId,
  ...scopeFields(budget.scope),
  period: budget.period,
  limit_usd: usdOfPico(budget.limitPicoUsd),
  enforce: budget.enforce,
  spend_usd: usdOfPico(budget.spentPicoUsd),
  reserved_usd: usdOfPico(budget.heldPicoUsd),
  percent_used:
    budget.limitPicoUsd === 0n
      ? 100
      : Number((budget.spentPicoUsd * 10_000n) / budget.limitPicoUsd) / 100,
  period_start: isoOf(budget.windowStartMs),
  period_end: budget.windowEndMs === null ? null : isoOf(budget.windowEndMs),
  created_at: isoOf(budget.createdAtMs),
  updated_at: isoOf(budget.updatedAtMs),
});

type Asked = z.output<typeof createBudgetSchema>;

const wrong = (param: string, message: string): GatewayError => ({
  code: "invalid_parameter_value",
  message,
  param,
});

const alwaysCountsByok = wrong(
  "include_byok",
  "A budget of a byok_provider counts keys of one's own, and nothing else.",
);

/** Whose spending is counted; an error where the scope lacks its name, or is told another's. */
const scopeOf = (asked: Asked): BudgetScope | GatewayError => {
  const { scope_type: type, scope_id: keyId, scope_provider: provider } = asked;
  const { include_byok: includeByok = false } = asked;
  const missing = (param: string): GatewayError => ({
    code: "missing_required_parameter",
    message: `A budget with scope_type '${type}' needs '${param}'.`,
    param,
  });
  const foreign = (param: string): GatewayError =>
    wrong(param, `A budget with scope_type '${type}' has no '${param}'.`);
  if (keyId !== undefined && type !== "api_key") return foreign("scope_id");
  if (provider !== undefined && type !== "byok_provider") return foreign("scope_provider");
  switch (type) {
    case "workspace":
      return { type, includeByok };
    case "api_key":
      return keyId === undefined ? missing("scope_id") : { type, keyId, includeByok };
    case "byok_provider":
      if (asked.include_byok === false) return alwaysCountsByok;
      return provider === undefined ? missing("scope_provider") : { type, provider };
  }
};

/** GET, POST, PATCH and DELETE of a workspace's budgets (docs/contract.md §21, §22). */
export const addBudgetRoutes = (app: FastifyInstance, options: ManageOptions): void => {
  const { stores, clock, docsBaseUrl, limited } = options;
  const reading = { config: { scope: "budgets:read" } };
  const writing = { config: { scope: "budgets:write" } };
  const making = { config: { scope: "budgets:write", idempotent: true } };
  const path = "/v1/workspaces/:workspace/budgets";
  const refuse = (reply: FastifyReply, error: GatewayError): void => {
    sendError(reply, error, docsBaseUrl);
  };
  const idOf = ({ params }: FastifyRequest): string => (params as { budget: string }).budget;

  const show = async (
    reply: FastifyReply,
    workspaceId: string,
    budgetId: string,
    status = 200,
  ): Promise<void> => {
    const budget = await stores.budgets.get(workspaceId, budgetId, clock.nowMs());
    if (budget === null || plainBudgets([budget]).length === 0) sendNotFound(reply, options);
    else void reply.code(status).send(renderBudget(budget));
  };

  /** What would count nobody's spending, ever. */
  const unknownName = async (
    workspaceId: string,
    scope: BudgetScope,
  ): Promise<GatewayError | null> => {
    if (scope.type === "byok_provider" && !options.isProvider(scope.provider)) {
      return wrong("scope_provider", `There is no provider '${scope.provider}' here.`);
    }
    if (scope.type !== "api_key" || options.isConfiguredKey(workspaceId, scope.keyId)) return null;
    const key = await stores.keys.get(workspaceId, scope.keyId);
    return key === null ? wrong("scope_id", `There is no key '${scope.keyId}' here.`) : null;
  };

  const create = async (
    managed: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const read = readBody(request.body, createBudgetSchema);
    if (!read.ok) return refuse(reply, read.error);
    const { workspaceId } = managed;
    const scope = scopeOf(read.value);
    if ("code" in scope) return refuse(reply, scope);
    const unknown = await unknownName(workspaceId, scope);
    if (unknown !== null) return refuse(reply, unknown);
    const nowMs = clock.nowMs();
    const budget: Budget = {
      id: newBudgetId(),
      workspaceId,
      scope,
      period: read.value.period,
      limitPicoUsd: picoOfUsd(read.value.limit_usd),
      enforce: read.value.enforce ?? true,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    if ((await stores.budgets.create(budget)) === "duplicate") {
      const message = `There is a ${budget.period} budget of this scope already; change that one.`;
      return refuse(reply, { code: "duplicate_resource", message, param: null });
    }
    await limited.look(stores.budgets, workspaceId, clock.nowMs());
    audit(options, "budget.created", { ...managed, id: budget.id });
    await show(reply, workspaceId, budget.id, 201);
  };

  const list = async (
    { workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const page = pageOf(request.query);
    if ("error" in page) return refuse(reply, page.error);
    const budgets = plainBudgets(await stores.budgets.list(workspaceId, clock.nowMs()));
    void reply.send(renderPage(pageOfList(budgets, page), renderBudget));
  };

  const change = async (
    managed: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const read = readChange(request.body, changeable);
    if (!read.ok) return refuse(reply, read.error);
    const { limit_usd, enforce, include_byok } = read.value;
    const { workspaceId } = managed;
    const known = await stores.budgets.get(workspaceId, idOf(request), clock.nowMs());
    if (include_byok === false && known?.scope.type === "byok_provider") {
      return refuse(reply, alwaysCountsByok);
    }
    const found = await stores.budgets.update(workspaceId, idOf(request), {
      ...(limit_usd === undefined ? {} : { limitPicoUsd: picoOfUsd(limit_usd) }),
      ...(enforce === undefined ? {} : { enforce }),
      ...(include_byok === undefined ? {} : { includeByok: include_byok }),
      updatedAtMs: clock.nowMs(),
    });
    if (!found) return sendNotFound(reply, options);
    await limited.look(stores.budgets, workspaceId, clock.nowMs());
    audit(options, "budget.updated", { ...managed, id: idOf(request) });
    await show(reply, workspaceId, idOf(request));
  };

  const remove = async (
    managed: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const id = idOf(request);
    const { workspaceId } = managed;
    if (!(await stores.budgets.delete(workspaceId, id))) return sendNotFound(reply, options);
    await limited.look(stores.budgets, workspaceId, clock.nowMs());
    audit(options, "budget.deleted", { ...managed, id });
    void reply.send({ id, deleted: true });
  };

  app.post(path, making, inWorkspace(options, create));
  app.get(path, reading, inWorkspace(options, list));
  app.get(
    `${path}/:budget`,
    reading,
    inWorkspace(options, ({ workspaceId }, request, reply) =>
      show(reply, workspaceId, idOf(request)),
    ),
  );
  app.patch(`${path}/:budget`, writing, inWorkspace(options, change));
  app.delete(`${path}/:budget`, writing, inWorkspace(options, remove));
};
