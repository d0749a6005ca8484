import { breakerAfterEnd, breakerAfterStart, closedBreaker } from "./breaker.ts";
import type { Breaker, BreakerOptions } from "./breaker.ts";
import { signalOf } from "./outcome-signal.ts";
import type { OutcomeKind } from "./outcome.ts";

/** Health of one offering, all accounts together. Mutated by the functions of this file only. */
export type OfferingHealth = {
  breaker: Breaker;
  /** Attempts begun and not ended. */
  inFlight: number;
  /** Decayed counts behind the odds of success. */
  successes: number;
  failures: number;
  atMs: number;
  /** Outcomes of the last half minute, in slots of five seconds. */
  recent: { slot: number; successes: number; failures: number }[];
};

/** Short, so that an offering is used again within half a minute of its recovery. */
const HALF_LIFE_MS = 15_000;
/** As many successes are taken for granted, so that odds are 1 until something fails. */
const PRIOR_SUCCESSES = 20;
/** Odds above count as certainty: the odd failure is what retries are for. */
const AS_GOOD_AS_CERTAIN = 0.95;
const SLOT_MS = 5000;
const SLOTS = 6;
/** A breaker opens at this share of failures … */
const OPEN_SHARE = 0.5;
/** … among at least so many outcomes of the last half minute. */
const OPEN_OUTCOMES = 20;

export const newOfferingHealth = (): OfferingHealth => ({
  breaker: closedBreaker,
  inFlight: 0,
  successes: 0,
  failures: 0,
  atMs: 0,
  recent: [],
});

const decay = (health: OfferingHealth, nowMs: number): number =>
  2 ** (-Math.max(0, nowMs - health.atMs) / HALF_LIFE_MS);

/**
 * Odds that an attempt succeeds, 0–1, from decayed counts. Where the breaker is not closed it is the
 * breaker that says when to try, and odds must not keep its probe from being made: they are 1.
 */
export const successOddsOf = (health: OfferingHealth, nowMs: number): number => {
  if (health.breaker.state !== "closed") return 1;
  const fade = decay(health, nowMs);
  const successes = health.successes * fade + PRIOR_SUCCESSES;
  const odds = successes / (successes + health.failures * fade);
  return odds > AS_GOOD_AS_CERTAIN ? 1 : odds;
};

export const healthAfterStart = (health: OfferingHealth, nowMs: number): void => {
  health.inFlight += 1;
  health.breaker = breakerAfterStart(health.breaker, nowMs);
};

const countRecent = (health: OfferingHealth, nowMs: number, failed: boolean): boolean => {
  const slot = Math.floor(nowMs / SLOT_MS);
  health.recent = health.recent.filter((entry) => entry.slot > slot - SLOTS);
  let entry = health.recent.find((candidate) => candidate.slot === slot);
  if (entry === undefined) {
    entry = { slot, successes: 0, failures: 0 };
    health.recent.push(entry);
  }
  if (failed) entry.failures += 1;
  else entry.successes += 1;
  const failures = health.recent.reduce((sum, { failures }) => sum + failures, 0);
  const outcomes = health.recent.reduce((sum, { successes }) => sum + successes, failures);
  return outcomes >= OPEN_OUTCOMES && failures >= outcomes * OPEN_SHARE;
};

/** How an attempt ended and when. */
export type HealthObservation = {
  readonly outcome: OutcomeKind;
  readonly nowMs: number;
  readonly totalMs: number;
};

export const healthAfterEnd = (
  health: OfferingHealth,
  seen: HealthObservation,
  options: Required<BreakerOptions>,
): void => {
  const { nowMs } = seen;
  const signal = signalOf(seen.outcome);
  health.inFlight = Math.max(0, health.inFlight - 1);
  let tooManyFailures = false;
  if (signal === "success" || signal === "failure") {
    const fade = decay(health, nowMs);
    health.successes = health.successes * fade + (signal === "success" ? 1 : 0);
    health.failures = health.failures * fade + (signal === "failure" ? 1 : 0);
    health.atMs = Math.max(health.atMs, nowMs);
    tooManyFailures = countRecent(health, nowMs, signal === "failure");
  }
  const wasClosed = health.breaker.state === "closed";
  health.breaker = breakerAfterEnd(
    health.breaker,
    { signal, nowMs, startedMs: nowMs - seen.totalMs, tooManyFailures },
    options,
  );
  // What lies before its rest is not held against a breaker that has just closed again.
  if (!wasClosed && health.breaker.state === "closed") {
    health.recent = [];
    health.failures = 0;
  }
};
