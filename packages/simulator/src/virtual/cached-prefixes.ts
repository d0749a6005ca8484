/** What a provider holds of prompts seen before, by the block a prefix ends with. */
export type CachedPrefixes = {
  /** Ready, and used at most its lifetime ago. */
  readonly isWarm: (block: number, nowMs: number) => boolean;
  /** A warm prefix lives on from now. */
  readonly renew: (block: number, nowMs: number) => void;
  /** Ready from now on, unless it was before. */
  readonly store: (block: number, nowMs: number, ttlMs: number) => void;
};

type Entry = { readyMs: number; usedMs: number; ttlMs: number };

export const createCachedPrefixes = (): CachedPrefixes => {
  const entries = new Map<number, Entry>();
  const isLive = (entry: Entry, nowMs: number): boolean => nowMs - entry.usedMs <= entry.ttlMs;
  return {
    isWarm: (block, nowMs) => {
      const entry = entries.get(block);
      return entry !== undefined && entry.readyMs <= nowMs && isLive(entry, nowMs);
    },
    renew: (block, nowMs) => {
      const entry = entries.get(block);
      if (entry !== undefined && isLive(entry, nowMs)) {
        entry.usedMs = Math.max(entry.usedMs, nowMs);
      }
    },
    store: (block, nowMs, ttlMs) => {
      const entry = entries.get(block);
      if (entry === undefined) {
        entries.set(block, { readyMs: nowMs, usedMs: nowMs, ttlMs });
        return;
      }
      if (!isLive(entry, nowMs)) entry.readyMs = nowMs;
      entry.usedMs = Math.max(entry.usedMs, nowMs);
      entry.ttlMs = ttlMs;
    },
  };
};
