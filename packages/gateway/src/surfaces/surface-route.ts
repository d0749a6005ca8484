import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import type { AnsweredReport, Engine, ModelDirectory, Purse, RunReport } from "@pointsman/engine";
import type { Stores } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { sendError } from "../http/create-server.ts";
import { setHeaders } from "../http/set-headers.ts";
import { budgetHeaders } from "../money/budget-headers.ts";
import { newDecisionId, newHoldId } from "../ids/ids.ts";
import { claimKey } from "../manage/idempotency.ts";
import { asksToExplain, explanationsAreOff } from "../route/explain-switch.ts";
import { renderAnswered } from "../route/render-explanation.ts";
import { sourcesOf } from "../route/sources.ts";
import type { LimitedWorkspaces } from "../money/limited-workspaces.ts";
import { createPurse } from "../money/purse.ts";
import type { LedgerBuffer } from "../money/ledger-buffer.ts";
import { createUsageRecord } from "../money/usage-record.ts";
import type { UsageRecord } from "../money/usage-record.ts";
import { takeRate, unlimited } from "../money/rate-limit.ts";
import type { Workspace, WorkspaceBook } from "../workspaces/workspace-book.ts";
import type { FinishedListener } from "../watch/finished-request.ts";
import { planCaller, rawBodyOf } from "./plan-caller.ts";
import { SurfaceAnswer } from "./surface-answer.ts";
import type { Surface, SurfaceRequest } from "./surface.ts";

/** What every surface works with. */
export type SurfaceRouteOptions = {
  readonly engine: Engine;
  readonly directory: ModelDirectory;
  readonly book: WorkspaceBook;
  /** Where money is kept, and the workspaces that have budgets. */
  readonly money: {
    readonly stores: Stores;
    readonly limited: LimitedWorkspaces;
    /** Whether calls that an enforced budget limits are refused while the store is out of reach. */
    readonly refusesWithoutStore: boolean;
    readonly buffer: LedgerBuffer;
  };
  /** Hears of every request that was planned, once it is over. */
  readonly onFinished: FinishedListener;
  /** A provider refused a key of a workspace's own. */
  readonly onOwnKeyRefused: (workspaceId: string, keyId: string) => void;
  /** Whether callers may ask why a decision fell as it did. */
  readonly explains: boolean;
  readonly docsBaseUrl: () => string;
  readonly logger: FastifyBaseLogger;
};

/** What the answer says of limits, and what pays it. */
type Terms = {
  readonly headers: readonly string[];
  /** Opens the books for a request with this tag. */
  readonly open: (tag: string | null) => Paying;
  /** Of a request with an idempotency key. */
  readonly claim?: ClaimEnd;
};

/** How the claim of an idempotency key ends: no answer is kept (docs/contract.md §29). */
type ClaimEnd = { readonly finish: () => void; readonly release: () => void };

type Paying = { readonly purse: Purse | null; readonly record: UsageRecord };

/** Limits of a key and its budgets; an error where a limit is reached. */
const termsOf = async (
  request: FastifyRequest,
  options: SurfaceRouteOptions,
): Promise<Terms | { readonly error: GatewayError; readonly headers: readonly string[] }> => {
  const { principal, id } = request;
  const { engine, money, logger } = options;
  if (principal === null) throw new TypeError("an inference request has a key");
  const { stores, limited } = money;
  const { clock } = engine;
  const onLost = (error: unknown): void => {
    logger.error({ requestId: id, err: error }, "money could not be booked");
  };
  const isClosed = money.refusesWithoutStore && limited.isEnforced(principal.workspace);
  const unlessClosed =
    <T>(otherwise: T) =>
    (error: unknown): T => {
      if (isClosed) throw error;
      onLost(error);
      return otherwise;
    };
  const rate = await takeRate(stores.shared, principal, clock.nowMs()).catch(
    unlessClosed(unlimited),
  );
  if (rate.error !== null) return { error: rate.error, headers: rate.headers };
  const isLimited = limited.has(principal.workspace);
  const budgets = isLimited
    ? await stores.budgets.list(principal.workspace, clock.nowMs()).catch(unlessClosed([]))
    : [];
  const headers = [...rate.headers, ...budgetHeaders(budgets, principal.keyId)];
  if (!isLimited) return { ...recordingTerms(request, options), headers };
  // A caller may choose the id of its request, and choose it twice.
  const common = { clock, principal, requestId: id, name: newHoldId(clock.nowMs()) };
  const open = (tag: string | null): Paying => {
    const { ledger, budgets: store } = stores;
    const { buffer } = money;
    const record = createUsageRecord({ ...common, ledger, buffer, isPaid: true, tag, onLost });
    const paid = { ...common, tag, budgets: store, refusesWithoutStore: isClosed, record, onLost };
    return { purse: createPurse(paid), record };
  };
  return { headers, open };
};

/** Longest that an answer takes, ms: then its process is gone. */
const answerLeaseMs = 60 * 60_000;

/** What the request's idempotency key claims; `null` = it has none. */
const claimOf = async (
  request: FastifyRequest,
  { engine, money, logger }: SurfaceRouteOptions,
): Promise<ClaimEnd | { readonly error: GatewayError } | null> => {
  const { principal } = request;
  if (principal === null) throw new TypeError("an inference request has a key");
  const store = money.stores.idempotency;
  const at = { principal, nowMs: engine.clock.nowMs(), leaseMs: answerLeaseMs };
  const claimed = await claimKey(store, request, at);
  if (claimed === null) return null;
  if (claimed.status === "refused") return { error: claimed.error };
  if (claimed.status === "finished") {
    const message = "This Idempotency-Key was used, and answers are not kept; take a fresh one.";
    return { error: { code: "idempotency_replay_unavailable", message, param: null } };
  }
  const { claim } = claimed;
  const lost = (error: unknown): void => {
    logger.error({ requestId: request.id, err: error }, "an idempotency key could not be noted");
  };
  return {
    finish: () => {
      store.finish({ ...claim, answer: null }).catch(lost);
    },
    release: () => {
      store.release(claim).catch(lost);
    },
  };
};

/** Marks own keys that their provider no longer takes. */
const tellRefusedKeys = (
  { attempts }: RunReport,
  workspace: Workspace,
  { onOwnKeyRefused }: SurfaceRouteOptions,
): void => {
  for (const { outcome, candidate } of attempts) {
    if (outcome !== "auth_error" || candidate.credential.owner !== "byok") continue;
    const { id } = candidate.credential;
    const own = workspace.own.find(({ account }) => account.credential.id === id);
    if (own !== undefined) onOwnKeyRefused(workspace.id, own.keyId);
  }
};

/** What is used is recorded, beside the answer: nothing limits it. */
const recordingTerms = (
  { principal, id }: FastifyRequest,
  { engine, money, logger }: SurfaceRouteOptions,
): Terms => {
  if (principal === null) throw new TypeError("an inference request has a key");
  const open = (tag: string | null): Paying => ({
    purse: null,
    record: createUsageRecord({
      clock: engine.clock,
      principal,
      requestId: id,
      name: newHoldId(engine.clock.nowMs()),
      ledger: money.stores.ledger,
      buffer: money.buffer,
      isPaid: false,
      tag,
      onLost: (error) => {
        logger.error({ requestId: id, err: error }, "usage could not be recorded");
      },
    }),
  });
  return { headers: [], open };
};

/** Handles the inference requests of one surface. */
export const createSurfaceHandler =
  (surface: Surface, options: SurfaceRouteOptions) =>
  (request: FastifyRequest, reply: FastifyReply): void => {
    const { money } = options;
    const { principal } = request;
    const isLimited =
      principal !== null &&
      (principal.rateLimitRpm !== null ||
        request.headers["idempotency-key"] !== undefined ||
        money.limited.has(principal.workspace));
    // Most are not, and go on in the same turn.
    if (!isLimited) {
      const terms = recordingTerms(request, options);
      return answer(surface, options, { request, reply, terms });
    }
    void answerOnTerms(surface, options, { request, reply });
  };

const answerOnTerms = async (
  surface: Surface,
  options: SurfaceRouteOptions,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<void> => {
  const { docsBaseUrl, logger } = options;
  try {
    // Before the claim: a repeat counts against the limit, and is told how it stands.
    const terms = await termsOf(request, options);
    const refuse = (error: GatewayError): void => {
      setHeaders(reply, terms.headers);
      sendError(reply, error, docsBaseUrl);
    };
    if ("error" in terms) return refuse(terms.error);
    const claim = await claimOf(request, options);
    if (claim !== null && "error" in claim) return refuse(claim.error);
    const claimed = claim === null ? terms : { ...terms, claim };
    answer(surface, options, { request, reply, terms: claimed });
  } catch (error) {
    logger.error({ requestId: request.id, err: error }, "limits could not be read");
    const message = "Limits cannot be read.";
    sendError(reply, { code: "service_unavailable", message, param: null }, docsBaseUrl);
  }
};

const answer = (
  surface: Surface,
  options: SurfaceRouteOptions,
  { request, reply, terms }: { request: FastifyRequest; reply: FastifyReply; terms: Terms },
): void => {
  const { engine, docsBaseUrl, logger } = options;
  const refuse = (error: GatewayError): void => {
    terms.claim?.release();
    setHeaders(reply, terms.headers);
    sendError(reply, error, docsBaseUrl);
  };
  const body = rawBodyOf(request);
  const read: SurfaceRequest = body.ok ? surface.read(body.raw, request.headers) : body;
  if (!read.ok) {
    refuse(read.error);
    return;
  }
  const { caller } = read;
  const planned = planCaller(caller, request, options);
  if (!planned.ok) {
    refuse(planned.error);
    return;
  }
  const { plan } = planned;
  const decisionId = newDecisionId();
  const explain = asksToExplain(request.headers, caller);
  if (explain && !options.explains) {
    refuse(explanationsAreOff);
    return;
  }
  const explained = (report: AnsweredReport): Readonly<Record<string, unknown>> =>
    renderAnswered(report, {
      decisionId,
      sources: sourcesOf(plan, caller, planned.workspace.plan),
    });
  const tell = (outcome: string, report: RunReport | null): void => {
    options.onFinished({
      requestId: request.id,
      decisionId,
      atMs: engine.clock.nowMs(),
      workspaceId: planned.workspace.id,
      keyId: request.principal?.keyId ?? "",
      tags: caller.outline.gateway?.metadata?.tags ?? [],
      endpoint: surface.endpoint,
      stream: plan.routing.stream,
      outcome,
      durationMs: engine.clock.monotonicMs() - request.receivedAtMs,
      report,
    });
  };
  const paying = terms.open(caller.outline.gateway?.metadata?.tags?.[0] ?? null);
  reply.hijack();
  const sink = new SurfaceAnswer({
    surface,
    writer: read.writer,
    response: reply.raw,
    clock: engine.clock,
    requestId: request.id,
    stream: plan.routing.stream,
    decisionId,
    ...(explain ? { explain: explained } : {}),
    excludeReasoning: caller.outline.excludeReasoning,
    legacyFunctions: caller.outline.legacyFunctions,
    docsBaseUrl,
    headers: terms.headers,
    onLeft: (report) => {
      tell("client_disconnected", report);
      paying.record.finished("error", report);
      terms.claim?.release();
    },
    onEnd: (error, report) => {
      if (report !== null) tellRefusedKeys(report, planned.workspace, options);
      tell(error?.code ?? "success", report);
      if (error === null) {
        paying.record.finished("success", report);
        terms.claim?.finish();
        return;
      }
      const { code, provider, param } = error;
      terms.claim?.release();
      const isRate = code === "rate_limit_exceeded";
      paying.record.finished(isRate ? "rate_limited" : "error", report);
      // Not its message: that may be a provider's, who repeats what it was sent.
      logger.warn({ requestId: request.id, code, provider, param }, "a request failed");
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
        ownAccounts: planned.workspace.ownAccounts,
        ...(explain ? { explain } : {}),
        ...(paying.purse ? { purse: paying.purse } : {}),
        receivedAtMs: request.receivedAtMs,
        losses: [...read.losses, ...plan.losses],
      },
      sink,
    ),
  );
};
