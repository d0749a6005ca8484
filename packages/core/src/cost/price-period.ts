import type { DayWindow, PricePeriod, PriceSchedule, PriceTier, Rates } from "./price-schedule.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

/** Minute of the UTC day, 0–1439. */
const minuteOfDay = (atMs: number): number => {
  const minute = Math.floor(atMs / MINUTE_MS) % DAY_MINUTES;
  return minute < 0 ? minute + DAY_MINUTES : minute;
};

/** A window whose end is not after its start runs past midnight; equal ends are the whole day. */
const windowHolds = (window: DayWindow, minute: number): boolean =>
  window.fromMinute < window.toMinute
    ? minute >= window.fromMinute && minute < window.toMinute
    : minute >= window.fromMinute || minute < window.toMinute;

const periodHolds = (period: PricePeriod, atMs: number): boolean => {
  if (period.fromMs !== null && atMs < period.fromMs) return false;
  if (period.dayWindows.length === 0) return true;
  const minute = minuteOfDay(atMs);
  return period.dayWindows.some((window) => windowHolds(window, minute));
};

/** The last period that holds at `atMs` (Unix ms, windows in UTC); the first one if none does. */
export const periodAt = (schedule: PriceSchedule, atMs: number): PricePeriod =>
  schedule.periods.findLast((period) => periodHolds(period, atMs)) ?? schedule.periods[0];

/** The highest tier that a prompt of so many tokens is longer than; `null` = base rates. */
export const tierFor = (period: PricePeriod, promptTokens: number): PriceTier | null =>
  period.tiers.findLast((tier) => promptTokens > tier.abovePromptTokens) ?? null;

/**
 * Rates that a prompt of so many tokens reaches at `atMs`: for `whole_request` schedules those of
 * every token of the request, for `marginal` ones those of the prompt's last token.
 */
export const ratesFor = (schedule: PriceSchedule, promptTokens: number, atMs: number): Rates => {
  const period = periodAt(schedule, atMs);
  return tierFor(period, promptTokens)?.rates ?? period.rates;
};
