import {
  DIRECTIVE_NONE,
  DIRECTIVE_READ,
  DIRECTIVE_SHARED,
  DIRECTIVE_WRITE_1H,
} from "./scratch.ts";
import type { CacheDirective } from "./decision.ts";

/**
 * The marks a candidate's request should carry; `null` = none. A write marks the end of the chain, and
 * with it the longest prefix that other conversations share, so that they find it too.
 */
export const directiveOf = (
  kind: number,
  prompt: {
    readonly chainTokens: number;
    readonly sharedTokens: number;
    /** Longest prefix that may be warm there. */
    readonly longestTokens: number;
    /** Shortest prefix that is cached there. */
    readonly minimumTokens: number;
  },
): CacheDirective | null => {
  const { chainTokens: last, sharedTokens: shared, longestTokens: longest } = prompt;
  if (kind === DIRECTIVE_NONE) return null;
  if (kind === DIRECTIVE_READ) return { breakpoints: [{ uptoTokens: longest, ttl: "5m" }] };
  if (kind === DIRECTIVE_SHARED) return { breakpoints: [{ uptoTokens: shared, ttl: "5m" }] };
  const ttl = kind === DIRECTIVE_WRITE_1H ? "1h" : "5m";
  const breakpoints = [{ uptoTokens: last, ttl } as const];
  return {
    breakpoints:
      shared > longest && shared < last && shared >= prompt.minimumTokens
        ? [{ uptoTokens: shared, ttl }, ...breakpoints]
        : breakpoints,
  };
};
