import { BLOCK_TOKENS } from "./virtual-request.ts";
import type { Breakpoint, PromptShares, VirtualRequest } from "./virtual-request.ts";
import { createCachedPrefixes } from "./cached-prefixes.ts";
import type { CachedPrefixes } from "./cached-prefixes.ts";
import type { WorldProvider } from "./world-file.ts";

/** What a prompt cache does for one attempt. */
type CacheUse = PromptShares & {
  /** To be called when the first token has come. */
  readonly store: (nowMs: number) => void;
};

/** A provider's prompt cache. */
export type PromptCache = {
  readonly use: (options: {
    readonly request: VirtualRequest;
    readonly breakpoints: readonly Breakpoint[];
    readonly nowMs: number;
    /** Whether the replica asked holds what the provider holds. */
    readonly hit: boolean;
  }) => CacheUse;
};

type CacheRules = Exclude<WorldProvider["cache"], { mode: "none" }>;

const ONE_HOUR_MS = 3_600_000;

const unused: CacheUse = {
  cachedTokens: 0,
  writtenTokens: 0,
  written1hTokens: 0,
  store: () => {},
};

/** Cached tokens of a run of warm blocks: whole cache blocks, never the whole prompt. */
export const readableTokens = (
  rules: Pick<CacheRules, "block" | "min_tokens">,
  inTokens: number,
  warmBlocks: number,
): number => {
  const most = Math.min(warmBlocks * BLOCK_TOKENS, inTokens - 1);
  const tokens = Math.floor(most / rules.block) * rules.block;
  return tokens < rules.min_tokens ? 0 : Math.max(0, tokens);
};

/** Written tokens of a prompt where writes have a price: the unread rest in whole cache blocks. */
export const writtenTokensOf = (
  { price }: Pick<WorldProvider, "price">,
  rules: Pick<CacheRules, "block">,
  unreadTokens: number,
): number =>
  price.cache_write === null ? 0 : Math.floor(unreadTokens / rules.block) * rules.block;

const autoCache = (
  provider: WorldProvider,
  rules: CacheRules,
  prefixes: CachedPrefixes,
): PromptCache => ({
  use: ({ request: { blocks, inTokens }, nowMs, hit }) => {
    if (inTokens < rules.min_tokens) return unused;
    let warm = 0;
    if (hit) {
      for (const block of blocks) {
        if (!prefixes.isWarm(block, nowMs)) break;
        prefixes.renew(block, nowMs);
        warm += 1;
      }
    }
    const cachedTokens = readableTokens(rules, inTokens, warm);
    return {
      cachedTokens,
      writtenTokens: writtenTokensOf(provider, rules, inTokens - cachedTokens),
      written1hTokens: 0,
      store: (atMs) => {
        for (const block of blocks) prefixes.store(block, atMs, provider.true.ttl_s * 1000);
      },
    };
  },
});

/** Breakpoints in whole blocks of the prompt, ascending; what lies under the minimum is none. */
const blockMarks = (
  { blocks, inTokens }: VirtualRequest,
  breakpoints: readonly Breakpoint[],
  minTokens: number,
) =>
  breakpoints
    .slice(0, 4)
    .map(({ uptoTokens, ttl }) => ({
      count: Math.min(Math.floor(Math.min(uptoTokens, inTokens) / BLOCK_TOKENS), blocks.length),
      ttl,
    }))
    .filter(({ count }) => count > 0 && count * BLOCK_TOKENS >= minTokens)
    .sort((a, b) => a.count - b.count);

const explicitCache = (
  provider: WorldProvider,
  rules: CacheRules,
  prefixes: CachedPrefixes,
): PromptCache => ({
  use: ({ request, breakpoints, nowMs, hit }) => {
    const { blocks } = request;
    const marks = blockMarks(request, breakpoints, rules.min_tokens);
    const last = marks.at(-1);
    if (last === undefined) return unused;
    let read = 0;
    if (hit) {
      for (const [index, block] of blocks.slice(0, last.count).entries()) {
        if (!prefixes.isWarm(block, nowMs)) continue;
        prefixes.renew(block, nowMs);
        read = index + 1;
      }
    }
    let written = 0;
    let written1h = 0;
    let reached = read;
    for (const { count, ttl } of marks) {
      const tokens = Math.max(0, count - reached) * BLOCK_TOKENS;
      if (ttl === "1h" && rules.ttl_1h) written1h += tokens;
      else written += tokens;
      reached = Math.max(reached, count);
    }
    return {
      cachedTokens: read * BLOCK_TOKENS,
      writtenTokens: written,
      written1hTokens: written1h,
      store: (atMs) => {
        for (const { count, ttl } of marks) {
          const block = blocks[count - 1];
          if (block === undefined) continue;
          const ttlMs = ttl === "1h" && rules.ttl_1h ? ONE_HOUR_MS : provider.true.ttl_s * 1000;
          if (count > read) prefixes.store(block, atMs, ttlMs);
          else prefixes.renew(block, atMs);
        }
      },
    };
  },
});

/** The cache of a provider: none, by itself for every prompt, or at the breakpoints asked for. */
export const createPromptCache = (provider: WorldProvider): PromptCache => {
  const { cache } = provider;
  if (cache.mode === "none") return { use: () => unused };
  const create = cache.mode === "auto" ? autoCache : explicitCache;
  return create(provider, cache, createCachedPrefixes());
};
