import type { PriceSchedule, Rates } from "./price-schedule.ts";
import { picoPerTokenFromUsdPerMtok } from "./usd.ts";

/** Text rates in USD per million tokens; absent = no rate of its own (see `Rates`). */
export type FlatRates = {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  /** Writes that live about five minutes. */
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
};

/** A price list without hours or dates. */
export type FlatPrices = FlatRates & {
  /** Rates of prompts above a mark; they re-price the whole request. Any order. */
  readonly tiers?: readonly (FlatRates & { readonly abovePromptTokens: number })[];
};

const pico = (usdPerMtok: number | undefined): number | null =>
  usdPerMtok === undefined ? null : picoPerTokenFromUsdPerMtok(usdPerMtok);

const ratesOf = (rates: FlatRates): Rates => ({
  inputPicoUsd: picoPerTokenFromUsdPerMtok(rates.input),
  outputPicoUsd: picoPerTokenFromUsdPerMtok(rates.output),
  cacheReadPicoUsd: pico(rates.cacheRead),
  cacheWrite5mPicoUsd: pico(rates.cacheWrite),
  cacheWrite1hPicoUsd: pico(rates.cacheWrite1h),
  reasoningPicoUsd: null,
  audioInputPicoUsd: null,
  audioCacheReadPicoUsd: null,
  audioOutputPicoUsd: null,
  imageInputPicoUsd: null,
  imageOutputPicoUsd: null,
});

/**
 * A schedule of one period from prices in USD per million tokens.
 *
 * @throws RangeError as `picoPerTokenFromUsdPerMtok`.
 */
export const flatSchedule = (prices: FlatPrices): PriceSchedule => ({
  periods: [
    {
      fromMs: null,
      dayWindows: [],
      rates: ratesOf(prices),
      tiers: (prices.tiers ?? [])
        .map((tier) => ({ abovePromptTokens: tier.abovePromptTokens, rates: ratesOf(tier) }))
        .sort((a, b) => a.abovePromptTokens - b.abovePromptTokens),
      tierMode: "whole_request",
      requestFeePicoUsd: 0,
      webSearchPicoUsd: 0,
      cacheStoragePicoUsdPerTokenHour: 0,
    },
  ],
});
