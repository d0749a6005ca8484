import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { periodOf } from "./budget-period.ts";
import type { BudgetPeriod } from "./budget-period.ts";

const at = (iso: string): number => Date.parse(iso);
const span = (period: BudgetPeriod, iso: string): readonly (string | null)[] => {
  const { startMs, endMs } = periodOf(period, at(iso));
  return [startMs, endMs].map((ms) => (ms === null ? null : new Date(ms).toISOString()));
};
const day = (date: string): string => `${date}T00:00:00.000Z`;

describe("periodOf", () => {
  it.each([
    ["daily", "2026-03-01T00:00:00Z", "2026-03-01", "2026-03-02"],
    ["daily", "2026-02-28T23:59:59.999Z", "2026-02-28", "2026-03-01"],
    ["weekly", "2026-11-22T23:59:59.999Z", "2026-11-16", "2026-11-23"],
    ["weekly", "2026-11-23T00:00:00Z", "2026-11-23", "2026-11-30"],
    ["weekly", "1969-12-31T12:00:00Z", "1969-12-29", "1970-01-05"],
    ["monthly", "2028-02-29T12:00:00Z", "2028-02-01", "2028-03-01"],
    ["monthly", "2026-12-31T23:59:59.999Z", "2026-12-01", "2027-01-01"],
  ] as const)("%s at %s", (period, now, start, end) => {
    expect(span(period, now)).toEqual([day(start), day(end)]);
  });

  it("has one window for a total", () => {
    expect(periodOf("total", at("2026-03-01T00:00:00Z"))).toEqual({ startMs: 0, endMs: null });
  });

  it("gives the calendar's own bounds, and windows that meet", () => {
    const instants = fc.integer({ min: at("1900-01-01"), max: at("2400-01-01") });
    fc.assert(
      fc.property(instants, (nowMs) => {
        const now = new Date(nowMs);
        const year = now.getUTCFullYear();
        const month = now.getUTCMonth();
        const date = now.getUTCDate();
        const monday = date - ((now.getUTCDay() + 6) % 7);
        expect(periodOf("daily", nowMs).startMs).toBe(Date.UTC(year, month, date));
        expect(periodOf("weekly", nowMs).startMs).toBe(Date.UTC(year, month, monday));
        expect(periodOf("monthly", nowMs)).toEqual({
          startMs: Date.UTC(year, month),
          endMs: Date.UTC(year, month + 1),
        });
        for (const period of ["daily", "weekly", "monthly"] as const) {
          const { startMs, endMs } = periodOf(period, nowMs);
          expect(nowMs).toBeGreaterThanOrEqual(startMs);
          expect(nowMs).toBeLessThan(endMs ?? 0);
          expect(periodOf(period, endMs ?? 0).startMs).toBe(endMs);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
