import { believeWarm } from "../cache/believe-warm.ts";
import type { WarmBelief } from "../cache/believe-warm.ts";
import { accountPlan } from "../health/account-plan.ts";
import type { AccountPlan } from "../health/account-plan.ts";
import { standingOf } from "../health/breaker.ts";
import { successOddsOf } from "../health/offering-health.ts";
import { admittedAtMs } from "../health/rate-window.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { Learned, RouterState } from "../state/router-state.ts";
import { resolveStrategy } from "../strategy/resolve-strategy.ts";
import type { ResolvedStrategy } from "../strategy/resolve-strategy.ts";
import { estimatePromptTokens } from "../tokens/prompt-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";
import { answerLength } from "../tokens/output-tokens.ts";
import type { AnswerLength } from "../tokens/output-length.ts";
import { admissionOf, admitsRare } from "./admit.ts";
import { addCostToGo } from "./cost-to-go.ts";
import { expectCosts } from "./expect-costs.ts";
import { scratchFor } from "./scratch.ts";
import type { Scratch } from "./scratch.ts";
import { setTerms } from "./set-terms.ts";

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
  readonly output: AnswerLength;
};

/** What an evaluation leaves behind, besides the working columns; the same object at every call. */
export type Evaluation = {
  state: RouterState;
  request: RoutingRequest;
  nowMs: number;
  strategy: ResolvedStrategy;
  plan: AccountPlan;
  belief: WarmBelief;
  scratch: Scratch;
  groups: readonly ModelGroup[];
  /** Candidates in the working columns: offerings, each on the account it is tried at first. */
  count: number;
};

const groupsOf = (state: RouterState, request: RoutingRequest): readonly ModelGroup[] => {
  const { learned } = state;
  const { models } = request;
  const groups: ModelGroup[] = [];
  for (let index = 0; index < models.length; index += 1) {
    const model = models[index];
    if (model === undefined || (index > 0 && models.indexOf(model) < index)) continue;
    const rows = learned.rowsByModel.get(model);
    if (rows === undefined) continue;
    groups.push({
      model,
      rows,
      prompt: estimatePromptTokens(state, model, request.prompt),
      output: answerLength(state, request, model),
    });
  }
  return groups;
};

/** Last resorts come after everything, those with the longest rest last. */
export const LAST_RESORT = 1e9;

/** Whether nothing but a breaker keeps an account from being tried. */
export const isFree = (
  learned: Learned,
  account: { readonly row: number; readonly slot: number; readonly credentialId: string },
  at: { readonly nowMs: number; readonly promptTokens: number },
): boolean => {
  const { slots, deadCredentials, rows } = learned;
  if ((deadCredentials.get(account.credentialId) ?? 0) > at.nowMs) return false;
  if (account.slot < 0) return true;
  if ((slots.restUntilMs[account.slot] ?? 0) > at.nowMs) return false;
  const window = slots.windows[account.slot] ?? null;
  const limits = rows[account.row]?.limits ?? null;
  return (
    window === null ||
    limits === null ||
    admittedAtMs(window, limits, { nowMs: at.nowMs, tokens: at.promptTokens }) <= at.nowMs
  );
};

/** How far behind a tripped breaker puts an offering; -1 = somebody else is trying it. */
const restRank = (learned: Learned, row: number, nowMs: number): number => {
  const breaker = learned.rows[row]?.health.breaker;
  if (breaker === undefined || breaker.state === "closed") return 0;
  const standing = standingOf(breaker, nowMs);
  if (standing === "busy") return -1;
  return standing === "ready" ? 0 : LAST_RESORT + breaker.restMs * 10_000;
};

const oddsOf = (learned: Learned, row: number, nowMs: number): number => {
  const health = learned.rows[row]?.health;
  return health === undefined ? 1 : successOddsOf(health, nowMs);
};

/**
 * The account an offering is tried at first: of the own keys that are free, else of the platform's, the
 * one where most of the prompt is warm. -1 = none is free.
 */
const chooseAccount = (
  learned: Learned,
  plan: AccountPlan,
  belief: WarmBelief,
  at: { readonly row: number; readonly nowMs: number; readonly promptTokens: number },
): number => {
  const accounts = plan.accounts[at.row] ?? [];
  let best = -1;
  let warmest = -1;
  for (const [index, { credential, slot }] of accounts.entries()) {
    const chosen = accounts[best];
    if (chosen !== undefined && chosen.credential.owner !== credential.owner) break;
    if (!isFree(learned, { row: at.row, slot, credentialId: credential.id }, at)) continue;
    const cached = slot < 0 ? 0 : (belief.cached[slot] ?? 0);
    if (cached > warmest) {
      warmest = cached;
      best = index;
    }
  }
  return best;
};

/** Collects every offering that may be tried, with the account it is tried at first. */
const collect = (evaluation: Evaluation): void => {
  // Written out, since an imported name is read anew at every use: half the time of this loop.
  const ACCOUNT = 1;
  const CELLS = 32;
  const GROUP = 3;
  const ODDS = 19;
  const OFFERING_BITS = 10;
  const OFFERING_CONTEXT_WINDOW = 0;
  const OFFERING_FAILED = 8;
  const OFFERING_LACKS = 1;
  const OFFERING_NUMBERS = 20;
  const OFFERING_PROVIDER = 2;
  const OFFERING_TIER = 3;
  const OFFERING_TRAITS = 0;
  const OFFERING_TRIPPED = 7;
  const POLICY_BITS = -4;
  const RANK = 4;
  const ROW = 0;
  const SLOT = 2;
  const { state, request, nowMs, plan, belief, scratch, groups } = evaluation;
  const { learned } = state;
  const { columns, slots } = learned;
  const wanted = admissionOf(state, request);
  const { traits: wantsTraits, needs, strictness, tier: wantsTier, constrained } = wanted;
  const { numbers, bits } = columns;
  const { cells } = scratch;
  const { counts, firstSlot } = plan;
  const { restUntilMs, limited } = slots;
  const preferred =
    request.prefer === undefined ? -1 : (columns.providers.get(request.prefer) ?? -1);
  const fallback = request.mode === "fallback";
  const anyDead = learned.deadCredentials.size > 0;
  let k = 0;
  for (let g = 0; g < groups.length; g += 1) {
    const own = groups[g];
    if (own === undefined) continue;
    const { rows } = own;
    const { tokensLow, tokens } = own.prompt;
    const groupRank = fallback ? g * 2 : 0;
    for (let n = 0; n < rows.length; n += 1) {
      const i = rows[n] ?? 0;
      const b = i * OFFERING_BITS;
      const trait = bits[b + OFFERING_TRAITS] ?? 0;
      if ((trait & wantsTraits) !== wantsTraits || (trait & POLICY_BITS) < strictness) continue;
      if (((bits[b + OFFERING_LACKS] ?? 0) & needs) !== 0) continue;
      if ((bits[b + OFFERING_TIER] ?? 0) !== wantsTier) continue;
      if (tokensLow > (numbers[i * OFFERING_NUMBERS + OFFERING_CONTEXT_WINDOW] ?? 0)) continue;
      const accounts = counts[i] ?? 0;
      if (accounts === 0) continue;
      if (constrained && !admitsRare(state, request, { row: i, nowMs, promptTokens: tokens }))
        continue;
      let place = groupRank;
      if (preferred >= 0 && (bits[b + OFFERING_PROVIDER] ?? 0) !== preferred) place += 1;
      let success = 1;
      if ((bits[b + OFFERING_TRIPPED] ?? 0) !== 0) {
        const behind = restRank(learned, i, nowMs);
        if (behind < 0) continue;
        place += behind;
      } else if ((bits[b + OFFERING_FAILED] ?? 0) !== 0) {
        success = oddsOf(learned, i, nowMs);
      }
      let ownSlot = firstSlot[i] ?? -1;
      let ownAccount = 0;
      if (
        accounts > 1 ||
        anyDead ||
        (ownSlot >= 0 && ((restUntilMs[ownSlot] ?? 0) > nowMs || limited[ownSlot] === 1))
      ) {
        ownAccount = chooseAccount(learned, plan, belief, { row: i, nowMs, promptTokens: tokens });
        if (ownAccount < 0) continue;
        ownSlot = plan.accounts[i]?.[ownAccount]?.slot ?? -1;
      }
      const at = k * CELLS;
      cells[at + ROW] = i;
      cells[at + ACCOUNT] = ownAccount;
      cells[at + SLOT] = ownSlot;
      cells[at + GROUP] = g;
      cells[at + RANK] = place;
      cells[at + ODDS] = success;
      k += 1;
    }
  }
  evaluation.count = k;
};

let evaluation: Evaluation | null = null;

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
  for (const group of groups) rows += group.rows.length;
  const scratch = scratchFor(rows);
  const belief = believeWarm(learned, request.prefix, {
    nowMs: options.nowMs,
    promptTokens: groups[0]?.prompt.tokens ?? 0,
    hasSession: request.session !== undefined,
  });
  const plan = accountPlan(learned, request);
  if (evaluation === null) {
    evaluation = {
      state,
      request,
      nowMs: options.nowMs,
      strategy,
      plan,
      belief,
      scratch,
      groups,
      count: 0,
    };
  } else {
    evaluation.state = state;
    evaluation.request = request;
    evaluation.nowMs = options.nowMs;
    evaluation.strategy = strategy;
    evaluation.plan = plan;
    evaluation.groups = groups;
  }
  collect(evaluation);
  if (evaluation.count > 0) {
    expectCosts(evaluation);
    if (belief.chainTokens > 0) addCostToGo(evaluation);
    setTerms(evaluation);
  }
  return evaluation;
};
