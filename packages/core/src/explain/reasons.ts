import { tierFor, periodAt } from "../cost/price-period.ts";
import type { Placed } from "../decide/evaluate.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { Dimension } from "../strategy/resolve-strategy.ts";

const firsts: Readonly<Record<Dimension, string>> = {
  cost: "lowest expected cost",
  ttft: "shortest expected TTFT",
  throughput: "highest expected throughput",
};

const dimensions: readonly Dimension[] = ["cost", "ttft", "throughput"];

/** Plain words for where a candidate stands; order: what it leads in, what it is, what is wrong with it. */
export const reasonsFor = (
  { account, ranked }: Placed,
  context: { readonly request: RoutingRequest; readonly nowMs: number },
): readonly string[] => {
  const { item, ratios } = ranked;
  const { offering, latency } = account.track;
  const reasons: string[] = [];
  for (const dimension of dimensions) {
    if (ratios[dimension] === 1) reasons.push(firsts[dimension]);
  }
  if (offering.provider === context.request.prefer) reasons.push("preferred provider");
  if (account.credential.owner === "byok") reasons.push("own key");
  if (offering.price === null) {
    reasons.push("price unknown");
  } else {
    const tier = tierFor(periodAt(offering.price, context.nowMs), item.prompt.tokens);
    if (tier !== null) reasons.push(`price tier above ${tier.abovePromptTokens} prompt tokens`);
  }
  if (latency.observations === 0) reasons.push("speed not observed yet");
  if (item.successOdds < 1) {
    reasons.push(`failed lately: odds of success ${(item.successOdds * 100).toFixed(1)} %`);
  }
  if (account.standing !== "ready") reasons.push("resting: last resort");
  return reasons;
};
