import type { Rejection } from "../decide/decision.ts";
import type { Track } from "../state/router-state.ts";
import { credentialsFilter, enabledFilter, endpointFilter } from "./availability.ts";
import { capabilitiesFilter } from "./capabilities.ts";
import { costCeilingFilter, throughputFloorFilter, ttftCeilingFilter } from "./ceilings.ts";
import { contextWindowFilter } from "./context-window.ts";
import { dataPolicyFilter } from "./data-policy.ts";
import type { Filter, FilterContext } from "./filter.ts";
import { requiredParametersFilter } from "./parameters.ts";
import { allowListFilter, denyListFilter } from "./providers.ts";
import { tierFilter } from "./tier.ts";

/** In the order of docs/contract.md §6: the first that empties the set names the error. */
const filters: readonly Filter[] = [
  enabledFilter,
  endpointFilter,
  credentialsFilter,
  allowListFilter,
  denyListFilter,
  dataPolicyFilter,
  tierFilter,
  capabilitiesFilter,
  contextWindowFilter,
  requiredParametersFilter,
  costCeilingFilter,
  ttftCeilingFilter,
  throughputFloorFilter,
];

/** What the filters left: offerings, or the reason why there are none. */
export type Filtered =
  | { readonly left: readonly Track[]; readonly failure: null }
  | { readonly left: readonly []; readonly failure: Rejection };

export const isNonEmpty = <Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] =>
  items.length > 0;

/** Applies all filters in order. `onRejected` hears of every offering that is turned away. */
export const applyFilters = (
  tracks: readonly [Track, ...Track[]],
  context: FilterContext,
  onRejected?: (track: Track, reason: Rejection) => void,
): Filtered => {
  let left = tracks;
  for (const filter of filters) {
    const rejected = left.filter((track) => !filter.admits(track, context));
    if (!isNonEmpty(rejected)) continue;
    for (const track of rejected) onRejected?.(track, filter.reason([track], context));
    const admitted = left.filter((track) => filter.admits(track, context));
    if (!isNonEmpty(admitted)) return { left: [], failure: filter.reason(rejected, context) };
    left = admitted;
  }
  return { left, failure: null };
};
