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

/**
 * What a decision reads of each offering, as flat columns: one row per offering, in ascending order of
 * id. The first part never changes; the second is a view of what was learned, renewed by `observe`.
 */
export type Columns = {
  readonly length: number;
  /** `traitsOf`. */
  readonly traits: Int32Array;
  /** `lackMask`. */
  readonly lacks: Int32Array;
  /** Place in `providers` and in `tiers`. */
  readonly provider: Int32Array;
  readonly tier: Int32Array;
  readonly providers: ReadonlyMap<string, number>;
  readonly tiers: ReadonlyMap<string, number>;
  /** Tokens; `Infinity` = unknown. */
  readonly contextWindow: Float64Array;
  readonly maxOutput: Float64Array;
  /** 0: the rates here hold for prompts up to `tierMark`; 1: hours or dates decide; 2: no price. */
  readonly priceKind: Uint8Array;
  /** Longer prompts reach a tier; `Infinity` = none. */
  readonly tierMark: Float64Array;
  /** Pico-USD per token, and per request. */
  readonly input: Float64Array;
  readonly output: Float64Array;
  readonly cacheRead: Float64Array;
  readonly cacheWrite: Float64Array;
  readonly cacheWrite1h: Float64Array;
  readonly fee: Float64Array;
  readonly cacheMode: Uint8Array;
  readonly cacheMinimum: Float64Array;
  readonly cacheBlock: Float64Array;
  readonly oneHour: Uint8Array;

  /** TTFT = max(1, a + b · uncached tokens) · (1 + load · in flight), ms. */
  readonly ttftA: Float64Array;
  readonly ttftB: Float64Array;
  readonly load: Float64Array;
  readonly inFlight: Float64Array;
  readonly msPerToken: Float64Array;
  /** 0.95 quantile / expected value. */
  readonly ttftTail: Float64Array;
  readonly tokenTail: Float64Array;
  readonly observations: Float64Array;
  /** 1 = its breaker is not closed. */
  readonly tripped: Uint8Array;
  /** 1 = failed lately: odds of success have to be worked out. */
  readonly failed: Uint8Array;
};

const places = (names: readonly string[]): Map<string, number> =>
  new Map([...new Set(names)].map((name, index) => [name, index]));

/** Columns of offerings in ascending order of id, nothing learned yet. */
export const columnsOf = (offerings: readonly Offering[]): Columns => {
  const numbers = (of: (offering: Offering) => number): Float64Array =>
    Float64Array.from(offerings, of);
  const rate = (of: (rates: Rates) => number): Float64Array =>
    numbers(({ price }) => (price === null ? 0 : of(price.periods[0].rates)));
  const providers = places(offerings.map(({ provider }) => provider));
  const tiers = places(["standard", ...offerings.map(({ tier }) => tier)]);
  const empty = (): Float64Array => new Float64Array(offerings.length);
  return {
    length: offerings.length,
    traits: Int32Array.from(offerings, traitsOf),
    lacks: Int32Array.from(offerings, lackMask),
    provider: Int32Array.from(offerings, ({ provider }) => providers.get(provider) ?? 0),
    tier: Int32Array.from(offerings, ({ tier }) => tiers.get(tier) ?? 0),
    providers,
    tiers,
    contextWindow: numbers(({ contextWindow }) => contextWindow ?? Infinity),
    maxOutput: numbers(({ maxOutputTokens }) => maxOutputTokens ?? Infinity),
    priceKind: Uint8Array.from(offerings, ({ price }) => {
      if (price === null) return 2;
      const [first, ...others] = price.periods;
      return others.length === 0 && first.dayWindows.length === 0 ? 0 : 1;
    }),
    tierMark: numbers(({ price }) => price?.periods[0].tiers[0]?.abovePromptTokens ?? Infinity),
    input: rate(({ inputPicoUsd }) => inputPicoUsd),
    output: rate(({ outputPicoUsd }) => outputPicoUsd),
    cacheRead: rate(cacheReadRate),
    cacheWrite: rate(cacheWrite5mRate),
    cacheWrite1h: rate(cacheWrite1hRate),
    fee: numbers(({ price }) => price?.periods[0].requestFeePicoUsd ?? 0),
    cacheMode: Uint8Array.from(offerings, ({ cache }) => cacheModes[cache.mode]),
    cacheMinimum: numbers(({ cache }) => cache.minimumTokens),
    cacheBlock: numbers(({ cache }) => Math.max(1, cache.blockTokens)),
    oneHour: Uint8Array.from(offerings, ({ cache }) => Number(cache.oneHour)),
    ttftA: empty(),
    ttftB: empty(),
    load: empty(),
    inFlight: empty(),
    msPerToken: empty(),
    ttftTail: empty(),
    tokenTail: empty(),
    observations: empty(),
    tripped: new Uint8Array(offerings.length),
    failed: new Uint8Array(offerings.length),
  };
};
