import { describe, expect, it } from "vitest";
import { emptyUsage } from "../usage/usage.ts";
import { cacheSavingsOf } from "./cache-savings.ts";
import { flatSchedule } from "./flat-schedule.ts";

const schedule = flatSchedule({ input: 1, output: 4, cacheRead: 0.1, cacheWrite: 1.25 });

describe("cacheSavingsOf", () => {
  it("is net of what writes cost on top", () => {
    const usage = {
      ...emptyUsage,
      inputTokens: 100,
      cacheReadTokens: 800,
      cacheWrite5mTokens: 100,
    };
    expect(cacheSavingsOf(schedule, usage, 0)).toEqual({
      picoUsd: 800 * 900_000 - 100 * 250_000,
      percent: 70,
    });
  });

  it("is null where writes cost more than reads saved", () => {
    expect(cacheSavingsOf(schedule, { ...emptyUsage, cacheWrite5mTokens: 10 }, 0)).toBeNull();
    expect(cacheSavingsOf(schedule, { ...emptyUsage, inputTokens: 10 }, 0)).toBeNull();
  });
});
