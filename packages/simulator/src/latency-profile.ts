import { seededRandom } from "./model/seeded-random.ts";

/** How fast a provider is. All times in milliseconds at pace 1. */
export type LatencyProfile = {
  /** From the request's arrival until work on it begins. */
  readonly connectMs: number;
  /** Time to first token of a prompt that is wholly cached, beyond `connectMs`. */
  readonly ttftBaseMs: number;
  /** Further time to first token per 1000 prompt tokens that are not cached. */
  readonly ttftMsPer1kUncached: number;
  /** Time per output token. */
  readonly tokenMs: number;
  /** Each call's times vary by up to this share either way, 0 to 1. */
  readonly jitter: number;
};

/** A plausible profile, the same for the same provider: TTFT 150–600 ms, 60–250 tokens a second. */
export const defaultLatencyProfile = (providerId: string): LatencyProfile => {
  const random = seededRandom(`latency:${providerId}`);
  return {
    connectMs: 5 + random.below(20),
    ttftBaseMs: 150 + random.below(426),
    ttftMsPer1kUncached: 10 + random.below(40),
    tokenMs: 1000 / (60 + random.below(191)),
    jitter: 0.15,
  };
};
