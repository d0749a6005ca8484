import type { Candidate, OutcomeKind } from "@pointsman/core";
import { withAnswerSoFar, withoutPassThrough } from "@pointsman/translate";
import type { CallerRequest } from "@pointsman/translate";
import { Continuation } from "./continuation.ts";
import type { RunRequest } from "./run-request.ts";
import type { SaidPiece } from "./transcript.ts";

/** How another provider goes on with an answer: with the part that is out, or from the beginning. */
export type Rescue = {
  readonly said: readonly SaidPiece[];
  readonly continuation: Continuation;
  /** What the answer so far adds to the prompt, at most. */
  readonly promptTokens: number;
  /** The request as it goes to this provider. */
  readonly shape: (caller: CallerRequest) => CallerRequest;
};

/** Whether a request's stream may be gone on with by others at all. */
export const allowsRescue = ({ conduct, caller }: RunRequest): boolean =>
  (conduct?.rescue ?? "auto") === "auto" && caller.outline.choices === 1;

/** Outcomes by which a provider says that it does not take an answer to go on with. */
const refusals: ReadonlySet<OutcomeKind> = new Set([
  "bad_request",
  "unsupported_parameter",
  "context_length",
]);

/** Whether the provider did not like to be given the answer so far, and may do better without. */
export const refusedPrefill = (rescue: Rescue, outcome: OutcomeKind): boolean =>
  rescue.continuation.prefilled && !rescue.continuation.hasContent && refusals.has(outcome);

/**
 * The text to be gone on with; `null` = the candidate is to start anew: it cannot go on with a text, or
 * there is more than text to it, or it would think first, or the form of its answer is forced.
 */
const prefillOf = (
  { offering }: Candidate,
  caller: CallerRequest,
  said: readonly SaidPiece[],
): string | null => {
  const [only, ...others] = said;
  if (offering.capabilities.prefill !== true || others.length > 0) return null;
  if (only?.kind !== "text" || only.text.trim() === "") return null;
  const { reasoningEffort, reasoningBudgetTokens, adaptiveReasoning, responseFormat, toolChoice } =
    caller.neutral();
  const thinks =
    (reasoningEffort !== undefined && reasoningEffort !== "off") ||
    reasoningBudgetTokens !== undefined ||
    adaptiveReasoning === true;
  const isForced =
    (responseFormat !== undefined && responseFormat.kind !== "text") ||
    (toolChoice !== undefined && toolChoice.kind !== "auto" && toolChoice.kind !== "none");
  return thinks || isForced ? null : only.text;
};

/** How a candidate goes on with what was said. */
export const planRescue = (
  candidate: Candidate,
  caller: CallerRequest,
  options: { readonly said: readonly SaidPiece[]; readonly mayPrefill: boolean },
): Rescue => {
  const { said } = options;
  const prefill = options.mayPrefill ? prefillOf(candidate, caller, said) : null;
  const continuation = new Continuation({
    said,
    prefilled: prefill !== null,
    hidesReasoning: caller.outline.excludeReasoning,
  });
  const shape = (request: CallerRequest): CallerRequest =>
    prefill === null ? withoutPassThrough(request) : withAnswerSoFar(request, prefill);
  const promptTokens = prefill === null ? 0 : Buffer.byteLength(prefill);
  return { said, continuation, promptTokens, shape };
};
