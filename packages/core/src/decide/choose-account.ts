import type { WarmBelief } from "../cache/believe-warm.ts";
import type { AccountPlan } from "../health/account-plan.ts";
import { standingOf } from "../health/breaker.ts";
import { successOddsOf } from "../health/offering-health.ts";
import { admittedAtMs } from "../health/rate-window.ts";
import {
  bitOf,
  HEALTH_FAILED,
  HEALTH_TRIPPED,
  OFFERING_HEALTH,
  OFFERING_PROVIDER,
} from "../state/columns.ts";
import { known } from "../state/known.ts";
import type { Learned } from "../state/router-state.ts";
import { admitsRare } from "./admit.ts";
import type { Evaluation } from "./evaluate.ts";
import { ACCOUNT, cell, ODDS, RANK, setCell, SLOT } from "./scratch.ts";

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
  const { limits } = known(rows[account.row]);
  return (
    window === null ||
    limits === null ||
    admittedAtMs(window, limits, { nowMs: at.nowMs, tokens: at.promptTokens }) <= at.nowMs
  );
};

/** How far behind a tripped breaker puts an offering; -1 = somebody else is trying it. */
const restRank = (learned: Learned, row: number, nowMs: number): number => {
  const { breaker } = known(learned.rows[row]).health;
  if (breaker.state === "closed") return 0;
  const standing = standingOf(breaker, nowMs);
  if (standing === "busy") return -1;
  return standing === "ready" ? 0 : LAST_RESORT + breaker.restMs * 10_000;
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

/**
 * What wishes, health and several accounts make of candidate `k`: its rank, odds and account, or `false`
 * if it is not to be tried. The exception: most are let in without a question.
 */
export const admitsClosely = (
  { state, request, plan, belief, scratch: s }: Evaluation,
  k: number,
  at: {
    readonly row: number;
    readonly nowMs: number;
    readonly promptTokens: number;
    /** Number of the preferred provider, -1 = none. */
    readonly preferred: number;
    /** Whether the request sets constraints that few do. */
    readonly constrained: boolean;
  },
): boolean => {
  const { row, nowMs, preferred } = at;
  const { learned } = state;
  const { columns } = learned;
  if (at.constrained && !admitsRare(state, request, at)) return false;
  let rank = cell(s, k, RANK);
  if (preferred >= 0 && bitOf(columns, row, OFFERING_PROVIDER) !== preferred) rank += 1;
  const health = bitOf(columns, row, OFFERING_HEALTH);
  if ((health & HEALTH_TRIPPED) !== 0) {
    const behind = restRank(learned, row, nowMs);
    if (behind < 0) return false;
    rank += behind;
  } else if ((health & HEALTH_FAILED) !== 0) {
    setCell(s, k, ODDS, successOddsOf(known(learned.rows[row]).health, nowMs));
  }
  setCell(s, k, RANK, rank);
  const account = chooseAccount(learned, plan, belief, at);
  if (account < 0) return false;
  setCell(s, k, ACCOUNT, account);
  setCell(s, k, SLOT, plan.accounts[row]?.[account]?.slot ?? -1);
  return true;
};
