import { createLoad } from "./load.ts";
import { noiseOf } from "./noise.ts";
import { priceOf, scheduleOf } from "./price-of.ts";
import { createPromptCache } from "./prompt-cache.ts";
import { createRateWindows } from "./rate-windows.ts";
import type { VirtualAttempt, VirtualErrorKind, VirtualOutcome } from "./virtual-request.ts";
import type { ErrorWindow, WorldProvider } from "./world-file.ts";

/** One provider of a world in simulated time. */
export type VirtualProvider = {
  /** Starts must be called in order of time, and `atFirstToken` of earlier ones first. */
  readonly start: (attempt: VirtualAttempt) => VirtualOutcome;
};

const nothing = { cachedTokens: 0, writtenTokens: 0, written1hTokens: 0 };

const failure = (
  error: VirtualErrorKind,
  afterMs: number,
  retryAfterMs: number | null = null,
): VirtualOutcome => ({ type: "error", error, afterMs, retryAfterMs, costPicoUsd: 0, ...nothing });

/** A provider after section 3 of the replay protocol: context, limits, errors, load, cache, price. */
export const createVirtualProvider = (
  provider: WorldProvider,
  options: {
    readonly seed: number;
    /** Length of the whole trace, which error windows are fractions of. */
    readonly traceMs: number;
  },
): VirtualProvider => {
  const { latency, errors, hit_prob: hitOdds } = provider.true;
  const schedule = scheduleOf(provider);
  const rates = createRateWindows(provider.limits);
  const load = createLoad(latency);
  const cache = createPromptCache(provider);

  const windowsAt = (nowMs: number): readonly ErrorWindow[] => {
    if (errors.windows.length === 0) return [];
    const share = options.traceMs === 0 ? 0 : nowMs / options.traceMs;
    return errors.windows.filter(({ at: [from, to] }) => from <= share && share < to);
  };

  const start = (attempt: VirtualAttempt): VirtualOutcome => {
    const { request, startMs, patienceMs } = attempt;
    const { inTokens, outTokens } = request;
    const { net_ms: netMs } = latency;
    if (inTokens > provider.context) return failure("context_length", netMs);
    const untilRoomMs = rates.admit(startMs, inTokens);
    if (untilRoomMs !== null) return failure("rate_limited", netMs, Math.ceil(untilRoomMs));

    const noise = noiseOf({
      seed: options.seed,
      requestId: request.id,
      providerId: provider.id,
      attempt: attempt.attempt,
    });
    let slow = 1;
    for (const window of windowsAt(startMs)) {
      switch (window.kind) {
        case "down":
          return failure("unavailable", netMs + window.after_ms);
        case "hang":
          if (noise.chance("hang") < window.p) return failure("timeout", patienceMs);
          break;
        case "flaky":
          if (noise.chance("flaky") < window.p) {
            return failure("server_error", netMs + window.after_ms);
          }
          break;
        case "slow":
          slow *= window.factor;
          break;
      }
    }
    if (noise.chance("serverError") < errors.p500) {
      return failure("server_error", netMs + latency.a_ms);
    }

    const rho = load.rho(startMs);
    const waitMs = load.waitMs(startMs);
    if (latency.max_wait_ms !== null && waitMs > latency.max_wait_ms) {
      return failure("overloaded", netMs, Math.ceil(waitMs));
    }
    const use = cache.use({
      request,
      breakpoints: attempt.breakpoints,
      nowMs: startMs,
      hit: noise.chance("cacheHit") < hitOdds,
    });
    const prefillMs =
      (latency.a_ms + (latency.b_ms_per_1k * (inTokens - use.cachedTokens)) / 1000) *
      (1 + 2 * rho ** 3) *
      slow *
      Math.exp(latency.sigma * noise.normal("prefill"));
    const ttftMs = netMs + waitMs + prefillMs;
    const servedMs = startMs + waitMs;
    if (ttftMs > patienceMs) {
      load.occupy(servedMs, startMs + patienceMs);
      // Billed only if somebody was at work on it; nothing of it is stored, so nothing is written.
      const shares = { ...nothing, cachedTokens: use.cachedTokens };
      const worked = patienceMs > netMs + waitMs;
      return worked
        ? {
            ...failure("timeout", patienceMs),
            ...shares,
            costPicoUsd: priceOf(schedule, { ...shares, inTokens, outTokens: 0 }),
          }
        : failure("timeout", patienceMs);
    }
    const msPerToken =
      latency.tpot_ms *
      (1 + 0.8 * rho ** 2) *
      slow *
      Math.exp((latency.sigma * noise.normal("token")) / 2);
    const totalMs = ttftMs + Math.max(0, outTokens - 1) * msPerToken;
    load.occupy(servedMs, startMs + totalMs);
    const { store, ...shares } = use;
    return {
      type: "answer",
      ttftMs,
      totalMs,
      ...shares,
      costPicoUsd: priceOf(schedule, { ...shares, inTokens, outTokens }),
      atFirstToken: () => {
        store(startMs + ttftMs);
      },
    };
  };

  return { start };
};
