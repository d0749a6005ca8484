import type { CachePolicy } from "@pointsman/core";
import type { PrefixChain } from "./prefix-chain.ts";

/** Lifetime of an entry whose offering documents none, seconds. */
const defaultTtlSeconds = 300;
/** Blocks kept over all accounts and models; the least recently used go first. */
const maximumBlocks = 200_000;
const evictedAtOnce = 20_000;

export type PrefixCache = {
  /** Tokens of the prompt that are warm now, whole blocks; refreshes what it finds. */
  readonly read: (chain: PrefixChain, policy: CachePolicy, nowMs: number) => number;
  /** Keeps the prompt's whole blocks; returns how many tokens they hold, 0 if it is too short. */
  readonly write: (chain: PrefixChain, policy: CachePolicy, nowMs: number) => number;
};

/** A provider's prompt cache: the last use of every block, by cumulative hash. */
export const createPrefixCache = (): PrefixCache => {
  // Insertion order is order of use: a touched block is deleted and set again.
  const lastUseMs = new Map<string, number>();
  const touch = (block: string, nowMs: number): void => {
    lastUseMs.delete(block);
    lastUseMs.set(block, nowMs);
  };
  // Many in one pass: finding the first key anew walks over all that were deleted before it.
  const evict = (): void => {
    for (const block of lastUseMs.keys()) {
      if (lastUseMs.size <= maximumBlocks) return;
      lastUseMs.delete(block);
    }
  };
  const isTooShort = (chain: PrefixChain, policy: CachePolicy): boolean =>
    policy.mode === "none" || chain.tokens < policy.minimumTokens;

  return {
    read: (chain, policy, nowMs) => {
      if (isTooShort(chain, policy)) return 0;
      const ttlMs = (policy.ttlSeconds ?? defaultTtlSeconds) * 1000;
      // The last token is always computed afresh, or there would be nothing to go on from.
      const readable = Math.floor((chain.tokens - 1) / chain.blockTokens);
      let found = 0;
      for (const block of chain.blocks.slice(0, readable)) {
        const usedMs = lastUseMs.get(block);
        if (usedMs === undefined || nowMs - usedMs > ttlMs) break;
        found += 1;
      }
      const tokens = found * chain.blockTokens;
      if (tokens < policy.minimumTokens) return 0;
      for (const block of chain.blocks.slice(0, found)) touch(block, nowMs);
      return tokens;
    },
    write: (chain, policy, nowMs) => {
      if (isTooShort(chain, policy)) return 0;
      // Last block first: eviction then shortens prefixes from their end.
      for (const block of chain.blocks.toReversed()) touch(block, nowMs);
      if (lastUseMs.size > maximumBlocks + evictedAtOnce) evict();
      return chain.blocks.length * chain.blockTokens;
    },
  };
};
