import type { DayWindow, PricePeriod, Rates } from "@pointsman/core";
import type { CatalogModel, CatalogOffering } from "./catalog.ts";
import { usdPerMtok } from "./price/pico-usd.ts";

/** Rates in USD per million tokens; `null` = no rate of its own. */
export type UsdRates = {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | null;
  readonly cacheWrite5m: number | null;
  readonly cacheWrite1h: number | null;
};

/** One line of a price list. */
export type PriceRow = {
  readonly provider: string;
  readonly providerModelId: string;
  readonly tier: string;
  readonly quantization: string | null;
  readonly enabled: boolean;
  /** What holds at the moment asked about; `null` = no price is known. */
  readonly rates: UsdRates | null;
  /** Long prompts: `rates` hold for the whole request above the mark. */
  readonly tiers: readonly { readonly abovePromptTokens: number; readonly rates: UsdRates }[];
  /** Hours of the day (minutes UTC) in which other rates hold from that moment on. */
  readonly windows: readonly (DayWindow & { readonly rates: UsdRates })[];
  /** The next change that is known, Unix ms; `null` = none. */
  readonly changesAtMs: number | null;
  readonly contextWindow: number | null;
  readonly shutdownAtMs: number | null;
  /** Origin of the input price. */
  readonly source: string | null;
  readonly date: string | null;
};

const dayMs = 86_400_000;

const usdOrNull = (pico: number | null): number | null => (pico === null ? null : usdPerMtok(pico));

const usdRatesOf = (rates: Rates): UsdRates => ({
  input: usdPerMtok(rates.inputPicoUsd),
  output: usdPerMtok(rates.outputPicoUsd),
  cacheRead: usdOrNull(rates.cacheReadPicoUsd),
  cacheWrite5m: usdOrNull(rates.cacheWrite5mPicoUsd),
  cacheWrite1h: usdOrNull(rates.cacheWrite1hPicoUsd),
});

const begun = (period: PricePeriod, atMs: number): boolean =>
  period.fromMs === null || period.fromMs <= atMs;

const holds = (period: PricePeriod, atMs: number): boolean => {
  if (!begun(period, atMs)) return false;
  const minute = Math.floor((((atMs % dayMs) + dayMs) % dayMs) / 60_000);
  return (
    period.dayWindows.length === 0 ||
    period.dayWindows.some(({ fromMinute, toMinute }) => minute >= fromMinute && minute < toMinute)
  );
};

const rowOf = ({ offering, provenance, shutdownAtMs }: CatalogOffering, atMs: number): PriceRow => {
  const periods = offering.price?.periods ?? [];
  const now = periods.findLast((period) => holds(period, atMs));
  const later = periods.flatMap(({ fromMs }) => (fromMs !== null && fromMs > atMs ? [fromMs] : []));
  const origin = provenance["price.input"];
  return {
    provider: offering.provider,
    providerModelId: offering.providerModelId,
    tier: offering.tier,
    quantization: offering.quantization,
    enabled: offering.enabled,
    rates: now === undefined ? null : usdRatesOf(now.rates),
    tiers: (now?.tiers ?? []).map((tier) => ({
      abovePromptTokens: tier.abovePromptTokens,
      rates: usdRatesOf(tier.rates),
    })),
    windows: periods
      .filter((period) => begun(period, atMs))
      .flatMap(({ dayWindows, rates }) =>
        dayWindows.map((window) => ({ ...window, rates: usdRatesOf(rates) })),
      ),
    changesAtMs: later.length === 0 ? null : Math.min(...later),
    contextWindow: offering.contextWindow,
    shutdownAtMs,
    source: origin?.source ?? null,
    date: origin?.date ?? null,
  };
};

/**
 * A model's price list at a moment: one row per offering, cheapest input first, unknown prices
 * last. Of the periods that hold, the last one counts.
 */
export const describePrices = (model: CatalogModel, atMs: number): readonly PriceRow[] => {
  const sum = ({ rates }: PriceRow): number =>
    rates === null ? Number.POSITIVE_INFINITY : rates.input;
  return model.offerings
    .map((offering) => rowOf(offering, atMs))
    .sort((a, b) => {
      const [left, right] = [sum(a), sum(b)];
      return left === right ? 0 : left - right;
    });
};
