import type { HealthSignal } from "./outcome-signal.ts";

/**
 * Circuit breaker of one offering. A *trial* is an attempt made while it is not closed: the probe of
 * a half-open breaker, or a last resort while it rests; there is one at a time.
 */
export type Breaker =
  | { readonly state: "closed"; readonly failuresInRow: number }
  | {
      readonly state: "open";
      readonly untilMs: number;
      /** Length of the present rest. */
      readonly restMs: number;
      /** Start of the trial in flight, Unix ms; `null` = none. */
      readonly trialSinceMs: number | null;
    }
  | { readonly state: "half_open"; readonly restMs: number; readonly trialSinceMs: number };

export type BreakerOptions = {
  /** Failures in a row that open it. @default 5 */
  readonly openAfter?: number;
  /** First rest, ms. @default 10000 */
  readonly restMs?: number;
};

/** Each failed probe lengthens the rest by this factor, up to `LONGEST_REST_MS` or `restMs` if longer. */
const REST_GROWTH = 1.5;
const LONGEST_REST_MS = 20_000;
/** A trial whose end was never reported is given up for lost. */
const TRIAL_LOST_MS = 120_000;
/** Clocks of start and duration may disagree by this much. */
const CLOCK_SLACK_MS = 50;

export const completeBreakerOptions = (
  options: BreakerOptions | undefined,
): Required<BreakerOptions> => ({
  openAfter: options?.openAfter ?? 5,
  restMs: options?.restMs ?? 10_000,
});

export const closedBreaker: Breaker = { state: "closed", failuresInRow: 0 };

const trialInFlight = (trialSinceMs: number | null, nowMs: number): boolean =>
  trialSinceMs !== null && nowMs - trialSinceMs < TRIAL_LOST_MS;

/**
 * `ready`: may be tried like any other (closed, or due for its probe); `resting`: as a last resort;
 * `busy`: a trial is in flight, nobody else may.
 */
export type BreakerStanding = "ready" | "resting" | "busy";

export const standingOf = (breaker: Breaker, nowMs: number): BreakerStanding => {
  if (breaker.state === "closed") return "ready";
  if (trialInFlight(breaker.trialSinceMs, nowMs)) return "busy";
  return breaker.state === "open" && nowMs < breaker.untilMs ? "resting" : "ready";
};

/** What it is at a moment: an open breaker whose rest is over is half-open. */
export const breakerStateAt = (breaker: Breaker, nowMs: number): Breaker["state"] =>
  breaker.state === "open" && nowMs >= breaker.untilMs ? "half_open" : breaker.state;

/** Earliest moment at which it may be tried like any other, Unix ms. */
export const breakerReadyAtMs = (breaker: Breaker, nowMs: number): number => {
  if (breaker.state === "open") return Math.max(nowMs, breaker.untilMs);
  return breaker.state === "closed" ? nowMs : nowMs + breaker.restMs;
};

/** The breaker after an attempt has begun. */
export const breakerAfterStart = (breaker: Breaker, nowMs: number): Breaker => {
  if (breaker.state === "closed") return breaker;
  return breaker.state === "half_open" || nowMs >= breaker.untilMs
    ? { state: "half_open", restMs: breaker.restMs, trialSinceMs: nowMs }
    : { ...breaker, trialSinceMs: nowMs };
};

/** How an attempt ended, as the breaker wants to know it. */
export type BreakerSignal = {
  readonly signal: HealthSignal;
  readonly nowMs: number;
  readonly startedMs: number;
  /** Whether the share of failures of the last half minute alone is reason to open. */
  readonly tooManyFailures: boolean;
};

/** The breaker after an attempt has ended. */
export const breakerAfterEnd = (
  breaker: Breaker,
  end: BreakerSignal,
  options: Required<BreakerOptions>,
): Breaker => {
  const { signal, nowMs } = end;
  if (breaker.state === "closed") {
    if (signal === "success") return closedBreaker;
    if (signal !== "failure") return breaker;
    const failuresInRow = breaker.failuresInRow + 1;
    return failuresInRow >= options.openAfter || end.tooManyFailures
      ? {
          state: "open",
          untilMs: nowMs + options.restMs,
          restMs: options.restMs,
          trialSinceMs: null,
        }
      : { state: "closed", failuresInRow };
  }
  // Attempts that began before the trial belong to the time before the breaker opened.
  if (breaker.trialSinceMs === null || end.startedMs + CLOCK_SLACK_MS < breaker.trialSinceMs) {
    return breaker;
  }
  if (signal === "success" || signal === "alive") return closedBreaker;
  if (breaker.state === "open") return { ...breaker, trialSinceMs: null };
  if (signal === "neutral") {
    return { state: "open", untilMs: nowMs, restMs: breaker.restMs, trialSinceMs: null };
  }
  const longest = Math.max(LONGEST_REST_MS, options.restMs);
  const restMs = Math.min(breaker.restMs * REST_GROWTH, longest);
  return { state: "open", untilMs: nowMs + restMs, restMs, trialSinceMs: null };
};
