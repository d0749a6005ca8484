import { meanCost, valueOfMs } from "./value-of-time.ts";
import { gainOf } from "./cost-to-go.ts";
import type { Evaluation } from "./evaluate.ts";
import { SUM_CHEAPEST } from "./scratch.ts";

/** From this share of the SLO on, seconds become dearer; at the SLO itself they cost the full rate. */
const NEAR_SLO = 0.7;

/**
 * Terms are what an answer costs and takes *per success*: each value divided by the odds that the
 * attempt succeeds. The cost term is this request + what follows from it + the value of the time that
 * the caller waits: to the first content of a stream, to the end of anything else. The best of each term is
 * found on the way.
 */
export const setTerms = (evaluation: Evaluation): void => {
  // Written out, since an imported name is read anew at every use: half the time of this loop.
  const CACHED = 7;
  const CELLS = 32;
  const COLD = 9;
  const COST_TERM = 15;
  const GROUP = 3;
  // As in `weigh`.
  const MOST = 0x3ffffff;
  const NOW = 8;
  const ODDS = 5;
  const OFFERING_IN_FLIGHT = 14;
  const OFFERING_LOAD = 13;
  const OFFERING_MS_PER_TOKEN = 15;
  const OFFERING_NUMBERS = 20;
  const OFFERING_TOKEN_TAIL = 17;
  const OFFERING_TTFT_A = 11;
  const OFFERING_TTFT_B = 12;
  const OFFERING_TTFT_TAIL = 16;
  const OUTPUT_TOKENS = 6;
  const ROW = 0;
  const SAVED = 10;
  const SUM_BEST_COST = 2;
  const SUM_BEST_POSITIVE = 3;
  const SUM_BEST_TOKEN = 5;
  const SUM_BEST_TTFT = 4;
  const TIME = 14;
  const TOKEN_TERM = 17;
  const TO_GO = 12;
  const TTFT = 13;
  const TTFT_TERM = 16;
  const WARM_NEXT = 11;
  const { state, request, scratch, prospect, groups, count } = evaluation;
  const { options, learned } = state;
  const { numbers } = learned.columns;
  const { cells, sums } = scratch;
  const { continued, laterShare, coldWorth } = prospect;
  const allCold = continued * coldWorth;
  const { slo, valueOfTimeUsdPerSecond: absolute } = request;
  const waits = !request.stream;
  const mean = meanCost(learned, sums[SUM_CHEAPEST] ?? Infinity);
  const slow = valueOfMs(options, request, mean);
  const dearer = (mean * (options.secondShareOverSlo - options.secondShare)) / 1000;
  const limited = slo !== undefined && absolute === undefined;
  const wantsTtftTail = request.ttftPercentile === "p95";
  const wantsTokenTail = request.throughputPercentile === "p95";
  let bestCost = Infinity;
  let bestPositive = Infinity;
  let bestTtft = Infinity;
  let bestToken = Infinity;
  let k = 0;
  for (let g = 0; g < groups.length; g += 1) {
    const tokens = groups[g]?.prompt.tokens ?? 0;
    const limitMs = limited ? slo.ttftMs + (slo.ttftMsPer1kIn * tokens) / 1000 : 0;
    for (; k < count && cells[(k & MOST) * CELLS + GROUP] === g; k += 1) {
      const at = (k & MOST) * CELLS;
      const i = ((cells[at + ROW] ?? 0) & MOST) * OFFERING_NUMBERS;
      const line =
        (numbers[i + OFFERING_TTFT_A] ?? 0) +
        (numbers[i + OFFERING_TTFT_B] ?? 0) * (tokens - (cells[at + CACHED] ?? 0));
      const ttft =
        (line > 1 ? line : 1) *
        (1 + (numbers[i + OFFERING_LOAD] ?? 0) * (numbers[i + OFFERING_IN_FLIGHT] ?? 0));
      const msPerToken = numbers[i + OFFERING_MS_PER_TOKEN] ?? 0;
      const waitMs = waits ? ttft + (cells[at + OUTPUT_TOKENS] ?? 0) * msPerToken : ttft;
      let perMs = slow;
      if (limited) {
        const near = (ttft / limitMs - NEAR_SLO) / (1 - NEAR_SLO);
        if (near > 0) perMs += dearer * (near < 1 ? near : 1);
      }
      const time = perMs * waitMs;
      const saved = cells[at + SAVED] ?? 0;
      let toGo = allCold;
      if (saved > 0) {
        const warmNext = cells[at + WARM_NEXT] ?? 0;
        toGo -= warmNext * gainOf(prospect, cells[at + COLD] ?? 0, saved, warmNext * laterShare);
      } else if (saved === -Infinity) {
        // MARKED.
        toGo = cells[at + TO_GO] ?? 0;
      }
      let cost = (cells[at + NOW] ?? 0) + toGo + time;
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
      if (cost < bestCost) bestCost = cost;
      if (cost > 0 && cost < bestPositive) bestPositive = cost;
      if (ttftTerm < bestTtft) bestTtft = ttftTerm;
      if (tokenTerm < bestToken) bestToken = tokenTerm;
      cells[at + TO_GO] = toGo;
      cells[at + TTFT] = ttft;
      cells[at + TIME] = time;
      cells[at + COST_TERM] = cost;
      cells[at + TTFT_TERM] = ttftTerm;
      cells[at + TOKEN_TERM] = tokenTerm;
    }
  }
  sums[SUM_BEST_COST] = bestCost;
  sums[SUM_BEST_POSITIVE] = bestPositive;
  sums[SUM_BEST_TTFT] = bestTtft;
  sums[SUM_BEST_TOKEN] = bestToken;
};
