import { PICO_PER_USD } from "../cost/usd.ts";
import type { Evaluation } from "./evaluate.ts";

/** From this share of the SLO on, seconds become dearer; at the SLO itself they cost the full rate. */
const NEAR_SLO = 0.7;
/** Weight of this request's own cheapest cost in the mean cost of a request. */
const OWN_WEIGHT = 1;

/**
 * Terms are what an answer costs and takes *per success*: each value divided by the odds that the
 * attempt succeeds. The cost term is this request + what follows from it + the value of the time that
 * the caller waits: to the first content of a stream, to the end of anything else.
 */
export const setTerms = (evaluation: Evaluation): void => {
  const { state, request, scratch: s, count, groups } = evaluation;
  const { learned, options } = state;
  const { columns: c, meanCost } = learned;
  let cheapest = Infinity;
  for (let k = 0; k < count; k += 1) {
    const now = s.now[k] ?? 0;
    if (now < cheapest) cheapest = now;
  }
  if (cheapest === Infinity) cheapest = 0;
  const mean = (meanCost.sumPicoUsd + cheapest * OWN_WEIGHT) / (meanCost.weight + OWN_WEIGHT);
  const absolute =
    request.valueOfTimeUsdPerSecond === undefined
      ? null
      : request.valueOfTimeUsdPerSecond * PICO_PER_USD;
  const slow = mean * options.secondShare;
  const dearer = mean * (options.secondShareOverSlo - options.secondShare);
  const { slo, stream } = request;
  const wantsTtftTail = request.ttftPercentile === "p95";
  const wantsTokenTail = request.throughputPercentile === "p95";
  for (let k = 0; k < count; k += 1) {
    const i = s.row[k] ?? 0;
    const promptTokens = groups[s.group[k] ?? 0]?.prompt.tokens ?? 0;
    const uncached = promptTokens - (s.cached[k] ?? 0);
    const line = (c.ttftA[i] ?? 0) + (c.ttftB[i] ?? 0) * uncached;
    const ttft = (line > 1 ? line : 1) * (1 + (c.load[i] ?? 0) * (c.inFlight[i] ?? 0));
    const msPerToken = c.msPerToken[i] ?? 0;
    const seconds = (stream ? ttft : ttft + (s.outputTokens[k] ?? 0) * msPerToken) / 1000;
    let perSecond = slow;
    if (absolute !== null) {
      perSecond = absolute;
    } else if (slo !== undefined) {
      const limit = slo.ttftMs + (slo.ttftMsPer1kIn * promptTokens) / 1000;
      const near = (ttft / limit - NEAR_SLO) / (1 - NEAR_SLO);
      if (near > 0) perSecond += dearer * (near < 1 ? near : 1);
    }
    const time = perSecond * seconds;
    const odds = s.odds[k] ?? 1;
    s.ttft[k] = ttft;
    s.seconds[k] = seconds;
    s.time[k] = time;
    s.costTerm[k] = ((s.now[k] ?? 0) + (s.toGo[k] ?? 0) + time) / odds;
    s.ttftTerm[k] = (wantsTtftTail ? ttft * (c.ttftTail[i] ?? 1) : ttft) / odds;
    s.tokenTerm[k] = (wantsTokenTail ? msPerToken * (c.tokenTail[i] ?? 1) : msPerToken) / odds;
  }
};
