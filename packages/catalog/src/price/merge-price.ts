import type { PricePeriod, PriceSchedule } from "@pointsman/core";
import type { RateOverride } from "../source/overrides.ts";
import { periodOf } from "./price-draft.ts";
import type { PriceDraft } from "./price-draft.ts";
import { fillRates, rateNames } from "./rate-table.ts";
import type { RateName, RateTable } from "./rate-table.ts";

/** Who said a rate: the later or the earlier source, or an exception of this project. */
export type RateOrigin = "later" | "earlier" | "override";

export type MergedPrice = {
  /** `null` = neither source states both an input and an output rate. */
  readonly price: PriceSchedule | null;
  readonly origins: ReadonlyMap<RateName, RateOrigin>;
};

const applyOverride = (table: RateTable, set: RateOverride["set"]): RateTable => {
  const merged: Record<string, number> = { ...table };
  for (const [name, usd] of Object.entries(set)) {
    if (usd === null || usd === undefined) delete merged[name];
    else merged[name] = usd;
  }
  return merged;
};

/**
 * One price out of two sources. The later source gives the periods, tiers and every rate that it
 * states; the earlier one fills rates which the later does not state; an override comes last.
 */
export const mergePrice = (options: {
  readonly later: readonly PriceDraft[];
  readonly earlier: readonly PriceDraft[];
  readonly override: RateOverride["set"] | null;
}): MergedPrice => {
  const later = options.later.filter((draft) => Object.keys(draft.rates).length > 0);
  const fill = options.earlier[0]?.rates ?? {};
  const set = options.override ?? {};
  const bases: readonly PriceDraft[] =
    later.length > 0 ? later : options.earlier.length > 0 ? options.earlier : [emptyDraft];
  const drafts = bases.map((draft) => ({
    ...draft,
    rates: applyOverride(fillRates(draft.rates, fill), set),
  }));
  const periods: PricePeriod[] = [];
  for (const draft of drafts) {
    const period = periodOf(draft);
    if (period !== null) periods.push(period);
  }
  const origins = new Map<RateName, RateOrigin>();
  for (const name of rateNames) {
    if (name in set) origins.set(name, "override");
    else if (later.some((draft) => draft.rates[name] !== undefined)) origins.set(name, "later");
    else if (fill[name] !== undefined) origins.set(name, "earlier");
  }
  const [first, ...rest] = periods;
  return { price: first === undefined ? null : { periods: [first, ...rest] }, origins };
};

const emptyDraft: PriceDraft = {
  fromMs: null,
  dayWindows: [],
  rates: {},
  tiers: [],
  requestUsdPerThousand: 0,
  webSearchUsdPerThousand: 0,
  fileSearchUsdPerThousand: 0,
};
