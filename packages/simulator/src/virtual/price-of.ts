import { costOf, flatSchedule } from "@pointsman/core";
import type { FlatRates, PriceSchedule } from "@pointsman/core";
import type { PromptShares } from "./virtual-request.ts";
import type { ListedProvider } from "./world-file.ts";

type WorldRates = ListedProvider["price"];

const flatRates = (rates: WorldRates): FlatRates => ({
  input: rates.in,
  output: rates.out,
  ...(rates.cache_read === null ? {} : { cacheRead: rates.cache_read }),
  ...(rates.cache_write === null ? {} : { cacheWrite: rates.cache_write }),
  ...(rates.cache_write_1h === null ? {} : { cacheWrite1h: rates.cache_write_1h }),
});

/** A world's price list as core's schedule; tiers re-price the whole request. */
export const scheduleOf = ({ price, tiers }: ListedProvider): PriceSchedule =>
  flatSchedule({
    ...flatRates(price),
    tiers: tiers.map((tier) => ({ abovePromptTokens: tier.above_in, ...flatRates(tier) })),
  });

/** What a call costs, whole pico-USD. */
export const priceOf = (
  schedule: PriceSchedule,
  call: PromptShares & { readonly inTokens: number; readonly outTokens: number },
): number =>
  costOf(
    schedule,
    {
      inputTokens: call.inTokens - call.cachedTokens - call.writtenTokens - call.written1hTokens,
      cacheReadTokens: call.cachedTokens,
      cacheWrite5mTokens: call.writtenTokens,
      cacheWrite1hTokens: call.written1hTokens,
      outputTokens: call.outTokens,
      reasoningTokens: 0,
    },
    0,
  );
