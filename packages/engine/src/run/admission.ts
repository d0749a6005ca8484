import type { Candidate, Decision } from "@pointsman/core";
import { affordableOutputTokens, costBoundOf, holdOf } from "@pointsman/core/budget";
import type { CostBound } from "@pointsman/core/budget";
import type { GatewayError } from "@pointsman/translate";
import type { Place } from "./place.ts";
import type { Purse } from "./purse.ts";
import type { RunRequest } from "./run-request.ts";

/** What an attempt may do once money is set aside for it. */
export type Admission = {
  /** Number it is paid under; `null` = nothing was set aside. */
  readonly attempt: number | null;
  /** Most output tokens that can be paid; `null` = as many as the request asks for. */
  readonly maxOutputTokens: number | null;
};

/** What the cost of an attempt depends on. */
export type QuoteOptions = {
  readonly request: Pick<RunRequest, "routing" | "caller">;
  readonly decision: Decision;
  /** Of an answer that goes into the prompt. */
  readonly extraTokens: number;
  readonly nowMs: number;
};

/** What an attempt is admitted by. */
type AdmissionOptions = QuoteOptions & { readonly attempt: number };

export const freeAdmission: Admission = { attempt: null, maxOutputTokens: null };

/** Output of a model that names no limit. */
const defaultMaxOutputTokens = 32_768;
/** What providers count around a prompt, and around each of its messages, that no byte of it shows. */
const frameTokens = 4;
const messageTokens = 4;
/** Beyond the longest an attempt may take, ms: settling takes a moment too. */
const leaseSlackMs = 60_000;

/** What is asked of a budget for an attempt. */
export type Quote = {
  readonly bound: CostBound;
  /** Most tokens of output. */
  readonly outputTokens: number;
  /** With less it cannot begin: the prompt and one token, pico-USD. */
  readonly leastPicoUsd: number;
  /** What it can cost at most, pico-USD. */
  readonly wantedPicoUsd: number;
};

/** What an attempt at a candidate asks for; `null` where no price is known, and nothing can be set aside. */
export const quoteOf = (
  candidate: Candidate,
  { request, decision, extraTokens, nowMs }: QuoteOptions,
): Quote | null => {
  const { price, maxOutputTokens } = candidate.offering;
  if (price === null) return null;
  const frame = frameTokens + messageTokens * request.caller.chain.length;
  const promptTokens = decision.prompt.tokensHigh + frame + extraTokens;
  const outputTokens = Math.min(
    request.routing.maxOutputTokens ?? Number.POSITIVE_INFINITY,
    maxOutputTokens ?? Number.POSITIVE_INFINITY,
  );
  const bound = costBoundOf(price, { promptTokens, atMs: nowMs });
  const most = Number.isFinite(outputTokens) ? outputTokens : defaultMaxOutputTokens;
  return {
    bound,
    outputTokens: most,
    leastPicoUsd: holdOf(bound, 1),
    wantedPicoUsd: holdOf(bound, Math.max(1, most)),
  };
};

/** Sets money aside for an attempt: its worst case, or what is left of the budget if that is less. */
export const admit = async (
  purse: Purse,
  place: Place,
  options: AdmissionOptions,
): Promise<Admission | { readonly error: GatewayError }> => {
  const { attempt } = options;
  const { candidate, provider } = place;
  const quote = quoteOf(candidate, options);
  if (quote === null) return freeAdmission;
  const { bound, outputTokens, leastPicoUsd, wantedPicoUsd } = quote;
  const answer = await purse.reserve({
    attempt,
    provider: provider.id,
    model: candidate.offering.model,
    byok: candidate.credential.owner === "byok",
    leastPicoUsd,
    wantedPicoUsd,
    leaseMs: provider.timeouts.totalMs + leaseSlackMs,
  });
  if (answer.status === "refused") return { error: answer.error };
  const affordable = affordableOutputTokens(BigInt(answer.heldPicoUsd), bound);
  return { attempt, maxOutputTokens: affordable < outputTokens ? affordable : null };
};
