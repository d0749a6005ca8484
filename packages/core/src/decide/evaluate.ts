import { believeWarm } from "../cache/believe-warm.ts";
import type { WarmBelief } from "../cache/believe-warm.ts";
import { accountPlan } from "../health/account-plan.ts";
import type { AccountPlan } from "../health/account-plan.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import { resolveStrategy } from "../strategy/resolve-strategy.ts";
import type { ResolvedStrategy } from "../strategy/resolve-strategy.ts";
import { estimatePromptTokens } from "../tokens/prompt-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";
import { answerLength } from "../tokens/output-tokens.ts";
import type { AnswerLength } from "../tokens/output-length.ts";
import { chooseAllMarks } from "./choose-marks.ts";
import { prospectOf } from "./cost-to-go.ts";
import type { Prospect } from "./cost-to-go.ts";
import { scratchFor, SUM_COLD_WORTH } from "./scratch.ts";
import type { Scratch } from "./scratch.ts";
import { setTerms } from "./set-terms.ts";
import { weigh } from "./weigh.ts";

/** When and with which luck a decision is made. */
export type DecideOptions = {
  /** Unix ms. */
  readonly nowMs: number;
  /** Any whole number; the same one repeats the decision. */
  readonly seed: number;
};

/** One model of the request: where its answers and prompts are estimated. */
export type ModelGroup = {
  readonly model: string;
  readonly rows: Int32Array;
  readonly prompt: PromptEstimate;
  /** A copy: what a decision is told from must not learn. */
  readonly output: AnswerLength;
};

/**
 * What an evaluation leaves behind. Working columns and belief are good until the next one, since they are
 * the same memory at every call.
 */
export type Evaluation = {
  readonly state: RouterState;
  readonly request: RoutingRequest;
  readonly nowMs: number;
  /** The caller's cap on the answer; `Infinity` = none. */
  readonly maxOutputTokens: number;
  readonly strategy: ResolvedStrategy;
  readonly plan: AccountPlan;
  readonly belief: WarmBelief;
  readonly prospect: Prospect;
  readonly scratch: Scratch;
  readonly groups: readonly ModelGroup[];
  /** Candidates in the working columns: offerings, each on the account it is tried at first. */
  count: number;
};

export const groupOf = (state: RouterState, request: RoutingRequest, model: string): ModelGroup => {
  const { mean, p50, p95 } = answerLength(state, request, model);
  return {
    model,
    rows: state.learned.rowsByModel.get(model) ?? new Int32Array(0),
    prompt: estimatePromptTokens(state, model, request.prompt),
    output: { mean, p50, p95 },
  };
};

const groupsOf = (state: RouterState, request: RoutingRequest): readonly ModelGroup[] => {
  const { models } = request;
  const groups: ModelGroup[] = [];
  for (let index = 0; index < models.length; index += 1) {
    const model = models[index];
    if (model === undefined || models.indexOf(model) < index) continue;
    const group = groupOf(state, request, model);
    if (group.rows.length > 0) groups.push(group);
  }
  return groups;
};

/** Filters, health, expectations and terms of one request; reads the state, writes working columns. */
export const evaluate = (
  state: RouterState,
  request: RoutingRequest,
  options: DecideOptions,
): Evaluation => {
  const { learned } = state;
  const strategy = resolveStrategy(request);
  const groups = groupsOf(state, request);
  let rows = 0;
  for (let g = 0; g < groups.length; g += 1) rows += groups[g]?.rows.length ?? 0;
  const scratch = scratchFor(rows);
  const belief = believeWarm(learned, request.prefix, {
    nowMs: options.nowMs,
    promptTokens: groups[0]?.prompt.tokens ?? 0,
    hasSession: request.session !== undefined,
  });
  const prospect = prospectOf(state, belief);
  const evaluation: Evaluation = {
    state,
    request,
    nowMs: options.nowMs,
    maxOutputTokens: request.maxOutputTokens ?? Infinity,
    strategy,
    plan: accountPlan(learned, request),
    belief,
    prospect,
    scratch,
    groups,
    count: 0,
  };
  weigh(evaluation);
  if (evaluation.count > 0) {
    const coldWorth = scratch.sums[SUM_COLD_WORTH] ?? Infinity;
    if (belief.chainTokens > 0 && coldWorth < Infinity)
      prospect.coldWorth = coldWorth / (1 - prospect.continuedLater);
    if (scratch.marking > 0) chooseAllMarks(evaluation);
    setTerms(evaluation);
  }
  return evaluation;
};
