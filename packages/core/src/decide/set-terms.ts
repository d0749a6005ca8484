import { PICO_PER_USD } from "../cost/usd.ts";
import type { Evaluation } from "./evaluate.ts";

/** From this share of the SLO on, seconds become dearer; at the SLO itself they cost the full rate. */
const NEAR_SLO = 0.7;
/** Weight of this request's own cheapest cost in the mean cost of a request. */
const OWN_WEIGHT = 1;

/** Mean cost of a request, this one's cheapest place counted in; pico-USD. */
const meanCostOf = ({ state, scratch, count }: Evaluation): number => {
  // Written out, since an imported name is read anew at every use: half the time of this loop.
  const CELLS = 32;
  const NOW = 11;
  const { cells } = scratch;
  const { weight, sumPicoUsd } = state.learned.meanCost;
  let cheapest = Infinity;
  for (let at = 0; at < count * CELLS; at += CELLS) {
    const now = cells[at + NOW] ?? 0;
    if (now < cheapest) cheapest = now;
  }
  return (sumPicoUsd + (cheapest === Infinity ? 0 : cheapest) * OWN_WEIGHT) / (weight + OWN_WEIGHT);
};

/**
 * Terms are what an answer costs and takes *per success*: each value divided by the odds that the
 * attempt succeeds. The cost term is this request + what follows from it + the value of the time that
 * the caller waits: to the first content of a stream, to the end of anything else.
 */
export const setTerms = (evaluation: Evaluation): void => {
  const CACHED = 20;
  const CELLS = 32;
  const COST_TERM = 26;
  const GROUP = 3;
  const NOW = 11;
  const ODDS = 19;
  const OFFERING_IN_FLIGHT = 14;
  const OFFERING_LOAD = 13;
  const OFFERING_MS_PER_TOKEN = 15;
  const OFFERING_NUMBERS = 20;
  const OFFERING_TOKEN_TAIL = 17;
  const OFFERING_TTFT_A = 11;
  const OFFERING_TTFT_B = 12;
  const OFFERING_TTFT_TAIL = 16;
  const OUTPUT_TOKENS = 23;
  const ROW = 0;
  const TIME = 18;
  const TOKEN_TERM = 28;
  const TO_GO = 16;
  const TTFT = 24;
  const TTFT_TERM = 27;
  const { state, request, scratch, count, groups } = evaluation;
  const { options, learned } = state;
  const { numbers } = learned.columns;
  const { cells } = scratch;
  const { slo, stream, valueOfTimeUsdPerSecond: absolute } = request;
  const mean = absolute === undefined ? meanCostOf(evaluation) : 0;
  // A second's worth is given per ms.
  const slow =
    absolute === undefined ? (mean * options.secondShare) / 1000 : (absolute * PICO_PER_USD) / 1000;
  const dearer = (mean * (options.secondShareOverSlo - options.secondShare)) / 1000;
  const limited = slo !== undefined && absolute === undefined;
  const wantsTtftTail = request.ttftPercentile === "p95";
  const wantsTokenTail = request.throughputPercentile === "p95";
  let k = 0;
  for (let g = 0; g < groups.length; g += 1) {
    const tokens = (groups[g]?.prompt.tokens ?? 0) * 1;
    const limitMs = limited ? slo.ttftMs + (slo.ttftMsPer1kIn * tokens) / 1000 : 0;
    for (; k < count; k += 1) {
      const at = k * CELLS;
      if ((cells[at + GROUP] ?? 0) !== g) break;
      const i = (cells[at + ROW] ?? 0) * OFFERING_NUMBERS;
      const line =
        (numbers[i + OFFERING_TTFT_A] ?? 0) +
        (numbers[i + OFFERING_TTFT_B] ?? 0) * (tokens - (cells[at + CACHED] ?? 0));
      const ttft =
        (line > 1 ? line : 1) *
        (1 + (numbers[i + OFFERING_LOAD] ?? 0) * (numbers[i + OFFERING_IN_FLIGHT] ?? 0));
      const msPerToken = numbers[i + OFFERING_MS_PER_TOKEN] ?? 0;
      const waitMs = stream ? ttft : ttft + (cells[at + OUTPUT_TOKENS] ?? 0) * msPerToken;
      let perMs = slow;
      if (limited) {
        const near = (ttft / limitMs - NEAR_SLO) / (1 - NEAR_SLO);
        if (near > 0) perMs += dearer * (near < 1 ? near : 1);
      }
      const time = perMs * waitMs;
      let cost = (cells[at + NOW] ?? 0) + (cells[at + TO_GO] ?? 0) + time;
      let ttftTerm = wantsTtftTail ? ttft * (numbers[i + OFFERING_TTFT_TAIL] ?? 0) : ttft;
      let tokenTerm = wantsTokenTail
        ? msPerToken * (numbers[i + OFFERING_TOKEN_TAIL] ?? 0)
        : msPerToken;
      const odds = cells[at + ODDS] ?? 1;
      if (odds < 1) {
        cost /= odds;
        ttftTerm /= odds;
        tokenTerm /= odds;
      }
      cells[at + TTFT] = ttft;
      cells[at + TIME] = time;
      cells[at + COST_TERM] = cost;
      cells[at + TTFT_TERM] = ttftTerm;
      cells[at + TOKEN_TERM] = tokenTerm;
    }
  }
};
