import type { Decision } from "@pointsman/core";
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

/** What an attempt is admitted by. */
export type AdmissionOptions = {
  readonly request: RunRequest;
  readonly decision: Decision;
  readonly attempt: number;
  /** Of an answer that goes into the prompt. */
  readonly extraTokens: number;
  readonly nowMs: number;
};

export const freeAdmission: Admission = { attempt: null, maxOutputTokens: null };

/** Output of a model that names no limit. */
const defaultMaxOutputTokens = 32_768;
/** What providers count around a prompt, and around each of its messages, that no byte of it shows. */
const frameTokens = 4;
const messageTokens = 4;
/** Beyond the longest an attempt may take, ms: settling takes a moment too. */
const leaseSlackMs = 60_000;

/** Most that an attempt can cost; `null` where no price is known, and nothing can be set aside. */
const worstOf = (
  { candidate }: Place,
  { request, decision, extraTokens, nowMs }: AdmissionOptions,
): { readonly bound: CostBound; readonly outputTokens: number } | null => {
  const { price, maxOutputTokens } = candidate.offering;
  if (price === null) return null;
  const frame = frameTokens + messageTokens * request.caller.chain.length;
  const promptTokens = decision.prompt.tokensHigh + frame + extraTokens;
  const outputTokens = Math.min(
    request.routing.maxOutputTokens ?? Number.POSITIVE_INFINITY,
    maxOutputTokens ?? Number.POSITIVE_INFINITY,
  );
  return {
    bound: costBoundOf(price, { promptTokens, atMs: nowMs }),
    outputTokens: Number.isFinite(outputTokens) ? outputTokens : defaultMaxOutputTokens,
  };
};

/** Sets money aside for an attempt: its worst case, or what is left of the budget if that is less. */
export const admit = async (
  purse: Purse,
  place: Place,
  options: AdmissionOptions,
): Promise<Admission | { readonly error: GatewayError }> => {
  const { attempt } = options;
  const worst = worstOf(place, options);
  if (worst === null) return freeAdmission;
  const { bound, outputTokens } = worst;
  const { candidate, provider } = place;
  const answer = await purse.reserve({
    attempt,
    provider: provider.id,
    model: candidate.offering.model,
    byok: candidate.credential.owner === "byok",
    leastPicoUsd: holdOf(bound, 1),
    wantedPicoUsd: holdOf(bound, Math.max(1, outputTokens)),
    leaseMs: provider.timeouts.totalMs + leaseSlackMs,
  });
  if (answer.status === "refused") return { error: answer.error };
  const affordable = affordableOutputTokens(BigInt(answer.heldPicoUsd), bound);
  return { attempt, maxOutputTokens: affordable < outputTokens ? affordable : null };
};
