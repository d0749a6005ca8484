import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { LedgerGroup, LedgerQuery, LedgerSum } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { hasScope } from "../auth/key-ring.ts";
import { sendError } from "../http/create-server.ts";
import { usdOfPico } from "../money/usd.ts";
import { inWorkspace, sendNotFound } from "./manage-context.ts";
import type { Managed, ManageOptions } from "./manage-context.ts";

const dayMs = 86_400_000;
const intervals: Readonly<Record<string, number>> = { hour: 3_600_000, day: dayMs };
const periods: Readonly<Record<string, number>> = {
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
};
const groups = ["provider", "model", "key", "tag"] as const;
const isGroup = (word: string): word is LedgerGroup => groups.some((group) => group === word);

/** Most intervals that are told at once. */
const mostIntervals = 1000;

type Read<T> = { readonly value: T } | { readonly error: GatewayError };

const wrong = (param: string, message: string): { readonly error: GatewayError } => ({
  error: { code: "invalid_parameter_value", message, param },
});

type UsageParams = {
  readonly by?: string;
  readonly since?: string;
  readonly until?: string;
  readonly interval?: string;
};

/** Times are ISO 8601; the last 30 days where none is named. */
const queryOf = (params: UsageParams, workspaceId: string, nowMs: number): Read<LedgerQuery> => {
  const { by, since, until, interval } = params;
  const untilMs = until === undefined ? nowMs + 1 : Date.parse(until);
  const sinceMs = since === undefined ? untilMs - 30 * dayMs : Date.parse(since);
  if (Number.isNaN(untilMs)) return wrong("until", "until is a time like 2027-01-31T00:00:00Z.");
  if (Number.isNaN(sinceMs)) return wrong("since", "since is a time like 2027-01-31T00:00:00Z.");
  if (sinceMs >= untilMs) return wrong("since", "since must lie before until.");
  if (by !== undefined && !isGroup(by)) return wrong("by", `by is one of ${groups.join(", ")}.`);
  const intervalMs = interval === undefined ? undefined : intervals[interval];
  if (interval !== undefined && intervalMs === undefined) {
    return wrong("interval", `interval is one of ${Object.keys(intervals).join(", ")}.`);
  }
  if (intervalMs !== undefined && (untilMs - sinceMs) / intervalMs > mostIntervals) {
    return wrong("interval", `There would be more than ${mostIntervals} intervals.`);
  }
  return {
    value: {
      workspaceId,
      sinceMs,
      untilMs,
      ...(by === undefined ? {} : { by }),
      ...(intervalMs === undefined ? {} : { intervalMs }),
    },
  };
};

const renderCounts = (sum: Omit<LedgerSum, "group" | "intervalStartMs">) => ({
  request_count: sum.requestCount,
  error_count: sum.errorCount,
  rate_limit_count: sum.rateLimitCount,
  tokens_input: Number(sum.inputTokens),
  tokens_output: Number(sum.outputTokens),
  tokens_total: Number(sum.inputTokens + sum.outputTokens),
  cost_usd: usdOfPico(sum.costPicoUsd),
});

const noUse = {
  requestCount: 0,
  errorCount: 0,
  rateLimitCount: 0,
  inputTokens: 0n,
  outputTokens: 0n,
  costPicoUsd: 0n,
};

/** GET of a workspace's usage, and of one key's (docs/contract.md §21). */
export const addUsageRoutes = (app: FastifyInstance, options: ManageOptions): void => {
  const { stores, clock, docsBaseUrl, buffer } = options;
  const refuse = (reply: FastifyReply, error: GatewayError): void => {
    sendError(reply, error, docsBaseUrl);
  };
  const workspace = async (
    { workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const query = queryOf(request.query as UsageParams, workspaceId, clock.nowMs());
    if ("error" in query) return refuse(reply, query.error);
    const { by, intervalMs } = query.value;
    await buffer.flush();
    const sums = await stores.ledger.sum(query.value);
    void reply.send({
      object: "list",
      data: sums.map(({ group, intervalStartMs, ...counts }) => ({
        ...(by === undefined ? {} : { [by]: group }),
        ...(intervalMs === undefined
          ? {}
          : { interval_start: new Date(intervalStartMs).toISOString() }),
        ...renderCounts(counts),
      })),
      count: sums.length,
    });
  };

  const ofKey = async (
    { principal, workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    if (!hasScope(principal, "keys:read") && !hasScope(principal, "usage:read")) {
      const message = "The key lacks the scopes 'keys:read' and 'usage:read'.";
      return refuse(reply, { code: "insufficient_permissions", message, param: null });
    }
    const { key: keyId } = request.params as { key: string };
    if ((await stores.keys.get(workspaceId, keyId)) === null) return sendNotFound(reply, options);
    const { period = "month" } = request.query as { period?: string };
    const lengthMs = periods[period];
    if (lengthMs === undefined) {
      return refuse(
        reply,
        wrong("period", `period is one of ${Object.keys(periods).join(", ")}.`).error,
      );
    }
    await buffer.flush();
    const untilMs = clock.nowMs() + 1;
    const sinceMs = untilMs - lengthMs;
    const [sum = noUse] = await stores.ledger.sum({ workspaceId, keyId, sinceMs, untilMs });
    void reply.send({
      key_id: keyId,
      workspace_id: workspaceId,
      period,
      start_date: new Date(sinceMs).toISOString(),
      end_date: new Date(untilMs).toISOString(),
      ...renderCounts(sum),
    });
  };

  app.get(
    "/v1/workspaces/:workspace/usage",
    { config: { scope: "usage:read" } },
    inWorkspace(options, workspace),
  );
  app.get(
    "/v1/workspaces/:workspace/api-keys/:key/usage",
    { config: { scope: "any" } },
    inWorkspace(options, ofKey),
  );
};
