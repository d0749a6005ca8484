import { meanListPriceUsdPer1m } from "../cost/list-price.ts";
import type { Track } from "../state/router-state.ts";
import type { Filter } from "./filter.ts";

const round = (value: number): number => Number(value.toPrecision(6));

/** The offering whose value is smallest; ties by id. */
const nearest = (
  tracks: readonly [Track, ...Track[]],
  valueOf: (track: Track) => number,
): { readonly id: string; readonly value: number } =>
  tracks
    .map((track) => ({ id: track.offering.id, value: valueOf(track) }))
    .reduce((best, next) =>
      next.value < best.value || (next.value === best.value && next.id < best.id) ? next : best,
    );

/** Unknown prices do not keep a price ceiling. */
const listPriceAt = ({ offering }: Track, atMs: number): number =>
  offering.price === null ? Infinity : meanListPriceUsdPer1m(offering.price, atMs);

/** `max_cost_per_1m`: mean of list input and output price. */
export const costCeilingFilter: Filter = {
  admits: (track, { request, nowMs }) =>
    request.constraints.maxCostPer1m === undefined ||
    listPriceAt(track, nowMs) <= request.constraints.maxCostPer1m,
  reason: (rejected, { request, nowMs }) => {
    const best = nearest(rejected, (track) => listPriceAt(track, nowMs));
    const ceiling = `No offering left costs at most ${request.constraints.maxCostPer1m} USD per 1M tokens`;
    return best.value === Infinity
      ? {
          code: "cost_constraint_exceeded",
          param: "gateway.routing.max_cost_per_1m",
          message: `${ceiling}; no price is known.`,
        }
      : {
          code: "cost_constraint_exceeded",
          param: "gateway.routing.max_cost_per_1m",
          message: `${ceiling}; the nearest, ${best.id}, costs ${round(best.value)}.`,
          suggestion: `Raise gateway.routing.max_cost_per_1m to ${round(best.value)}.`,
        };
  },
};

/** `max_ttft_ms`: p50 of TTFT for this prompt, learned or believed beforehand. */
export const ttftCeilingFilter: Filter = {
  admits: (track, { request, ttftMsAt }) =>
    request.constraints.maxTtftMs === undefined || ttftMsAt(track) <= request.constraints.maxTtftMs,
  reason: (rejected, { request, ttftMsAt }) => {
    const best = nearest(rejected, ttftMsAt);
    return {
      code: "latency_constraint_exceeded",
      param: "gateway.routing.max_ttft_ms",
      message: `No offering left is expected to answer within ${request.constraints.maxTtftMs} ms; the nearest, ${best.id}, takes ${Math.ceil(best.value)} ms.`,
      suggestion: `Raise gateway.routing.max_ttft_ms to ${Math.ceil(best.value)}.`,
    };
  },
};

/** `min_throughput_tps`: p50 of output tokens a second, learned or believed beforehand. */
export const throughputFloorFilter: Filter = {
  admits: (track, { request, throughputTpsAt }) =>
    request.constraints.minThroughputTps === undefined ||
    throughputTpsAt(track) >= request.constraints.minThroughputTps,
  reason: (rejected, { request, throughputTpsAt }) => {
    const best = nearest(rejected, (track) => -throughputTpsAt(track));
    return {
      code: "throughput_constraint_not_met",
      param: "gateway.routing.min_throughput_tps",
      message: `No offering left is expected to reach ${request.constraints.minThroughputTps} tokens/s; the nearest, ${best.id}, reaches ${Math.floor(-best.value)}.`,
      suggestion: `Lower gateway.routing.min_throughput_tps to ${Math.floor(-best.value)}.`,
    };
  },
};
