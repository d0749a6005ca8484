import { costOf, decide, estimatePromptTokens, observe, react, usdFromPico } from "@pointsman/core";
import type {
  AttemptRecord,
  Candidate,
  OutcomeKind,
  RouterState,
  RoutingRequest,
  Usage,
} from "@pointsman/core";

/** How a call of one candidate ended. */
export type Ended<Answer> = {
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly usage: Usage | null;
  /** What the caller gets; `null` = nothing it could be given. */
  readonly answer: Answer | null;
};

export type Routed<Answer> = {
  /** The last attempt's; `null` if none had one. */
  readonly answer: Answer | null;
  /** What ended the request without success; `null` = it succeeded. */
  readonly failure: string | null;
  readonly provider: string | null;
  /** Exact cost of the successful call, USD; `null` = unknown. */
  readonly costUsd: number | null;
  /** One word an attempt: `acme: server_error`. */
  readonly attempts: readonly string[];
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls one candidate and tells the state of it. */
const attempt = async <Answer>(
  state: RouterState,
  request: RoutingRequest,
  candidate: Candidate,
  call: (candidate: Candidate) => Promise<Ended<Answer>>,
): Promise<Ended<Answer> & { readonly durationMs: number }> => {
  const { workspace, prefix, prompt, stream } = request;
  const startedMs = Date.now();
  const who = {
    offeringId: candidate.offering.id,
    credentialId: candidate.credential.id,
    workspace,
    prefix,
  };
  const promptTokens = estimatePromptTokens(state, candidate.offering.model, prompt).tokens;
  observe(state, { type: "attempt_started", nowMs: startedMs, promptTokens, ...who });
  const ended = await call(candidate);
  const nowMs = Date.now();
  const durationMs = nowMs - startedMs;
  const { outcome, usage, retryAfterMs } = ended;
  observe(state, {
    type: "attempt_ended",
    nowMs,
    ...who,
    outcome,
    stream,
    ttftMs: null,
    totalMs: durationMs,
    usage,
    promptBytes: prompt.bytes,
    retryAfterMs,
  });
  return { ...ended, durationMs };
};

/**
 * All there is to embedding core: tell it of the request, let it decide, call the first candidate, and
 * after a failure do as it says. `call` is the only part that knows a provider's wire.
 */
export const route = async <Answer>(
  state: RouterState,
  request: RoutingRequest,
  call: (candidate: Candidate) => Promise<Ended<Answer>>,
): Promise<Routed<Answer>> => {
  const nowMs = Date.now();
  const seed = Math.floor(Math.random() * 2 ** 31);
  const { tokens } = estimatePromptTokens(state, request.models[0], request.prompt);
  observe(state, {
    type: "request_started",
    nowMs,
    prefix: request.prefix,
    promptTokens: tokens,
  });
  const decision = decide(state, request, { nowMs, seed });
  const nothing = { answer: null, provider: null, costUsd: null };
  if (decision.failure !== null) {
    return { ...nothing, failure: decision.failure.code, attempts: [] };
  }

  const records: AttemptRecord[] = [];
  const attempts: string[] = [];
  let next = 0;
  for (;;) {
    const candidate = decision.candidates[next];
    if (candidate === undefined) throw new RangeError(`no candidate ${next} in this decision`);
    const ended = await attempt(state, request, candidate, call);
    const { offering } = candidate;
    const { outcome, status, retryAfterMs, durationMs, usage, answer } = ended;
    records.push({ candidate: next, outcome, status, retryAfterMs, durationMs });
    attempts.push(`${offering.provider}: ${outcome}`);
    if (outcome === "success") {
      const known = offering.price !== null && usage !== null;
      const costUsd = known ? usdFromPico(costOf(offering.price, usage, Date.now())) : null;
      return { answer, failure: null, provider: offering.provider, costUsd, attempts };
    }
    const reaction = react(state, request, decision, records, { nowMs: Date.now(), seed });
    if (reaction.type === "stop") return { ...nothing, answer, failure: reaction.code, attempts };
    if (reaction.type === "retry" && reaction.fromBudget) {
      observe(state, { type: "retry_spent", nowMs: Date.now() });
    }
    await sleep(reaction.afterMs);
    next = reaction.candidate;
  }
};
