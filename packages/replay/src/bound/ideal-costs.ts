import {
  BLOCK_TOKENS,
  priceOf,
  readableTokens,
  scheduleOf,
  writtenTokensOf,
} from "@pointsman/simulator";
import type { ReplayWorld, WorldProvider } from "@pointsman/simulator";
import type { Trace } from "../trace/read-trace.ts";

/** Cost of every request at every provider, pico-USD, row by row; `Infinity` = does not fit there. */
export type IdealCosts = {
  readonly providers: number;
  readonly picoUsd: Float64Array;
};

/** Prompt tokens that the best cache could give: all blocks seen before, whenever and wherever. */
const idealCachedTokens = ({ cache }: WorldProvider, inTokens: number, seen: number): number => {
  if (cache.mode === "none" || inTokens < cache.min_tokens) return 0;
  if (cache.mode === "auto") return readableTokens(cache, inTokens, seen);
  const tokens = Math.min(seen, Math.floor(inTokens / BLOCK_TOKENS)) * BLOCK_TOKENS;
  return tokens < cache.min_tokens ? 0 : tokens;
};

/**
 * What each request would cost at each provider if every earlier request were cached there. Writes
 * nobody asked for (explicit caches) are left out, those a provider bills by itself are in.
 */
export const idealCosts = (trace: Trace, world: ReplayWorld): IdealCosts => {
  const seenBlocks = new Set<number>();
  const schedules = world.providers.map((provider) => scheduleOf(provider));
  const picoUsd = new Float64Array(trace.requests.length * world.providers.length);
  let cell = 0;
  for (const { inTokens, outTokens, blocks } of trace.requests) {
    const firstNew = blocks.findIndex((block) => !seenBlocks.has(block));
    const seen = firstNew === -1 ? blocks.length : firstNew;
    for (const [column, provider] of world.providers.entries()) {
      const { cache } = provider;
      const schedule = schedules[column];
      const cachedTokens = idealCachedTokens(provider, inTokens, seen);
      picoUsd[cell] =
        schedule === undefined || inTokens > provider.context
          ? Infinity
          : priceOf(schedule, {
              inTokens,
              outTokens,
              cachedTokens,
              writtenTokens:
                cache.mode === "auto" && inTokens >= cache.min_tokens
                  ? writtenTokensOf(provider, cache, inTokens - cachedTokens)
                  : 0,
              written1hTokens: 0,
            });
      cell += 1;
    }
    for (const block of blocks) seenBlocks.add(block);
  }
  return { providers: world.providers.length, picoUsd };
};
