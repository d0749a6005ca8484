import { usdFromPico } from "../cost/usd.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import { estimateOutputTokens } from "../tokens/output-tokens.ts";
import type { Candidate, Decision } from "./decision.ts";
import { evaluate } from "./evaluate.ts";
import type { DecideOptions, Evaluation, Placed } from "./evaluate.ts";

/** Longer lists are of no use to anyone: nobody tries so many. */
export const MOST_CANDIDATES = 20;

const candidateOf = ({ account, ranked }: Placed): Candidate => {
  const { cost, latency } = ranked.item;
  return {
    offering: account.track.offering,
    credential: account.credential,
    score: ranked.score,
    expected: {
      costUsd: cost === null ? null : usdFromPico(cost.meanPicoUsd),
      ttftMs: latency.ttftMs,
      throughputTps: 1000 / latency.msPerToken,
      cachedTokens: 0,
    },
    resting: account.standing !== "ready",
    holdPicoUsd: cost === null ? null : cost.holdPicoUsd,
  };
};

/** The evaluation as the value that is handed out. */
export const decisionOf = (
  state: RouterState,
  request: RoutingRequest,
  options: DecideOptions,
  evaluation: Evaluation,
): Decision => {
  const { strategy, placed, failure, promptAt } = evaluation;
  const first = placed[0]?.ranked.item;
  const model = request.models[0];
  return {
    stateVersion: state.version,
    nowMs: options.nowMs,
    seed: options.seed,
    strategy: strategy.name,
    weights: strategy.weights,
    prompt: first?.prompt ?? promptAt(model),
    output:
      first?.output ??
      estimateOutputTokens(state, {
        workspace: request.workspace,
        model,
        maxOutputTokens: request.maxOutputTokens,
      }),
    holdPicoUsd: first?.cost?.holdPicoUsd ?? null,
    candidates: placed.slice(0, MOST_CANDIDATES).map(candidateOf),
    failure,
    propensity: 1,
    cacheDirective: null,
  };
};

/**
 * Works out which candidates a request should be tried at, best first. Reads the state, changes
 * nothing: the same state version, request, time and seed give the same decision. If nothing is left,
 * `failure` says which filter emptied the set.
 *
 * @throws RangeError if custom weights are no weights.
 */
export const decide = (
  state: RouterState,
  request: RoutingRequest,
  options: DecideOptions,
): Decision => decisionOf(state, request, options, evaluate(state, request, options));
