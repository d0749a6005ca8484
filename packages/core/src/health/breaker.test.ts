import { describe, expect, it } from "vitest";
import {
  breakerAfterEnd,
  breakerAfterStart,
  closedBreaker,
  completeBreakerOptions,
  standingOf,
} from "./breaker.ts";
import type { Breaker } from "./breaker.ts";
import type { HealthSignal } from "./outcome-signal.ts";

const options = completeBreakerOptions(undefined);
const end = (breaker: Breaker, signal: HealthSignal, nowMs: number, startedMs = nowMs): Breaker =>
  breakerAfterEnd(breaker, { signal, nowMs, startedMs, tooManyFailures: false }, options);

const opened = (): Breaker => {
  let breaker: Breaker = closedBreaker;
  for (let failure = 0; failure < 5; failure += 1) breaker = end(breaker, "failure", 1000);
  return breaker;
};

describe("breaker", () => {
  it("opens after five failures in a row, a success between starts anew", () => {
    let breaker: Breaker = closedBreaker;
    for (const signal of ["failure", "failure", "failure", "failure", "success"] as const) {
      breaker = end(breaker, signal, 0);
    }
    expect(breaker).toEqual({ state: "closed", failuresInRow: 0 });
    expect(opened()).toEqual({
      state: "open",
      untilMs: 11_000,
      restMs: 10_000,
      trialSinceMs: null,
    });
  });

  it("counts neither the caller's faults nor rate limits", () => {
    let breaker: Breaker = { state: "closed", failuresInRow: 4 };
    breaker = end(end(breaker, "alive", 0), "neutral", 0);
    expect(breaker).toEqual({ state: "closed", failuresInRow: 4 });
  });

  it("lets one probe through when its rest is over, and closes when it succeeds", () => {
    const open = opened();
    expect(standingOf(open, 10_999)).toBe("resting");
    expect(standingOf(open, 11_000)).toBe("ready");
    const probing = breakerAfterStart(open, 11_000);
    expect(standingOf(probing, 11_001)).toBe("busy");
    expect(end(probing, "success", 12_000, 11_000)).toEqual(closedBreaker);
  });

  it("rests half as long again after each failed probe, at most 20 s", () => {
    let breaker = opened();
    const rests: number[] = [];
    for (let probe = 0; probe < 4 && breaker.state === "open"; probe += 1) {
      const { untilMs } = breaker;
      breaker = end(breakerAfterStart(breaker, untilMs), "failure", untilMs + 10, untilMs);
      if (breaker.state === "open") rests.push(breaker.restMs);
    }
    expect(rests).toEqual([15_000, 20_000, 20_000, 20_000]);
  });

  it("is not moved by attempts that began before the probe", () => {
    const probing = breakerAfterStart(opened(), 11_000);
    expect(end(probing, "failure", 11_500, 500)).toBe(probing);
    expect(end(probing, "success", 11_500, 500)).toBe(probing);
  });

  it("keeps its rest when a last resort fails, and closes when one succeeds", () => {
    const trying = breakerAfterStart(opened(), 5000);
    expect(standingOf(trying, 5001)).toBe("busy");
    expect(end(trying, "failure", 6000, 5000)).toEqual(opened());
    expect(end(trying, "success", 6000, 5000)).toEqual(closedBreaker);
  });

  it("gives up a probe whose end was never told", () => {
    expect(standingOf(breakerAfterStart(opened(), 11_000), 11_000 + 120_000)).toBe("ready");
  });
});
