import type { DayWindow } from "@pointsman/core";
import type {
  GenaiAmount,
  GenaiConstraint,
  GenaiModel,
  GenaiPriceSet,
} from "../source/genai-prices.ts";
import type { PriceDraft } from "./price-draft.ts";
import { withoutPlaceholderZeros } from "./rate-table.ts";
import type { RateName, RateTable } from "./rate-table.ts";

const namesOfKeys = [
  ["input_mtok", "input"],
  ["output_mtok", "output"],
  ["cache_read_mtok", "cache_read"],
  ["cache_write_mtok", "cache_write"],
  ["cache_write_1h_mtok", "cache_write_1h"],
  ["input_audio_mtok", "audio_input"],
  ["cache_audio_read_mtok", "audio_cache_read"],
  ["output_audio_mtok", "audio_output"],
  ["input_image_mtok", "image_input"],
  ["cache_image_read_mtok", "image_cache_read"],
  ["output_image_mtok", "image_output"],
  ["input_video_mtok", "video_input"],
  ["output_video_mtok", "video_output"],
] as const satisfies readonly (readonly [keyof GenaiPriceSet, RateName])[];

const baseOf = (amount: GenaiAmount | undefined): number =>
  amount === undefined ? 0 : typeof amount === "number" ? amount : amount.base;

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** A window over midnight becomes two; 00:00 as an end is the end of the day. */
const windowsOf = (constraint: GenaiConstraint | undefined): readonly DayWindow[] => {
  if (constraint?.type !== "time_of_date") return [];
  const fromMinute = minuteOf(constraint.start_time);
  const toMinute = minuteOf(constraint.end_time) || 1440;
  if (fromMinute < toMinute) return [{ fromMinute, toMinute }];
  return [
    { fromMinute, toMinute: 1440 },
    { fromMinute: 0, toMinute },
  ];
};

const tablesOf = (prices: GenaiPriceSet): Pick<PriceDraft, "rates" | "tiers"> => {
  const base: { -readonly [Name in RateName]?: number } = {};
  const tiers = new Map<number, { -readonly [Name in RateName]?: number }>();
  for (const [key, name] of namesOfKeys) {
    const amount = prices[key];
    if (amount === undefined) continue;
    base[name] = baseOf(amount);
    if (typeof amount === "number") continue;
    for (const { start, price } of amount.tiers) {
      const rates = tiers.get(start) ?? {};
      rates[name] = price;
      tiers.set(start, rates);
    }
  }
  const table: RateTable = withoutPlaceholderZeros(base);
  return {
    rates: table,
    tiers: [...tiers]
      .sort(([a], [b]) => a - b)
      .map(([start, rates]) => ({ abovePromptTokens: start, rates })),
  };
};

/**
 * What genai-prices says of a price, in its order: of the periods that hold, the last one counts.
 * A time-of-day entry holds from the dated entry before it on: the source cannot state both, and
 * its comments say that the hours came with that day.
 */
export const genaiPrice = (model: GenaiModel): readonly PriceDraft[] => {
  const entries = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  let fromMs: number | null = null;
  return entries.map(({ constraint, prices }) => {
    if (constraint?.type === "start_date") fromMs = Date.parse(constraint.start_date);
    return {
      fromMs,
      dayWindows: windowsOf(constraint),
      ...tablesOf(prices),
      requestUsdPerThousand: baseOf(prices.requests_kcount),
      webSearchUsdPerThousand: baseOf(prices.web_searches_kcount),
      fileSearchUsdPerThousand: baseOf(prices.storage_searches_kcount),
    };
  });
};
