import { describe, expect, it } from "vitest";
import { completePrior, expectedLatency, learnLatency, newLatencyFit } from "./latency-fit.ts";

const prior = completePrior(undefined);

describe("latency fit", () => {
  it("says the prior before anything was seen", () => {
    const latency = expectedLatency(newLatencyFit(), prior, 10_000);
    expect(latency.ttftMs).toBeCloseTo(1200, 6);
    expect(latency.msPerToken).toBe(15);
    expect(latency.ttftP95Ms).toBeGreaterThan(latency.ttftMs);
  });

  it("finds intercept, slope and time per token", () => {
    const fit = newLatencyFit();
    for (let turn = 0; turn < 200; turn += 1) {
      const uncachedTokens = (turn % 10) * 2000;
      const ttftMs = 200 + 0.15 * uncachedTokens;
      learnLatency(fit, prior, {
        nowMs: turn * 1000,
        uncachedTokens,
        ttftMs,
        totalMs: ttftMs + 99 * 8,
        outputTokens: 100,
      });
    }
    expect(expectedLatency(fit, prior, 0).ttftMs).toBeGreaterThan(180);
    expect(expectedLatency(fit, prior, 0).ttftMs).toBeLessThan(260);
    expect(Math.abs(expectedLatency(fit, prior, 20_000).ttftMs - 3200)).toBeLessThan(100);
    expect(Math.abs(expectedLatency(fit, prior, 0).msPerToken - 8)).toBeLessThan(0.5);
    expect(fit.observations).toBe(200);
  });

  it("follows a change within some dozens of observations", () => {
    const fit = newLatencyFit();
    const see = (ttftMs: number, from: number, count: number): void => {
      for (let turn = 0; turn < count; turn += 1) {
        learnLatency(fit, prior, {
          nowMs: (from + turn) * 1000,
          uncachedTokens: 1000,
          ttftMs,
          totalMs: ttftMs,
          outputTokens: 0,
        });
      }
    };
    see(300, 0, 200);
    see(3000, 200, 80);
    expect(expectedLatency(fit, prior, 1000).ttftMs).toBeGreaterThan(2300);
  });

  it("forgets with time: one new observation weighs more after a day than after a second", () => {
    const after = (pauseMs: number): number => {
      const fit = newLatencyFit();
      for (let turn = 0; turn < 50; turn += 1) {
        learnLatency(fit, prior, {
          nowMs: turn,
          uncachedTokens: 0,
          ttftMs: 300,
          totalMs: 300,
          outputTokens: 0,
        });
      }
      learnLatency(fit, prior, {
        nowMs: pauseMs,
        uncachedTokens: 0,
        ttftMs: 5000,
        totalMs: 5000,
        outputTokens: 0,
      });
      return expectedLatency(fit, prior, 0).ttftMs;
    };
    expect(after(86_400_000)).toBeGreaterThan(2 * after(1000));
  });
});
