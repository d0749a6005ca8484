import { lackMask, traitsOf } from "../constraints/bits.ts";
import { cacheReadRate, cacheWrite1hRate, cacheWrite5mRate } from "../cost/billed-rates.ts";
import type { CachePolicy, Rates } from "../cost/price-schedule.ts";
import type { Offering } from "../offering/offering.ts";

export const CACHE_NONE = 0;
export const CACHE_AUTO = 1;
export const CACHE_EXPLICIT = 2;

const cacheModes: Readonly<Record<CachePolicy["mode"], number>> = {
  none: CACHE_NONE,
  auto: CACHE_AUTO,
  explicit: CACHE_EXPLICIT,
};

// Places of a row's numbers: tokens, pico-USD per token and per request, ms.

export const OFFERING_CONTEXT_WINDOW: number = 0;
export const OFFERING_MAX_OUTPUT: number = 1;
export const OFFERING_TIER_MARK: number = 2;
export const OFFERING_INPUT: number = 3;
export const OFFERING_OUTPUT: number = 4;
export const OFFERING_CACHE_READ: number = 5;
export const OFFERING_CACHE_WRITE: number = 6;
export const OFFERING_CACHE_WRITE_1H: number = 7;
export const OFFERING_FEE: number = 8;
export const OFFERING_CACHE_MINIMUM: number = 9;
export const OFFERING_CACHE_BLOCK: number = 10;
export const OFFERING_TTFT_A: number = 11;
export const OFFERING_TTFT_B: number = 12;
export const OFFERING_LOAD: number = 13;
export const OFFERING_IN_FLIGHT: number = 14;
export const OFFERING_MS_PER_TOKEN: number = 15;
export const OFFERING_TTFT_TAIL: number = 16;
export const OFFERING_TOKEN_TAIL: number = 17;
export const OFFERING_OBSERVATIONS: number = 18;

// Places of a row's whole numbers: `traitsOf`, `lackMask`, places in `providers` and `tiers`, price kind
// (0 = the rates here hold up to the tier mark, 1 = hours or dates decide, 2 = no price), cache mode, one-hour
// flag, health, region (0 = unknown).

export const OFFERING_TRAITS: number = 0;
export const OFFERING_LACKS: number = 1;
export const OFFERING_PROVIDER: number = 2;
export const OFFERING_TIER: number = 3;
export const OFFERING_PRICE_KIND: number = 4;
export const OFFERING_CACHE_MODE: number = 5;
export const OFFERING_ONE_HOUR: number = 6;
export const OFFERING_HEALTH: number = 7;
export const OFFERING_REGION: number = 8;

// OFFERING_HEALTH: 0 = nothing to be looked at, a breaker that is not closed, failures lately.
export const HEALTH_TRIPPED: number = 1;
export const HEALTH_FAILED: number = 2;

/** Numbers of one row: a row lies together in memory, since a decision reads all of it. */
export const OFFERING_NUMBERS: number = 20;
export const OFFERING_BITS: number = 10;

/**
 * What a decision reads of each offering, flat: one row per offering, in ascending order of id. Prices,
 * windows and flags never change; latency, load and health are a view of what was learned, renewed by
 * `observe`.
 */
export type Columns = {
  readonly length: number;
  readonly numbers: Float64Array;
  readonly bits: Int32Array;
  readonly providers: ReadonlyMap<string, number>;
  readonly tiers: ReadonlyMap<string, number>;
};

export const numberOf = (columns: Columns, row: number, place: number): number =>
  columns.numbers[row * OFFERING_NUMBERS + place] ?? 0;

export const bitOf = (columns: Columns, row: number, place: number): number =>
  columns.bits[row * OFFERING_BITS + place] ?? 0;

export const setOffering = (columns: Columns, row: number, place: number, value: number): void => {
  columns.numbers[row * OFFERING_NUMBERS + place] = value;
};

export const setBit = (columns: Columns, row: number, place: number, value: number): void => {
  columns.bits[row * OFFERING_BITS + place] = value;
};

const places = (names: readonly string[]): Map<string, number> =>
  new Map([...new Set(names)].map((name, index) => [name, index]));

const priceKindOf = ({ price }: Offering): number => {
  if (price === null) return 2;
  const [first, ...others] = price.periods;
  return others.length === 0 && first.dayWindows.length === 0 ? 0 : 1;
};

const ratesOf = ({ price }: Offering, of: (rates: Rates) => number): number =>
  price === null ? 0 : of(price.periods[0].rates);

/** Rows of offerings in ascending order of id, nothing learned yet. */
export const columnsOf = (offerings: readonly Offering[]): Columns => {
  const columns: Columns = {
    length: offerings.length,
    numbers: new Float64Array(offerings.length * OFFERING_NUMBERS),
    bits: new Int32Array(offerings.length * OFFERING_BITS),
    providers: places(offerings.map(({ provider }) => provider)),
    tiers: places(["standard", ...offerings.map(({ tier }) => tier)]),
  };
  const regions = places(offerings.flatMap(({ region }) => region ?? []));
  for (const [row, offering] of offerings.entries()) {
    const { price, cache } = offering;
    const period = price?.periods[0];
    const numbers: readonly (readonly [number, number])[] = [
      [OFFERING_CONTEXT_WINDOW, offering.contextWindow ?? Infinity],
      [OFFERING_MAX_OUTPUT, offering.maxOutputTokens ?? Infinity],
      [OFFERING_TIER_MARK, period?.tiers[0]?.abovePromptTokens ?? Infinity],
      [OFFERING_INPUT, ratesOf(offering, ({ inputPicoUsd }) => inputPicoUsd)],
      [OFFERING_OUTPUT, ratesOf(offering, ({ outputPicoUsd }) => outputPicoUsd)],
      [OFFERING_CACHE_READ, ratesOf(offering, cacheReadRate)],
      [OFFERING_CACHE_WRITE, ratesOf(offering, cacheWrite5mRate)],
      [OFFERING_CACHE_WRITE_1H, ratesOf(offering, cacheWrite1hRate)],
      [OFFERING_FEE, period?.requestFeePicoUsd ?? 0],
      [OFFERING_CACHE_MINIMUM, cache.minimumTokens],
      [OFFERING_CACHE_BLOCK, Math.max(1, cache.blockTokens)],
    ];
    const bits: readonly (readonly [number, number])[] = [
      [OFFERING_TRAITS, traitsOf(offering)],
      [OFFERING_LACKS, lackMask(offering)],
      [OFFERING_PROVIDER, columns.providers.get(offering.provider) ?? 0],
      [OFFERING_TIER, columns.tiers.get(offering.tier) ?? 0],
      [OFFERING_PRICE_KIND, priceKindOf(offering)],
      [OFFERING_CACHE_MODE, cacheModes[cache.mode]],
      [OFFERING_ONE_HOUR, Number(cache.oneHour)],
      [OFFERING_REGION, offering.region === null ? 0 : (regions.get(offering.region) ?? 0) + 1],
    ];
    for (const [place, value] of numbers) setOffering(columns, row, place, value);
    for (const [place, value] of bits) setBit(columns, row, place, value);
  }
  return columns;
};
