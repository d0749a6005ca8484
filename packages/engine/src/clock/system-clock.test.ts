import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "./system-clock.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

test("a timer fires once, later when refreshed, not when cancelled", () => {
  const fired: string[] = [];
  const timer = systemClock.timer(100, () => fired.push("a"));
  vi.advanceTimersByTime(60);
  timer.refresh();
  vi.advanceTimersByTime(60);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(60);
  expect(fired).toEqual(["a"]);
  const other = systemClock.timer(100, () => fired.push("b"));
  other.cancel();
  vi.advanceTimersByTime(200);
  expect(fired).toEqual(["a"]);
});

test("a timer that was cancelled, or has fired, runs again once it is refreshed", () => {
  const fired: string[] = [];
  const timer = systemClock.timer(100, () => fired.push("a"));
  timer.cancel();
  timer.refresh();
  vi.advanceTimersByTime(100);
  expect(fired).toEqual(["a"]);
  timer.refresh();
  vi.advanceTimersByTime(100);
  expect(fired).toEqual(["a", "a"]);
});
