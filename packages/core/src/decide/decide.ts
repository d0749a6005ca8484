import { holdOf } from "./hold-of.ts";
import { OFFERING_MAX_OUTPUT, numberOf } from "../state/columns.ts";
import { GROUP, ROW, cell } from "./scratch.ts";
import { draw } from "../strategy/draw.ts";
import { shareFate } from "../strategy/share-fate.ts";
import { place, placed } from "../strategy/place.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import { buildCandidates } from "./build-candidates.ts";
import type { Decision, Rejection } from "./decision.ts";
import { evaluate } from "./evaluate.ts";
import type { DecideOptions, Evaluation } from "./evaluate.ts";
import { estimateOutputTokens, wholeTokens } from "../tokens/output-tokens.ts";
import type { OutputEstimate } from "../tokens/output-tokens.ts";
import { estimatePromptTokens } from "../tokens/prompt-tokens.ts";
import { failureOf } from "./failure.ts";

/** A decision nothing is left for. */
const failed = (evaluation: Evaluation, options: DecideOptions, failure: Rejection): Decision => {
  const { state, request, strategy } = evaluation;
  const [model] = request.models;
  return {
    stateVersion: state.version,
    nowMs: options.nowMs,
    seed: options.seed,
    strategy: strategy.name,
    weights: strategy.weights,
    prompt: estimatePromptTokens(state, model, request.prompt),
    output: estimateOutputTokens(state, {
      workspace: request.workspace,
      model,
      outputHint: request.outputHint,
      maxOutputTokens: request.maxOutputTokens,
    }),
    holdPicoUsd: null,
    candidates: [],
    failure,
    propensity: 1,
    cacheDirective: null,
  };
};

/** Output of the first candidate: the group's law, cut at the request's and the offering's caps. */
const outputOf = (evaluation: Evaluation, k: number): OutputEstimate => {
  const { state, request, scratch: s, groups } = evaluation;
  const law = groups[cell(s, k, GROUP)]?.output ?? state.learned.outputPrior;
  const own = numberOf(state.learned.columns, cell(s, k, ROW), OFFERING_MAX_OUTPUT);
  const cap = Math.min(request.maxOutputTokens ?? Infinity, own);
  return {
    mean: wholeTokens(law.mean, cap),
    p50: wholeTokens(law.p50, cap),
    p95: wholeTokens(law.p95, cap),
    cap: cap === Infinity ? null : cap,
  };
};

/** The evaluation as the value that is handed out. */
export const decisionOf = (evaluation: Evaluation, options: DecideOptions): Decision => {
  if (evaluation.count === 0) return failed(evaluation, options, failureOf(evaluation));
  const { state, request, strategy, scratch, groups } = evaluation;
  const length = place(evaluation);
  const propensity = draw(evaluation, length, options.seed);
  if (length > 2) shareFate(evaluation, length);
  const first = placed[0] ?? 0;
  const prompt = groups[cell(scratch, first, GROUP)]?.prompt;
  const output = outputOf(evaluation, first);
  const candidates = buildCandidates(evaluation, length);
  const [best] = candidates;
  return {
    stateVersion: state.version,
    nowMs: options.nowMs,
    seed: options.seed,
    strategy: strategy.name,
    weights: strategy.weights,
    prompt: prompt ?? estimatePromptTokens(state, request.models[0], request.prompt),
    output,
    holdPicoUsd: best === undefined ? null : holdOf(evaluation, first, best),
    candidates,
    failure: null,
    propensity,
    cacheDirective: best?.cacheDirective ?? null,
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
): Decision => decisionOf(evaluate(state, request, options), options);
