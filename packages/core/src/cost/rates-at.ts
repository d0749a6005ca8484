import { cacheReadRate, cacheWrite1hRate, cacheWrite5mRate } from "./billed-rates.ts";
import { ratesFor } from "./price-period.ts";
import type { PriceSchedule } from "./price-schedule.ts";

/** Rates that one prompt is billed at, pico-USD per token. The same object at every call. */
export type PromptRates = {
  input: number;
  read: number;
  write: number;
  write1h: number;
  output: number;
};

const reached: PromptRates = { input: 0, read: 0, write: 0, write1h: 0, output: 0 };

/** The rates that a prompt of so many tokens reaches, tier and hour included. */
export const promptRatesAt = (
  schedule: PriceSchedule,
  promptTokens: number,
  nowMs: number,
): PromptRates => {
  const rates = ratesFor(schedule, promptTokens, nowMs);
  reached.input = rates.inputPicoUsd;
  reached.read = cacheReadRate(rates);
  reached.write = cacheWrite5mRate(rates);
  reached.write1h = cacheWrite1hRate(rates);
  reached.output = rates.outputPicoUsd;
  return reached;
};
