import { createRouterState, decide, observe } from "@pointsman/core";
import type { Decision, Offering, RouterState, RoutingRequest } from "@pointsman/core";
import { attemptEvents, offeringsOf, randomOf, startMs } from "./fixtures.ts";
import type { Subject } from "../timing/subject.ts";

/** A state that has seen 32 attempts at every offering, and may know others nobody uses. */
export const warmState = (
  candidates: number,
  {
    others = [],
    tellsPrefix = true,
  }: { readonly others?: readonly Offering[]; readonly tellsPrefix?: boolean } = {},
): RouterState => {
  const offerings = offeringsOf(candidates);
  const state = createRouterState({ offerings: [...offerings, ...others] });
  const random = randomOf(7);
  for (let round = 0; round < 32; round += 1)
    for (const offering of offerings)
      for (const event of attemptEvents(offering, {
        nowMs: startMs - 320_000 + round * 10_000,
        random,
        warm: tellsPrefix,
      }))
        observe(state, event);
  return state;
};

/** A number that cannot be known without the decision; throws if there is none. */
export const digest = ({ candidates, propensity, failure }: Decision): number => {
  if (failure !== null) throw new Error(`nothing was decided: ${failure.message}`);
  return (candidates[0]?.score ?? 0) + candidates.length + propensity;
};

/** Decides the requests in turn, each time with a seed and a moment of its own. */
export const decideSubject = (
  name: string,
  state: RouterState,
  requests: readonly RoutingRequest[],
): Subject => {
  let seed = 0;
  return {
    name,
    loop: (count) => {
      let sum = 0;
      for (let index = 0; index < count; index += 1) {
        const request = requests[index % requests.length];
        if (request === undefined) continue;
        seed = (seed + 1) | 0;
        sum += digest(decide(state, request, { nowMs: startMs + (seed & 1023), seed }));
      }
      return sum;
    },
  };
};
