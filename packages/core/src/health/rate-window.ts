/** Limits of an account at an offering, per minute; absent = none. */
export type RateLimits = {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
};

const WINDOW_MS = 60_000;

/**
 * Attempts of the last minute, oldest first: start, and the prompt tokens of it and all before it.
 * Mutated by `countAttempt` only.
 */
export type RateWindow = { readonly times: number[]; readonly totals: number[]; head: number };

export const newRateWindow = (): RateWindow => ({ times: [], totals: [], head: 0 });

/** First attempt that is still inside the window. */
const firstInside = ({ times, head }: RateWindow, nowMs: number): number => {
  let low = head;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= nowMs - WINDOW_MS) low = middle + 1;
    else high = middle;
  }
  return low;
};

const totalBefore = ({ totals }: RateWindow, index: number): number =>
  index === 0 ? 0 : (totals[index - 1] ?? 0);

export const countAttempt = (window: RateWindow, nowMs: number, tokens: number): void => {
  const { times, totals } = window;
  window.head = firstInside(window, nowMs);
  if (window.head > 1024 && window.head > times.length / 2) {
    const base = totalBefore(window, window.head);
    times.splice(0, window.head);
    totals.splice(0, window.head);
    for (let index = 0; index < totals.length; index += 1)
      totals[index] = (totals[index] ?? 0) - base;
    window.head = 0;
  }
  // Events may be told a little out of order; the window then counts the later moment.
  times.push(Math.max(nowMs, times.at(-1) ?? nowMs));
  totals.push((totals.at(-1) ?? 0) + tokens);
};

/**
 * Earliest moment at which an attempt of so many tokens keeps the limits, Unix ms; `nowMs` = now. A
 * single attempt is always let into an empty window.
 */
export const admittedAtMs = (
  window: RateWindow,
  limits: RateLimits,
  attempt: { readonly nowMs: number; readonly tokens: number },
): number => {
  const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = limits;
  const { times, totals } = window;
  const { nowMs, tokens } = attempt;
  const count = times.length;
  const total = totals[count - 1] ?? 0;
  const start = firstInside(window, nowMs);
  let first = start;
  while (
    first < count &&
    (count - first + 1 > requestsPerMinute ||
      total - totalBefore(window, first) + tokens > tokensPerMinute)
  ) {
    first += 1;
  }
  return first === start ? nowMs : (times[first - 1] ?? nowMs) + WINDOW_MS;
};

/** Share of the limits in use, 0–1: what is left is head-room. */
export const usedShare = (window: RateWindow, limits: RateLimits, nowMs: number): number => {
  const { requestsPerMinute = Infinity, tokensPerMinute = Infinity } = limits;
  const first = firstInside(window, nowMs);
  const tokens = (window.totals.at(-1) ?? 0) - totalBefore(window, first);
  return Math.min(
    1,
    Math.max((window.times.length - first) / requestsPerMinute, tokens / tokensPerMinute),
  );
};
