import type { Candidate, Decision } from "@pointsman/core";
import { affordableOutputTokens, costBoundOf, holdOf } from "@pointsman/core/budget";
import type { CostBound } from "@pointsman/core/budget";
import type { GatewayError } from "@pointsman/translate";
import { leadTokens } from "./meter.ts";
import type { MeterTerms } from "./meter.ts";
import type { Place } from "./place.ts";
import type { Purse } from "./purse.ts";
import type { RunRequest } from "./run-request.ts";

/** What an attempt may do once money is set aside for it. */
export type Admission = {
  /** Number it is paid under; `null` = nothing was set aside. */
  readonly attempt: number | null;
  /** Most output tokens that can be paid; `null` = as many as the request asks for. */
  readonly maxOutputTokens: number | null;
  /** Called as a stream, since what it says must be watched, though the caller wants it whole. */
  readonly folds: boolean;
  /** What is held, to be watched and renewed; `null` = nothing was set aside. */
  readonly meter: MeterTerms | null;
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

export const freeAdmission: Admission = {
  attempt: null,
  maxOutputTokens: null,
  folds: false,
  meter: null,
};

/** Output of a model that names no limit. */
const defaultMaxOutputTokens = 32_768;
/** What providers count around a prompt, and around each of its messages, that no byte of it shows. */
const frameTokens = 4;
const messageTokens = 4;
/** What is held is charged when nobody has renewed its lease for so long, ms. */
const leaseMs = 90_000;

/** What is asked of a budget for an attempt. */
export type Quote = {
  readonly bound: CostBound;
  /** Most tokens of output. */
  readonly outputTokens: number;
  /** With less it cannot begin: the prompt and one token, pico-USD. */
  readonly leastPicoUsd: number;
  /** What it can cost at most, pico-USD. */
  readonly worstPicoUsd: number;
  /** What it is set aside for at first where its output can be watched, pico-USD. */
  readonly likelyPicoUsd: number;
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
    worstPicoUsd: holdOf(bound, Math.max(1, most)),
    likelyPicoUsd: holdOf(bound, Math.min(most, Math.max(leadTokens, decision.output.p95))),
  };
};

/**
 * Whether what an attempt costs can be told while it runs: every token that is billed is seen, and nothing
 * else is billed (docs/contract.md §22). Models that reason may hide what they think.
 */
const isMeterable = (
  { offering }: Candidate,
  { caller, routing }: QuoteOptions["request"],
): boolean => {
  const { outline, needs } = caller;
  const hosted = needs.onlyWire?.for === "hosted_tool" || needs.capabilities.includes("web_search");
  const thinks =
    offering.capabilities.reasoning === true &&
    routing.reasoningEffort !== "off" &&
    !(offering.wires.includes("messages") && routing.reasoningEffort === undefined);
  return !hosted && !thinks && outline.choices === 1 && offering.capabilities.streaming !== false;
};

/**
 * Sets money aside for an attempt. What streams, and can be watched, holds what is likely, and more as
 * it goes on; everything else holds its worst case, or what is left of the budget if that is less.
 */
export const admit = async (
  purse: Purse,
  { candidate, provider }: Place,
  options: AdmissionOptions,
): Promise<Admission | { readonly error: GatewayError }> => {
  const { attempt, request } = options;
  const quote = quoteOf(candidate, options);
  if (quote === null) return freeAdmission;
  const { bound, outputTokens, leastPicoUsd, worstPicoUsd, likelyPicoUsd } = quote;
  const order = {
    attempt,
    provider: provider.id,
    model: candidate.offering.model,
    byok: candidate.credential.owner === "byok",
    leaseMs,
  };
  const { stream } = request.routing;
  const meterable = isMeterable(candidate, request);
  let folds = false;
  let answer = await purse.reserve({
    ...order,
    // A whole answer that can be watched holds its worst case only where that fits.
    leastPicoUsd: meterable && !stream ? worstPicoUsd : leastPicoUsd,
    wantedPicoUsd: meterable && stream ? likelyPicoUsd : worstPicoUsd,
  });
  if (answer.status === "refused" && meterable && !stream) {
    folds = true;
    answer = await purse.reserve({ ...order, leastPicoUsd, wantedPicoUsd: likelyPicoUsd });
  }
  if (answer.status === "refused") return { error: answer.error };
  const { heldPicoUsd, roomPicoUsd } = answer;
  const payable =
    roomPicoUsd === null
      ? outputTokens
      : affordableOutputTokens(BigInt(heldPicoUsd) + (meterable ? roomPicoUsd : 0n), bound);
  const mostTokens = Math.min(outputTokens, payable);
  return {
    attempt,
    maxOutputTokens: mostTokens < outputTokens ? mostTokens : null,
    folds,
    meter: {
      attempt,
      promptPicoUsd: bound.promptPicoUsd,
      tokenPicoUsd: bound.outputTokenPicoUsd,
      heldPicoUsd,
      // Where nothing limits it, what is held is all there is to hold.
      mostTokens: roomPicoUsd === null ? 0 : mostTokens,
      leaseMs,
    },
  };
};
