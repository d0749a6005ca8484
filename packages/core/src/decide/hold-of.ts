import {
  numberOf,
  bitOf,
  OFFERING_CACHE_WRITE,
  OFFERING_FEE,
  OFFERING_INPUT,
  OFFERING_MAX_OUTPUT,
  OFFERING_OUTPUT,
  OFFERING_PRICE_KIND,
  OFFERING_TIER_MARK,
} from "../state/columns.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import type { Candidate } from "./decision.ts";
import type { Evaluation } from "./evaluate.ts";
import { cell, GROUP, ROW } from "./scratch.ts";

/**
 * Upper bound of the prompt's cost plus the 0.95 quantile of the answer's, pico-USD: what `candidate` says
 * itself, only sooner where no hour, date or tier decides.
 */
export const holdOf = (evaluation: Evaluation, k: number, candidate: Candidate): number | null => {
  const { state, request, scratch: s, groups } = evaluation;
  const i = cell(s, k, ROW);
  const { columns: c, outputPrior } = state.learned;
  const group = groups[cell(s, k, GROUP)];
  const high = group?.prompt.tokensHigh ?? 0;
  if (bitOf(c, i, OFFERING_PRICE_KIND) !== 0 || high > numberOf(c, i, OFFERING_TIER_MARK))
    return candidate.holdPicoUsd;
  const cap = Math.min(request.maxOutputTokens ?? Infinity, numberOf(c, i, OFFERING_MAX_OUTPUT));
  const outputTokens = wholeTokens((group?.output ?? outputPrior).p95, cap);
  // A provider may bill the whole prompt as a cache write, which can be dearer than plain input.
  const dearest = Math.max(numberOf(c, i, OFFERING_INPUT), numberOf(c, i, OFFERING_CACHE_WRITE));
  return Math.ceil(
    high * dearest + outputTokens * numberOf(c, i, OFFERING_OUTPUT) + numberOf(c, i, OFFERING_FEE),
  );
};
