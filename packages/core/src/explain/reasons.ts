import { CACHED, GROUP, ODDS, RANK, ROW, WRITTEN, cell } from "../decide/scratch.ts";
import { periodAt, tierFor } from "../cost/price-period.ts";
import { known } from "../state/known.ts";
import { LAST_RESORT } from "../decide/choose-account.ts";
import type { Evaluation } from "../decide/evaluate.ts";
import type { Credential } from "../offering/offering.ts";
import type { Dimension } from "../strategy/resolve-strategy.ts";

const firsts: Readonly<Record<Dimension, string>> = {
  cost: "lowest expected cost",
  ttft: "shortest expected TTFT",
  throughput: "highest expected throughput",
};

const dimensions: readonly Dimension[] = ["cost", "ttft", "throughput"];

/** Plain words for where a candidate stands; order: what it leads in, what it is, what is wrong with it. */
export const reasonsFor = (
  evaluation: Evaluation,
  k: number,
  at: {
    readonly credential: Credential;
    readonly ratios: Readonly<Record<Dimension, number>>;
  },
): readonly string[] => {
  const { state, request, nowMs, scratch: s, groups } = evaluation;
  const { offering, latency } = known(state.learned.rows[cell(s, k, ROW)]);
  const reasons: string[] = [];
  for (const dimension of dimensions) {
    if (at.ratios[dimension] === 1) reasons.push(firsts[dimension]);
  }
  if (offering.provider === request.prefer) reasons.push("preferred provider");
  if (at.credential.owner === "byok") reasons.push("own key");
  if (offering.price === null) {
    reasons.push("price unknown");
  } else {
    const promptTokens = groups[cell(s, k, GROUP)]?.prompt.tokens ?? 0;
    const tier = tierFor(periodAt(offering.price, nowMs), promptTokens);
    if (tier !== null) reasons.push(`price tier above ${tier.abovePromptTokens} prompt tokens`);
  }
  const cached = cell(s, k, CACHED);
  if (cached > 0) reasons.push(`about ${Math.round(cached)} prompt tokens warm`);
  const written = cell(s, k, WRITTEN);
  if (written > 0) reasons.push(`writes about ${Math.round(written)} tokens to the cache`);
  if (latency.observations === 0) reasons.push("speed not observed yet");
  const odds = cell(s, k, ODDS);
  if (odds < 1) reasons.push(`failed lately: odds of success ${(odds * 100).toFixed(1)} %`);
  if (cell(s, k, RANK) >= LAST_RESORT) reasons.push("resting: last resort");
  return reasons;
};
