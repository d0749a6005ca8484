import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flatSchedule } from "../cost/flat-schedule.ts";
import { decide } from "../decide/decide.ts";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleOffering, exampleRequest } from "../testing/examples.ts";
import { admittedAtMs, countAttempt, newRateWindow, usedShare } from "./rate-window.ts";

const attempts = fc.array(
  fc.record({ gapMs: fc.integer({ min: 0, max: 9000 }), tokens: fc.integer({ min: 1, max: 900 }) }),
  { maxLength: 200 },
);
const limits = { requestsPerMinute: 12, tokensPerMinute: 4000 };

describe("rate window", () => {
  it("never lets a minute hold more than the limits, and never waits longer than needed", () => {
    fc.assert(
      fc.property(attempts, (list) => {
        const window = newRateWindow();
        const sent: { readonly atMs: number; readonly tokens: number }[] = [];
        const fits = (atMs: number, tokens: number): boolean => {
          const inside = sent.filter((other) => other.atMs > atMs - 60_000);
          const total = inside.reduce((sum, other) => sum + other.tokens, 0);
          return inside.length === 0 || (inside.length < 12 && total + tokens <= 4000);
        };
        let nowMs = 0;
        for (const { gapMs, tokens } of list) {
          nowMs += gapMs;
          const atMs = admittedAtMs(window, limits, { nowMs, tokens });
          expect(atMs).toBeGreaterThanOrEqual(nowMs);
          expect(fits(atMs, tokens)).toBe(true);
          if (atMs > nowMs) expect(fits(atMs - 1, tokens)).toBe(false);
          nowMs = atMs;
          countAttempt(window, nowMs, tokens);
          sent.push({ atMs: nowMs, tokens });
          expect(usedShare(window, limits, nowMs)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("keeps a decision away from a provider whose minute is used up", () => {
    const price = flatSchedule({ input: 2, output: 8 });
    const offerings = [exampleOffering("a"), exampleOffering("b", { price })];
    const state = createRouterState({ offerings, limits: { a: { requestsPerMinute: 2 } } });
    const request = exampleRequest(["a", "b"]);
    const first = (nowMs: number): string | undefined =>
      decide(state, request, { nowMs, seed: 1 }).candidates[0]?.offering.provider;
    const start = (nowMs: number): void => {
      observe(state, {
        type: "attempt_started",
        nowMs,
        offeringId: "a/m",
        credentialId: "a-platform",
        workspace: "w",
        promptTokens: 1000,
      });
    };
    start(1000);
    expect(first(2000)).toBe("a");
    start(2000);
    expect(first(60_999)).toBe("b");
    expect(first(61_000)).toBe("a");
    const { failure } = decide(state, exampleRequest(["a"]), { nowMs: 31_000, seed: 1 });
    expect(failure).toMatchObject({ code: "rate_limit_exceeded", retryAfterSeconds: 30 });
  });
});
