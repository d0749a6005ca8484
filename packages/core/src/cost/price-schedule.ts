/**
 * Rates in pico-dollars (10^-12 USD) per token, whole numbers: USD per million tokens × 10^6.
 * `null` = no rate of its own: `billed-rates.ts` says what such tokens cost (cache reads and
 * writes, audio, image and video input as input; reasoning, audio, image and video output as output).
 */
export type Rates = {
  readonly inputPicoUsd: number;
  readonly outputPicoUsd: number;
  readonly cacheReadPicoUsd: number | null;
  readonly cacheWrite5mPicoUsd: number | null;
  readonly cacheWrite1hPicoUsd: number | null;
  readonly reasoningPicoUsd: number | null;
  readonly audioInputPicoUsd: number | null;
  readonly audioCacheReadPicoUsd: number | null;
  readonly audioOutputPicoUsd: number | null;
  readonly imageInputPicoUsd: number | null;
  readonly imageOutputPicoUsd: number | null;
  /** Absent = `null`, as the next two. */
  readonly imageCacheReadPicoUsd?: number | null;
  readonly videoInputPicoUsd?: number | null;
  readonly videoOutputPicoUsd?: number | null;
};

/** Rates that hold when a prompt is longer than `abovePromptTokens`. */
export type PriceTier = {
  /** The tier applies to prompts of *more* than this many tokens, cached ones included. */
  readonly abovePromptTokens: number;
  readonly rates: Rates;
};

/** A window of the day in which a price period holds, minutes after 00:00 UTC, end exclusive. */
export type DayWindow = { readonly fromMinute: number; readonly toMinute: number };

/** One set of rates with the time in which it holds. */
export type PricePeriod = {
  /** Unix ms from which on it holds; `null` = always has. */
  readonly fromMs: number | null;
  /** Hours of the day in which it holds; empty = all day. */
  readonly dayWindows: readonly DayWindow[];
  readonly rates: Rates;
  /** Ascending by `abovePromptTokens`. */
  readonly tiers: readonly PriceTier[];
  /** Whether a tier re-prices the whole request or only the tokens above its mark. */
  readonly tierMode: "whole_request" | "marginal";
  /** Flat fee per request, pico-USD. */
  readonly requestFeePicoUsd: number;
  /** Per hosted web search, pico-USD. */
  readonly webSearchPicoUsd: number;
  /** Per hosted search in stored files, pico-USD. @default 0 */
  readonly fileSearchPicoUsd?: number;
  /** Storage of cached tokens, pico-USD per token and hour. */
  readonly cacheStoragePicoUsdPerTokenHour: number;
};

/**
 * Everything a provider asks for one offering. Of the periods that hold at a moment the *last* one
 * counts, so a list runs from the general to the particular.
 */
export type PriceSchedule = {
  readonly periods: readonly [PricePeriod, ...PricePeriod[]];
};

/** What is documented of a provider's prompt cache for one offering. */
export type CachePolicy = {
  /** `auto`: the provider caches by itself; `explicit`: only where the request marks it. */
  readonly mode: "none" | "auto" | "explicit";
  /** Shorter prompts neither read nor write. */
  readonly minimumTokens: number;
  /** Cached lengths are whole multiples of this. */
  readonly blockTokens: number;
  /** Documented lifetime since last use, seconds; `null` = not documented. */
  readonly ttlSeconds: number | null;
  /** Whether a one-hour entry can be asked for. */
  readonly oneHour: boolean;
};
