import type { TokenBucketRule, TokenTaken } from "./token-bucket.ts";

/** What one replica tells the others. */
export type SharedNote = { readonly member: string; readonly value: string };

/**
 * What the replicas of a gateway share in a hurry: rate limits, which are counted in one place, and
 * what each has learned (health, latencies, warm prefixes), which each reads and merges. Nothing in
 * it needs to survive.
 */
export interface SharedState {
  /** Takes a token of the bucket of that name; atomic, also against other processes. */
  takeToken(bucket: string, rule: TokenBucketRule, nowMs: number): Promise<TokenTaken>;

  /** Leaves a member's latest word on a topic; it is forgotten at `expiresAtMs` unless renewed. */
  publish(
    note: SharedNote & { readonly topic: string; readonly expiresAtMs: number },
  ): Promise<void>;

  /** The latest words of all members on a topic, in code unit order of their names. */
  read(topic: string, nowMs: number): Promise<readonly SharedNote[]>;
}
