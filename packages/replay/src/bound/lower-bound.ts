import type { ReplayWorld } from "@pointsman/simulator";
import type { Trace } from "../trace/read-trace.ts";
import { idealCosts } from "./ideal-costs.ts";
import type { IdealCosts } from "./ideal-costs.ts";

const MINUTE_MS = 60_000;
const ROUNDS = 400;

/** What a provider can take over the whole trace; `Infinity` = no limit. */
type Capacity = { readonly requests: number; readonly tokens: number };

/** One round of the dual: every request where it is cheapest with the multipliers on top. */
type Round = {
  readonly picoUsd: number;
  readonly requests: Float64Array;
  readonly tokens: Float64Array;
};

const assign = (
  trace: Trace,
  { picoUsd, providers }: IdealCosts,
  perRequest: Float64Array,
  perToken: Float64Array,
): Round => {
  const requests = new Float64Array(providers);
  const tokens = new Float64Array(providers);
  let sum = 0;
  for (const [row, { inTokens }] of trace.requests.entries()) {
    let least = Infinity;
    let best = -1;
    for (let column = 0; column < providers; column += 1) {
      const cost =
        (picoUsd[row * providers + column] ?? Infinity) +
        (perRequest[column] ?? 0) +
        (perToken[column] ?? 0) * inTokens;
      if (cost < least) {
        least = cost;
        best = column;
      }
    }
    // A request that fits nowhere is free: a bound may be too low, never too high.
    if (best === -1) continue;
    sum += least;
    requests[best] = (requests[best] ?? 0) + 1;
    tokens[best] = (tokens[best] ?? 0) + inTokens;
  }
  return { picoUsd: sum, requests, tokens };
};

/** Moves one multiplier along its subgradient, in steps of a share of the mean cost per unit. */
const step = (
  multipliers: Float64Array,
  column: number,
  options: { readonly used: number; readonly capacity: number; readonly size: number },
): void => {
  const { used, capacity, size } = options;
  if (capacity === Infinity) return;
  multipliers[column] = Math.max(
    0,
    (multipliers[column] ?? 0) + size * Math.max(-1, Math.min(1, (used - capacity) / capacity)),
  );
};

const priced = (multipliers: Float64Array, capacities: readonly number[]): number =>
  capacities.reduce((sum, capacity, column) => {
    const multiplier = multipliers[column] ?? 0;
    return multiplier === 0 ? sum : sum + multiplier * capacity;
  }, 0);

/**
 * The largest value found of the Lagrangian dual, by subgradient ascent from zero: each value of it
 * is a lower bound, whether or not the ascent has converged.
 */
const dualBound = (trace: Trace, costs: IdealCosts, capacities: readonly Capacity[]): number => {
  const perRequest = new Float64Array(costs.providers);
  const perToken = new Float64Array(costs.providers);
  const free = assign(trace, costs, perRequest, perToken).picoUsd;
  const totalTokens = trace.requests.reduce((sum, { inTokens }) => sum + inTokens, 0);
  let best = free;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { picoUsd, requests, tokens } = assign(trace, costs, perRequest, perToken);
    const value =
      picoUsd -
      priced(
        perRequest,
        capacities.map((capacity) => capacity.requests),
      ) -
      priced(
        perToken,
        capacities.map((capacity) => capacity.tokens),
      );
    best = Math.max(best, value);
    const size = 0.5 / (1 + round / 8);
    for (const [column, capacity] of capacities.entries()) {
      step(perRequest, column, {
        used: requests[column] ?? 0,
        capacity: capacity.requests,
        size: (size * free) / trace.requests.length,
      });
      step(perToken, column, {
        used: tokens[column] ?? 0,
        capacity: capacity.tokens,
        size: (size * free) / totalTokens,
      });
    }
  }
  return best;
};

/**
 * What no policy can go below, USD: each request at its cheapest provider with every earlier request
 * cached there; with rate limits, the Lagrangian dual of that over the capacity of the whole trace.
 * Cache writes that a policy must ask for are left out.
 */
export const lowerBoundUsd = (trace: Trace, world: ReplayWorld): number => {
  const costs = idealCosts(trace, world);
  const minutes = trace.lengthMs / MINUTE_MS;
  const capacities = world.providers.map(({ limits }) => ({
    requests: limits.rpm === null ? Infinity : limits.rpm * minutes,
    tokens: limits.tpm === null ? Infinity : limits.tpm * minutes,
  }));
  const isLimited = capacities.some((capacity) => Math.min(...Object.values(capacity)) < Infinity);
  const nothing = new Float64Array(costs.providers);
  const picoUsd =
    isLimited && minutes > 0
      ? dualBound(trace, costs, capacities)
      : assign(trace, costs, nothing, nothing).picoUsd;
  return picoUsd / 1e12;
};
