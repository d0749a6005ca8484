import { believeWarm } from "../cache/believe-warm.ts";
import type { WarmBelief } from "../cache/believe-warm.ts";
import { costOf } from "../cost/cost-of.ts";
import { periodAt } from "../cost/price-period.ts";
import { promptRatesAt } from "../cost/rates-at.ts";
import { accountPlan } from "../health/account-plan.ts";
import type { AccountPlan } from "../health/account-plan.ts";
import { standingOf } from "../health/breaker.ts";
import { successOddsOf } from "../health/offering-health.ts";
import { admittedAtMs } from "../health/rate-window.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import { GAP_BINS } from "../reuse/gap-bins.ts";
import { CACHE_AUTO, CACHE_NONE } from "../state/columns.ts";
import type { Learned, RouterState } from "../state/router-state.ts";
import { resolveStrategy } from "../strategy/resolve-strategy.ts";
import type { ResolvedStrategy } from "../strategy/resolve-strategy.ts";
import { estimatePromptTokens } from "../tokens/prompt-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";
import type { OutputLength } from "../tokens/output-length.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import { emptyUsage } from "../usage/usage.ts";
import { admissionOf, admitsRare } from "./admit.ts";
import { addCostToGo } from "./cost-to-go.ts";
import { DIRECTIVE_NONE, scratchFor } from "./scratch.ts";
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
  readonly output: OutputLength;
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
      output: learned.outputLength.get(request.workspace)?.get(model) ?? learned.outputPrior,
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

/** Fills the working columns with every offering that may be tried, and what it is expected to cost. */
const fill = (evaluation: Evaluation): void => {
  const { state, request, nowMs, plan, belief, scratch: s, groups } = evaluation;
  const { learned } = state;
  const { columns: c, slots, turns, hitOdds, deadCredentials } = learned;
  const { traits, needs, strictness, tier, constrained } = admissionOf(learned, request);
  const { prefer } = request;
  const preferred = prefer === undefined ? -1 : (c.providers.get(prefer) ?? -1);
  const fallback = request.mode === "fallback";
  const { chainTokens } = belief;
  const looksAhead = chainTokens > 0 && state.options.costToGo;
  const nextOdds = belief.key * GAP_BINS;
  const laterOdds = belief.laterKey * GAP_BINS;
  const askedCap = request.maxOutputTokens ?? Infinity;
  const wantsTraits = traits;
  const anyDead = deadCredentials.size > 0;
  const { restUntilMs, windows } = slots;
  let k = 0;
  for (let g = 0; g < groups.length; g += 1) {
    const group = groups[g];
    if (group === undefined) continue;
    const { rows } = group;
    const promptTokens = group.prompt.tokens;
    const { tokensLow } = group.prompt;
    const meanOutput = group.output.mean;
    const wholeOutput = wholeTokens(meanOutput, askedCap);
    const coveredTokens = chainTokens < promptTokens ? chainTokens : promptTokens;
    for (let n = 0; n < rows.length; n += 1) {
      const i = rows[n] ?? 0;
      const trait = c.traits[i] ?? 0;
      if ((trait & wantsTraits) !== wantsTraits || (trait & ~3) < strictness) continue;
      if (((c.lacks[i] ?? 0) & needs) !== 0 || (c.tier[i] ?? 0) !== tier) continue;
      if (tokensLow > (c.contextWindow[i] ?? 0)) continue;
      const accounts = plan.counts[i] ?? 0;
      if (accounts === 0) continue;
      if (constrained && !admitsRare(learned, request, { row: i, nowMs, promptTokens })) continue;

      let rank = fallback ? g * 2 : 0;
      let odds = 1;
      if (preferred >= 0 && (c.provider[i] ?? 0) !== preferred) rank += 1;
      if ((c.tripped[i] ?? 0) !== 0) {
        const breaker = learned.rows[i]?.health.breaker;
        const standing = breaker === undefined ? "ready" : standingOf(breaker, nowMs);
        if (standing === "busy") continue;
        if (standing === "resting" && breaker !== undefined && breaker.state !== "closed")
          rank += LAST_RESORT + breaker.restMs * 10_000;
      } else if ((c.failed[i] ?? 0) !== 0) {
        const health = learned.rows[i]?.health;
        if (health !== undefined) odds = successOddsOf(health, nowMs);
      }
      let slot = plan.firstSlot[i] ?? -1;
      let account = 0;
      if (
        accounts > 1 ||
        anyDead ||
        (slot >= 0 && ((restUntilMs[slot] ?? 0) > nowMs || windows[slot] !== null))
      ) {
        account = chooseAccount(learned, plan, belief, { row: i, nowMs, promptTokens });
        if (account < 0) continue;
        slot = plan.accounts[i]?.[account]?.slot ?? -1;
      }

      let input = c.input[i] ?? 0;
      let read = c.cacheRead[i] ?? 0;
      let write = c.cacheWrite[i] ?? 0;
      let write1h = c.cacheWrite1h[i] ?? 0;
      let output = c.output[i] ?? 0;
      let fee = c.fee[i] ?? 0;
      const kind = c.priceKind[i] ?? 0;
      let marginal = false;
      if (kind !== 0 || promptTokens > (c.tierMark[i] ?? 0)) {
        const price = learned.rows[i]?.offering.price ?? null;
        if (price !== null) {
          const rates = promptRatesAt(price, promptTokens, nowMs);
          input = rates.input;
          read = rates.read;
          write = rates.write;
          write1h = rates.write1h;
          output = rates.output;
          const period = periodAt(price, nowMs);
          fee = period.requestFeePicoUsd;
          marginal = period.tierMode === "marginal" && period.tiers.length > 0;
        }
      }
      const maxOutput = c.maxOutput[i] ?? 0;
      const outputTokens = wholeOutput < maxOutput ? wholeOutput : maxOutput;
      const mode = c.cacheMode[i] ?? 0;
      const minimum = c.cacheMinimum[i] ?? 0;
      const block = c.cacheBlock[i] ?? 1;
      const base = outputTokens * output + fee;
      let cached = 0;
      let written = 0;
      let cacheable = 0;
      let now = base + promptTokens * input;
      let cold = now;
      if (mode !== CACHE_NONE && promptTokens >= minimum) {
        if (chainTokens > 0) {
          cacheable = block === 1 ? coveredTokens : Math.floor(coveredTokens / block) * block;
        }
        if (mode === CACHE_AUTO) {
          if (slot >= 0) {
            cached = belief.cached[slot] ?? 0;
            if (cached > promptTokens) cached = promptTokens;
          }
          now -= cached * (input - read);
          if (write !== input) {
            written = Math.floor((promptTokens - cached) / block) * block;
            now += written * (write - input);
            cold += Math.floor(promptTokens / block) * block * (write - input);
          }
        } else {
          // Without a mark nothing is read or written; what a mark is worth is looked at later.
          cold += cacheable * (write - input);
        }
      }
      if (kind === 2) {
        now = Infinity;
        cold = Infinity;
      }
      if (marginal) {
        const price = learned.rows[i]?.offering.price ?? null;
        if (price !== null) {
          now = costOf(
            price,
            {
              ...emptyUsage,
              cacheReadTokens: cached,
              cacheWrite5mTokens: written,
              inputTokens: promptTokens - written - cached,
              outputTokens,
            },
            nowMs,
          );
          cold = now + cached * (input - read);
        }
      }
      let warmNext = 0;
      let warmLater = 0;
      if (looksAhead && cacheable > 0) {
        const hits = i * GAP_BINS;
        for (let bin = 0; bin < GAP_BINS - 1; bin += 1) {
          const hit = hitOdds.odds[hits + bin] ?? 0;
          warmNext += (turns.odds[nextOdds + bin] ?? 0) * hit;
          warmLater += (turns.odds[laterOdds + bin] ?? 0) * hit;
        }
      }
      s.row[k] = i;
      s.account[k] = account;
      s.slot[k] = slot;
      s.group[k] = g;
      s.rank[k] = rank;
      s.input[k] = input;
      s.read[k] = read;
      s.write[k] = write;
      s.write1h[k] = write1h;
      s.output[k] = output;
      s.now[k] = now;
      s.cold[k] = cold;
      s.saved[k] = cacheable * (write - read);
      s.warmNext[k] = warmNext;
      s.warmLater[k] = warmLater;
      s.toGo[k] = 0;
      s.odds[k] = odds;
      s.cached[k] = cached;
      s.warm[k] = cacheable;
      s.written[k] = written;
      s.outputTokens[k] = outputTokens;
      s.directive[k] = DIRECTIVE_NONE;
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
  fill(evaluation);
  if (evaluation.count > 0) {
    if (belief.chainTokens > 0) addCostToGo(evaluation);
    setTerms(evaluation);
  }
  return evaluation;
};
