import type { VirtualAttempt } from "./virtual-request.ts";
import { parseWorld } from "./world-file.ts";
import type { ReplayWorld, WorldProvider } from "./world-file.ts";

/** Replaces parts of the plain provider: 100 ms of network, 1000 ms and 0.1 ms a token to the first one, 10 ms a token. */
export type ProviderParts = {
  readonly price?: Partial<WorldProvider["price"]>;
  readonly tiers?: readonly object[];
  readonly cache?: object;
  readonly limits?: Partial<WorldProvider["limits"]>;
  readonly latency?: Partial<WorldProvider["true"]["latency"]>;
  readonly errors?: object;
  readonly hitProb?: number;
  readonly ttlSeconds?: number;
};

/** A world of one provider `p` with a context of 100,000 tokens, 1 USD in and 2 USD out. */
export const worldOf = (parts: ProviderParts = {}): ReplayWorld =>
  parseWorld({
    format: "replay-world/1",
    name: "test",
    model: "m",
    seed: 1,
    usd_per_s: 0.001,
    slo: { ttft_ms: 1000, ttft_ms_per_1k_in: 100 },
    providers: [
      {
        id: "p",
        context: 100_000,
        price: { in: 1, out: 2, ...parts.price },
        tiers: parts.tiers ?? [],
        cache: parts.cache ?? { mode: "none" },
        limits: { rpm: null, tpm: null, ...parts.limits },
        true: {
          hit_prob: parts.hitProb ?? 1,
          ttl_s: parts.ttlSeconds ?? 300,
          latency: { net_ms: 100, a_ms: 1000, b_ms_per_1k: 100, tpot_ms: 10, ...parts.latency },
          errors: parts.errors ?? {},
        },
      },
    ],
  });

/** An attempt of 1,024 tokens in two blocks, 11 tokens out, at 0 ms. */
export const attemptOf = (
  overrides: Partial<Omit<VirtualAttempt, "request">> & {
    readonly request?: Partial<VirtualAttempt["request"]>;
  } = {},
): VirtualAttempt => ({
  attempt: 1,
  startMs: 0,
  patienceMs: 60_000,
  breakpoints: [],
  ...overrides,
  request: { id: "r", inTokens: 1024, outTokens: 11, blocks: [1, 2], ...overrides.request },
});
