import { createRecentMap } from "../recent-map.ts";
import type { SharedState } from "./shared-state.ts";
import { takeFromBucket } from "./token-bucket.ts";
import type { TokenBucket } from "./token-bucket.ts";

/** A bucket nobody uses is soon full, and a full one says nothing: so many are remembered. */
const MOST_BUCKETS = 100_000;

/** Shared state of one process: nobody to share with, and the same contract. */
export const createMemorySharedState = (): SharedState => {
  const buckets = createRecentMap<TokenBucket>(MOST_BUCKETS);
  const topics = new Map<string, Map<string, { value: string; expiresAtMs: number }>>();
  return {
    async takeToken(name, rule, nowMs) {
      const { bucket, taken } = takeFromBucket(buckets.get(name) ?? null, rule, nowMs);
      buckets.set(name, bucket);
      return taken;
    },
    async publish({ topic, member, value, expiresAtMs }) {
      const notes = topics.get(topic) ?? new Map<string, { value: string; expiresAtMs: number }>();
      notes.set(member, { value, expiresAtMs });
      topics.set(topic, notes);
    },
    async read(topic, nowMs) {
      const notes = topics.get(topic) ?? new Map<string, { value: string; expiresAtMs: number }>();
      for (const [member, { expiresAtMs }] of notes) if (nowMs >= expiresAtMs) notes.delete(member);
      return [...notes]
        .map(([member, { value }]) => ({ member, value }))
        .sort((a, b) => (a.member < b.member ? -1 : 1));
    },
  };
};
