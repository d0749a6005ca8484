import { PICO_PER_USD } from "../cost/usd.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { CompleteRouterOptions } from "../state/router-options.ts";
import type { Learned } from "../state/router-state.ts";

/** Mean cost of a request, pico-USD; this one's cheapest place counts as one more, if it has a price. */
export const meanCost = ({ meanCost: { weight, sumPicoUsd } }: Learned, cheapest: number): number =>
  (sumPicoUsd + (cheapest === Infinity ? 0 : cheapest)) / (weight + 1);

/** What a millisecond is worth, pico-USD: the workspace's own value, else a share of the mean cost. */
export const valueOfMs = (
  options: CompleteRouterOptions,
  { valueOfTimeUsdPerSecond: absolute }: RoutingRequest,
  mean: number,
): number => (absolute === undefined ? mean * options.secondShare : absolute * PICO_PER_USD) / 1000;
