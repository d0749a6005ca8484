import {
  OFFERING_MS_PER_TOKEN,
  OFFERING_TTFT_A,
  OFFERING_TTFT_B,
  numberOf,
} from "../state/columns.ts";
import {
  CHAT_CALLABLE,
  WIRE_BITS,
  ENABLED,
  POLICY_SHIFT,
  capabilityMask,
  strictness,
} from "../constraints/bits.ts";
import { meanListPriceUsdPer1m } from "../cost/list-price.ts";
import { known } from "../state/known.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { Learned, RouterState } from "../state/router-state.ts";

/** A request's wishes as numbers, to be held against columns. The same object at every call. */
export type Admission = {
  traits: number;
  needs: number;
  strictness: number;
  tier: number;
  /** Whether one of the constraints below is set. */
  constrained: boolean;
  request: RoutingRequest | null;
};

const admission: Admission = {
  traits: 0,
  needs: 0,
  strictness: 0,
  tier: 0,
  constrained: false,
  request: null,
};

export const admissionOf = (state: RouterState, request: RoutingRequest): Admission => {
  const { learned } = state;
  const { constraints, needs } = request;
  admission.traits = ENABLED | (needs.endpoint === "chat_completions" ? CHAT_CALLABLE : 0);
  if (needs.onlyWire !== undefined) admission.traits |= WIRE_BITS[needs.onlyWire.wire];
  admission.needs = capabilityMask(needs.capabilities);
  admission.strictness = strictness[constraints.dataPolicy ?? "none"] << POLICY_SHIFT;
  admission.tier =
    constraints.tier === undefined ? 0 : (learned.columns.tiers.get(constraints.tier) ?? -1);
  admission.constrained =
    state.options.plugs.filter !== undefined ||
    constraints.providers !== undefined ||
    constraints.excludeProviders !== undefined ||
    constraints.requireParameters === true ||
    constraints.maxCostPer1m !== undefined ||
    constraints.maxTtftMs !== undefined ||
    constraints.minThroughputTps !== undefined;
  admission.request = request;
  return admission;
};

/** The constraints that few requests set, one by one. */
export const admitsRare = (
  { learned, options }: RouterState,
  request: RoutingRequest,
  at: { readonly row: number; readonly nowMs: number; readonly promptTokens: number },
): boolean => {
  const { columns, rows } = learned;
  const { constraints } = request;
  const { row } = at;
  const { offering } = known(rows[row]);
  if (options.plugs.filter?.admits(offering, request) === false) return false;
  const { providers, excludeProviders, maxCostPer1m, maxTtftMs, minThroughputTps } = constraints;
  if (providers !== undefined && !providers.includes(offering.provider)) return false;
  if (excludeProviders !== undefined && excludeProviders.includes(offering.provider)) return false;
  if (
    constraints.requireParameters === true &&
    request.needs.parameters.some((name) => offering.unsupportedParameters.includes(name))
  )
    return false;
  if (
    maxCostPer1m !== undefined &&
    !(offering.price !== null && meanListPriceUsdPer1m(offering.price, at.nowMs) <= maxCostPer1m)
  )
    return false;
  if (maxTtftMs !== undefined && p50TtftMs(learned, row, at.promptTokens) > maxTtftMs) return false;
  return (
    minThroughputTps === undefined ||
    1000 / numberOf(columns, row, OFFERING_MS_PER_TOKEN) >= minThroughputTps
  );
};

/** p50 of TTFT for a prompt of so many uncached tokens, nothing else in flight. */
export const p50TtftMs = ({ columns }: Learned, row: number, promptTokens: number): number =>
  Math.max(
    1,
    numberOf(columns, row, OFFERING_TTFT_A) +
      numberOf(columns, row, OFFERING_TTFT_B) * promptTokens,
  );
