import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import type { Engine, ModelDirectory, Purse, WorkspacePlan } from "@pointsman/engine";
import type { Stores } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { sendError } from "../http/create-server.ts";
import { budgetHeaders } from "../money/budget-headers.ts";
import { newHoldId } from "../ids/ids.ts";
import { createPurse } from "../money/purse.ts";
import { createUsageRecord } from "../money/usage-record.ts";
import type { UsageRecord } from "../money/usage-record.ts";
import { takeRate } from "../money/rate-limit.ts";
import { planCaller, rawBodyOf } from "./plan-caller.ts";
import { SurfaceAnswer } from "./surface-answer.ts";
import type { Surface, SurfaceRequest } from "./surface.ts";

/** What every surface works with. */
export type SurfaceRouteOptions = {
  readonly engine: Engine;
  readonly directory: ModelDirectory;
  readonly workspaces: ReadonlyMap<string, WorkspacePlan>;
  /** Where money is kept, and the workspaces that have budgets. */
  readonly money: {
    readonly stores: Stores;
    readonly limited: ReadonlySet<string>;
    readonly recordsUsage: boolean;
  };
  readonly docsBaseUrl: () => string;
  readonly logger: FastifyBaseLogger;
};

/** What the answer says of limits, and what pays it. */
type Terms = {
  readonly headers: readonly string[];
  /** Opens a purse for a request with this tag. @default nothing is paid or recorded */
  readonly open?: (tag: string | null) => Paying;
};

type Paying = { readonly purse: Purse; readonly record: UsageRecord | null };

/** Limits of a key and its budgets; an error where a limit is reached. */
const termsOf = async (
  { principal, id }: FastifyRequest,
  { engine, money, logger }: SurfaceRouteOptions,
): Promise<Terms | { readonly error: GatewayError; readonly headers: readonly string[] }> => {
  if (principal === null) throw new TypeError("an inference request has a key");
  const { stores, limited } = money;
  const { clock } = engine;
  const rate = await takeRate(stores.shared, principal, clock.nowMs());
  if (rate.error !== null) return { error: rate.error, headers: rate.headers };
  const isLimited = limited.has(principal.workspace);
  const budgets = isLimited ? await stores.budgets.list(principal.workspace, clock.nowMs()) : [];
  const headers = [...rate.headers, ...budgetHeaders(budgets, principal.keyId)];
  if (!isLimited && !money.recordsUsage) return { headers };
  // A caller may choose the id of its request, and choose it twice.
  const common = { clock, principal, requestId: id, name: newHoldId() };
  const onLost = (error: unknown): void => {
    logger.error({ requestId: id, err: error }, "money could not be booked");
  };
  const open = (tag: string | null): Paying => {
    const record = money.recordsUsage
      ? createUsageRecord({ ...common, ledger: stores.ledger, tag, onLost })
      : null;
    const purse = createPurse({
      ...common,
      budgets: isLimited ? stores.budgets : null,
      record,
      onLost,
    });
    return { purse, record };
  };
  return { headers, open };
};

const noTerms: Terms = { headers: [] };

/** Handles the inference requests of one surface. */
export const createSurfaceHandler =
  (surface: Surface, options: SurfaceRouteOptions) =>
  (request: FastifyRequest, reply: FastifyReply): void => {
    const { money } = options;
    const { principal } = request;
    const isLimited =
      principal !== null &&
      (money.recordsUsage ||
        principal.rateLimitRpm !== null ||
        money.limited.has(principal.workspace));
    // Most are not, and go on in the same turn.
    if (!isLimited) return answer(surface, options, { request, reply, terms: noTerms });
    void answerOnTerms(surface, options, { request, reply });
  };

const answerOnTerms = async (
  surface: Surface,
  options: SurfaceRouteOptions,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<void> => {
  const { docsBaseUrl, logger } = options;
  try {
    const terms = await termsOf(request, options);
    if (!("error" in terms)) return answer(surface, options, { request, reply, terms });
    setHeaders(reply, terms.headers);
    sendError(reply, terms.error, docsBaseUrl);
  } catch (error) {
    logger.error({ requestId: request.id, err: error }, "limits could not be read");
    const message = "Limits cannot be read.";
    sendError(reply, { code: "service_unavailable", message, param: null }, docsBaseUrl);
  }
};

const setHeaders = (reply: FastifyReply, headers: readonly string[]): void => {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    void reply.header(headers[at] ?? "", headers[at + 1]);
  }
};

const answer = (
  surface: Surface,
  options: SurfaceRouteOptions,
  { request, reply, terms }: { request: FastifyRequest; reply: FastifyReply; terms: Terms },
): void => {
  const { engine, docsBaseUrl, logger } = options;
  const body = rawBodyOf(request);
  const read: SurfaceRequest = body.ok ? surface.read(body.raw, request.headers) : body;
  if (!read.ok) {
    setHeaders(reply, terms.headers);
    sendError(reply, read.error, docsBaseUrl);
    return;
  }
  const { caller } = read;
  const planned = planCaller(caller, request, options);
  if (!planned.ok) {
    setHeaders(reply, terms.headers);
    sendError(reply, planned.error, docsBaseUrl);
    return;
  }
  const { plan } = planned;
  const paying = terms.open?.(caller.outline.gateway?.metadata?.tags?.[0] ?? null);
  reply.hijack();
  const sink = new SurfaceAnswer({
    surface,
    writer: read.writer,
    response: reply.raw,
    clock: engine.clock,
    requestId: request.id,
    stream: plan.routing.stream,
    excludeReasoning: caller.outline.excludeReasoning,
    legacyFunctions: caller.outline.legacyFunctions,
    docsBaseUrl,
    headers: terms.headers,
    onLeft: () => {
      paying?.record?.failed("error");
    },
    onError: (error) => {
      const { code, provider, message } = error;
      paying?.record?.failed(code === "rate_limit_exceeded" ? "rate_limited" : "error");
      logger.warn({ requestId: request.id, code, provider }, message);
    },
  });
  sink.attach(
    engine.run(
      {
        caller,
        routing: plan.routing,
        timeoutMs: plan.timeoutMs,
        deadlineMs: plan.deadlineMs,
        conduct: plan.conduct,
        ...(paying === undefined ? {} : { purse: paying.purse }),
        receivedAtMs: request.receivedAtMs,
        losses: [...read.losses, ...plan.losses],
      },
      sink,
    ),
  );
};
