/** A bucket that fills evenly up to its capacity. */
export type TokenBucket = { readonly tokens: number; readonly atMs: number };

export type TokenBucketRule = {
  /** Tokens that fit, and that a new bucket has; >= 1. */
  readonly capacity: number;
  /** Tokens added a minute; > 0. */
  readonly perMinute: number;
};

export type TokenTaken = {
  readonly allowed: boolean;
  /** Whole tokens left. */
  readonly remaining: number;
  /** Until a token is there again, ms, rounded up; 0 if one is. */
  readonly retryAfterMs: number;
  /** Until the bucket is full again, ms, rounded up. */
  readonly fullAfterMs: number;
};

const MINUTE_MS = 60_000;

/**
 * Takes a token if there is one. Time that runs backwards adds nothing. Pure; stores that compute it
 * elsewhere (a script, a statement) must agree with it.
 */
export const takeFromBucket = (
  bucket: TokenBucket | null,
  { capacity, perMinute }: TokenBucketRule,
  nowMs: number,
): { readonly bucket: TokenBucket; readonly taken: TokenTaken } => {
  const elapsedMs = bucket === null ? 0 : Math.max(0, nowMs - bucket.atMs);
  const before = Math.min(
    capacity,
    bucket === null ? capacity : bucket.tokens + (elapsedMs * perMinute) / MINUTE_MS,
  );
  const allowed = before >= 1;
  const tokens = allowed ? before - 1 : before;
  const msUntil = (level: number): number =>
    tokens >= level ? 0 : Math.ceil(((level - tokens) * MINUTE_MS) / perMinute);
  return {
    bucket: { tokens, atMs: bucket === null ? nowMs : Math.max(nowMs, bucket.atMs) },
    taken: {
      allowed,
      remaining: Math.floor(tokens),
      retryAfterMs: msUntil(1),
      fullAfterMs: msUntil(capacity),
    },
  };
};
