import type { PricePeriod, PriceSchedule } from "@pointsman/core";
import type { GenaiModel } from "../source/genai-prices.ts";
import { genaiPrice } from "./genai-price.ts";
import { periodOf } from "./price-draft.ts";

/**
 * The price of one genai-prices entry as a schedule, chat model or not; a direction that it does not
 * price (an embedding has no output) costs nothing. `null` = it prices no tokens at all, but
 * seconds, pages or messages.
 *
 * @throws RangeError if a price is no whole number of pico-dollars
 */
export const genaiSchedule = (model: GenaiModel): PriceSchedule | null => {
  const periods: PricePeriod[] = [];
  for (const draft of genaiPrice(model)) {
    if (Object.keys(draft.rates).length === 0) continue;
    const period = periodOf({ ...draft, rates: { input: 0, output: 0, ...draft.rates } });
    if (period !== null) periods.push(period);
  }
  const [first, ...rest] = periods;
  return first === undefined ? null : { periods: [first, ...rest] };
};
