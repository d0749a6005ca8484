import {
  DIRECTIVE,
  DIRECTIVE_NONE,
  DIRECTIVE_READ,
  DIRECTIVE_SHARED,
  DIRECTIVE_WRITE_1H,
  ROW,
  SLOT,
  cell,
} from "./scratch.ts";
import { OFFERING_CACHE_MINIMUM, numberOf } from "../state/columns.ts";
import type { CacheDirective } from "./decision.ts";
import type { Evaluation } from "./evaluate.ts";

/**
 * The marks a candidate's request should carry; `null` = none. A write marks the end of the chain, and
 * with it the longest prefix that other conversations share, so that they find it too.
 */
export const directiveOf = (evaluation: Evaluation, k: number): CacheDirective | null => {
  const { scratch: s, belief, request, state } = evaluation;
  const kind = cell(s, k, DIRECTIVE) ?? DIRECTIVE_NONE;
  if (kind === DIRECTIVE_NONE) return null;
  const slot = cell(s, k, SLOT) ?? -1;
  const last = request.prefix.at(-1)?.tokens ?? 0;
  const longest = slot < 0 ? 0 : (belief.longest[slot] ?? 0);
  if (kind === DIRECTIVE_READ) return { breakpoints: [{ uptoTokens: longest, ttl: "5m" }] };
  const shared = belief.sharedTokens;
  if (kind === DIRECTIVE_SHARED) return { breakpoints: [{ uptoTokens: shared, ttl: "5m" }] };
  const ttl = kind === DIRECTIVE_WRITE_1H ? "1h" : "5m";
  const minimum = numberOf(state.learned.columns, cell(s, k, ROW), OFFERING_CACHE_MINIMUM);
  const breakpoints = [{ uptoTokens: last, ttl } as const];
  return {
    breakpoints:
      shared > longest && shared < last && shared >= minimum
        ? [{ uptoTokens: shared, ttl }, ...breakpoints]
        : breakpoints,
  };
};
