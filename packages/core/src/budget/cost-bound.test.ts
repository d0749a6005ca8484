import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf } from "../cost/cost-of.ts";
import { flatSchedule } from "../cost/flat-schedule.ts";
import { emptyUsage } from "../usage/usage.ts";
import { openWindow, roomOf } from "./budget-window.ts";
import { affordableOutputTokens, costBoundOf, holdOf } from "./cost-bound.ts";
import { reserveHold } from "./reserve-hold.ts";

const price = fc.integer({ min: 0, max: 20_000 }).map((milli) => milli / 1000);
const schedules = fc
  .record({
    input: price,
    output: price,
    cacheWrite: price,
    tier: fc.record({
      abovePromptTokens: fc.integer({ min: 1, max: 2000 }),
      input: price,
      output: price,
    }),
    tierMode: fc.constantFrom("whole_request" as const, "marginal" as const),
  })
  .map(({ tier, tierMode, ...rates }) => {
    const [period] = flatSchedule({ ...rates, tiers: [tier] }).periods;
    return { periods: [{ ...period, tierMode, requestFeePicoUsd: 1234 }] as const };
  });

describe("costBoundOf", () => {
  it("is never below what a call within it costs, whatever its buckets, length and tier", () => {
    const tokens = fc.nat(1000);
    const calls = fc.record({
      inputTokens: tokens,
      cacheWrite5mTokens: tokens,
      outputTokens: tokens,
      reasoningTokens: tokens,
    });
    fc.assert(
      fc.property(schedules, calls, tokens, (schedule, call, slack) => {
        const promptTokens = call.inputTokens + call.cacheWrite5mTokens + slack;
        const bound = costBoundOf(schedule, { promptTokens, atMs: 0 });
        const output = call.outputTokens + call.reasoningTokens;
        expect(holdOf(bound, output)).toBeGreaterThanOrEqual(
          costOf(schedule, { ...emptyUsage, ...call }, 0),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("counts other buckets where it is told that tokens may fall into them", () => {
    const schedule = flatSchedule({ input: 1, output: 2, cacheWrite: 1.25, cacheWrite1h: 2 });
    const question = { promptTokens: 10, atMs: 0 };
    expect(costBoundOf(schedule, question).promptPicoUsd).toBe(12_500_000);
    const promptBuckets = ["inputTokens", "cacheWrite1hTokens"] as const;
    expect(costBoundOf(schedule, { ...question, promptBuckets }).promptPicoUsd).toBe(20_000_000);
  });
});

describe("affordableOutputTokens", () => {
  it("is the most that fits: one token more costs more than what remains", () => {
    fc.assert(
      fc.property(schedules, fc.nat(2000), fc.bigInt(0n, 10n ** 12n), (schedule, n, remaining) => {
        const bound = costBoundOf(schedule, { promptTokens: n, atMs: 0 });
        const tokens = affordableOutputTokens(remaining, bound);
        if (tokens === Number.MAX_SAFE_INTEGER) return;
        if (tokens > 0) expect(BigInt(holdOf(bound, tokens))).toBeLessThanOrEqual(remaining);
        expect(BigInt(holdOf(bound, tokens + 1))).toBeGreaterThan(remaining);
      }),
      { numRuns: 500 },
    );
  });

  it("is exact past 2^53", () => {
    const bound = { promptPicoUsd: 7, outputTokenPicoUsd: 3 };
    expect(affordableOutputTokens(2n ** 53n + 7n, bound)).toBe(Number(2n ** 53n / 3n));
    expect(affordableOutputTokens(2n ** 62n, { ...bound, outputTokenPicoUsd: 1 })).toBe(
      Number.MAX_SAFE_INTEGER,
    );
    expect(affordableOutputTokens(6n, bound)).toBe(0);
  });

  it("a call is refused exactly when prompt and one token cost more than what is left", () => {
    fc.assert(
      fc.property(schedules, fc.nat(2000), fc.nat(300), (schedule, promptTokens, share) => {
        const bound = costBoundOf(schedule, { promptTokens, atMs: 0 });
        const leastPicoUsd = holdOf(bound, 1);
        // From nothing to three times the least, and exactly at it.
        const limitPicoUsd = (BigInt(leastPicoUsd) * BigInt(share)) / 100n;
        const window = openWindow({ period: "total", limitPicoUsd, enforce: true }, 0);
        const step = reserveHold([window], {
          leastPicoUsd,
          wantedPicoUsd: holdOf(bound, 500),
          leaseEndsAtMs: 1,
        });
        expect(step.status).toBe(BigInt(leastPicoUsd) > roomOf(window) ? "refused" : "granted");
        if (step.status === "refused") return;
        // What was granted and what is left beside it pay at least one token.
        const affordable = (step.roomPicoUsd ?? 0n) + BigInt(step.grantedPicoUsd);
        expect(affordableOutputTokens(affordable, bound)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
