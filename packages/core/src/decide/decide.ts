import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import { BuiltDecision } from "./built-decision.ts";
import type { Decision } from "./decision.ts";
import { evaluate } from "./evaluate.ts";
import type { DecideOptions } from "./evaluate.ts";

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
): Decision => new BuiltDecision(evaluate(state, request, options), options.seed);
