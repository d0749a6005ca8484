import type { Rates } from "@pointsman/core";
import { picoUsdPerToken } from "./pico-usd.ts";

/** Rates in USD per million tokens under one set of names for both sources; absent = not stated. */
export type RateTable = {
  readonly input?: number;
  readonly output?: number;
  readonly cache_read?: number;
  readonly cache_write?: number;
  readonly cache_write_1h?: number;
  readonly reasoning?: number;
  readonly audio_input?: number;
  readonly audio_cache_read?: number;
  readonly audio_output?: number;
  readonly image_input?: number;
  readonly image_cache_read?: number;
  readonly image_output?: number;
  readonly video_input?: number;
  readonly video_output?: number;
};

export type RateName = keyof RateTable;

export const rateNames: readonly RateName[] = [
  "input",
  "output",
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "reasoning",
  "audio_input",
  "audio_cache_read",
  "audio_output",
  "image_input",
  "image_cache_read",
  "image_output",
  "video_input",
  "video_output",
];

const picoOrNull = (usd: number | undefined): number | null =>
  usd === undefined ? null : picoUsdPerToken(usd);

/** A table whose input and output are stated -> core's rates. */
export const ratesOf = (
  table: RateTable & { readonly input: number; readonly output: number },
): Rates => ({
  inputPicoUsd: picoUsdPerToken(table.input),
  outputPicoUsd: picoUsdPerToken(table.output),
  cacheReadPicoUsd: picoOrNull(table.cache_read),
  cacheWrite5mPicoUsd: picoOrNull(table.cache_write),
  cacheWrite1hPicoUsd: picoOrNull(table.cache_write_1h),
  reasoningPicoUsd: picoOrNull(table.reasoning),
  audioInputPicoUsd: picoOrNull(table.audio_input),
  audioCacheReadPicoUsd: picoOrNull(table.audio_cache_read),
  audioOutputPicoUsd: picoOrNull(table.audio_output),
  imageInputPicoUsd: picoOrNull(table.image_input),
  imageCacheReadPicoUsd: picoOrNull(table.image_cache_read),
  imageOutputPicoUsd: picoOrNull(table.image_output),
  videoInputPicoUsd: picoOrNull(table.video_input),
  videoOutputPicoUsd: picoOrNull(table.video_output),
});

/** Rates of the second table where the first states none. */
export const fillRates = (first: RateTable, second: RateTable): RateTable => ({
  ...second,
  ...first,
});

/**
 * Drops cache rates of 0 beside an input price: the sources write 0 for "no cache" or "storing is
 * free", and reading it as "these tokens are free" would bill a prompt at nothing.
 */
export const withoutPlaceholderZeros = (table: RateTable): RateTable => {
  if (table.input === undefined || table.input === 0) return table;
  const { cache_read, cache_write, cache_write_1h, ...rest } = table;
  return {
    ...rest,
    ...(cache_read ? { cache_read } : {}),
    ...(cache_write ? { cache_write } : {}),
    ...(cache_write_1h ? { cache_write_1h } : {}),
  };
};
