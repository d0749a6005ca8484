import { firstDayOfMonth, monthOfDay } from "./civil-month.ts";

/** How often a budget begins anew; `total` never does. */
export type BudgetPeriod = "daily" | "weekly" | "monthly" | "total";

/** A stretch of time in which a budget's limit holds, Unix ms. */
export type TimeSpan = {
  readonly startMs: number;
  /** Exclusive; `null` = never ends. */
  readonly endMs: number | null;
};

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday. */
const DAYS_FROM_MONDAY_TO_EPOCH = 3;

const days = (from: number, to: number): TimeSpan => ({
  startMs: from * DAY_MS,
  endMs: to * DAY_MS,
});

/**
 * The window of a period that holds `nowMs`, in UTC: days from 00:00, weeks from Monday, months from
 * the first. A `total` budget has one window, which starts at 0.
 */
export const periodOf = (period: BudgetPeriod, nowMs: number): TimeSpan => {
  const day = Math.floor(nowMs / DAY_MS);
  switch (period) {
    case "daily":
      return days(day, day + 1);
    case "weekly": {
      const weekday = (((day + DAYS_FROM_MONDAY_TO_EPOCH) % 7) + 7) % 7;
      return days(day - weekday, day - weekday + 7);
    }
    case "monthly": {
      const month = monthOfDay(day);
      return days(firstDayOfMonth(month), firstDayOfMonth(month + 1));
    }
    case "total":
      break;
  }
  return { startMs: 0, endMs: null };
};
