import { flatSchedule } from "@pointsman/core";
import type { FlatRates, PriceSchedule } from "@pointsman/core";
import type { ModelPrice } from "./model-schema.ts";

type FileRates = Readonly<Omit<ModelPrice, "tiers">>;

/** The file says `null` where core leaves out. */
const ratesOf = ({ input, output, cacheRead, cacheWrite, cacheWrite1h }: FileRates): FlatRates => ({
  input,
  output,
  ...(cacheRead === null ? {} : { cacheRead }),
  ...(cacheWrite === null ? {} : { cacheWrite }),
  ...(cacheWrite1h === null ? {} : { cacheWrite1h }),
});

/** A configured price as core's schedule: one period, tiers for the whole request, no fees. */
export const priceScheduleOf = (
  price: FileRates & { readonly tiers: readonly Readonly<ModelPrice["tiers"][number]>[] },
): PriceSchedule =>
  flatSchedule({
    ...ratesOf(price),
    tiers: price.tiers.map((tier) => ({ abovePromptTokens: tier.above, ...ratesOf(tier) })),
  });
