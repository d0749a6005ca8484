import { costOf } from "../cost/cost-of.ts";
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
import { emptyUsage } from "../usage/usage.ts";
import type { Evaluation } from "./evaluate.ts";
import { cell, GROUP, ROW } from "./scratch.ts";

/** Upper bound of the prompt's cost plus the 0.95 quantile of the answer's, pico-USD. */
export const holdOf = (evaluation: Evaluation, k: number): number | null => {
  const { state, request, nowMs, scratch: s, groups } = evaluation;
  const i = cell(s, k, ROW);
  const { columns: c, rows, outputPrior } = state.learned;
  const kind = bitOf(c, i, OFFERING_PRICE_KIND);
  if (kind === 2) return null;
  const group = groups[cell(s, k, GROUP)];
  const high = group?.prompt.tokensHigh ?? 0;
  const cap = Math.min(request.maxOutputTokens ?? Infinity, numberOf(c, i, OFFERING_MAX_OUTPUT));
  const outputTokens = wholeTokens((group?.output ?? outputPrior).p95, cap);
  if (kind === 0 && high <= numberOf(c, i, OFFERING_TIER_MARK)) {
    // A provider may bill the whole prompt as a cache write, which can be dearer than plain input.
    const dearest = Math.max(numberOf(c, i, OFFERING_INPUT), numberOf(c, i, OFFERING_CACHE_WRITE));
    return Math.ceil(
      high * dearest +
        outputTokens * numberOf(c, i, OFFERING_OUTPUT) +
        numberOf(c, i, OFFERING_FEE),
    );
  }
  const price = rows[i]?.offering.price;
  if (price === null || price === undefined) return null;
  const at = (tokens: Partial<typeof emptyUsage>): number =>
    costOf(price, { ...emptyUsage, ...tokens, outputTokens }, nowMs);
  return Math.max(
    at({ inputTokens: group?.prompt.tokens ?? 0 }),
    at({ inputTokens: high }),
    at({ cacheWrite5mTokens: high }),
  );
};
