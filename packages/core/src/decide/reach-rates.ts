import { cacheReadRate, cacheWrite1hRate, cacheWrite5mRate } from "../cost/billed-rates.ts";
import { costOf } from "../cost/cost-of.ts";
import { periodAt, tierFor } from "../cost/price-period.ts";
import { known } from "../state/known.ts";
import type { RouterState } from "../state/router-state.ts";
import { emptyUsage } from "../usage/usage.ts";
import {
  CACHED,
  cell,
  COLD,
  NOW,
  OUTPUT_TOKENS,
  RATE_FEE,
  RATE_INPUT,
  RATE_OUTPUT,
  RATE_READ,
  RATE_WRITE,
  RATE_WRITE_1H,
  setCell,
  WRITTEN,
} from "./scratch.ts";
import type { Scratch } from "./scratch.ts";

/** Puts the rates that hours, dates or tiers decide in place of the plain ones. */
export const reachRates = (
  state: RouterState,
  s: Scratch,
  at: { readonly k: number; readonly row: number; readonly tokens: number; readonly nowMs: number },
): boolean => {
  const { k } = at;
  const { price } = known(state.learned.rows[at.row]).offering;
  if (price === null) return false;
  const period = periodAt(price, at.nowMs);
  const rates = tierFor(period, at.tokens)?.rates ?? period.rates;
  setCell(s, k, RATE_INPUT, rates.inputPicoUsd);
  setCell(s, k, RATE_READ, cacheReadRate(rates));
  setCell(s, k, RATE_WRITE, cacheWrite5mRate(rates));
  setCell(s, k, RATE_WRITE_1H, cacheWrite1hRate(rates));
  setCell(s, k, RATE_OUTPUT, rates.outputPicoUsd);
  setCell(s, k, RATE_FEE, period.requestFeePicoUsd);
  return period.tierMode === "marginal" && period.tiers.length > 0;
};

/** Costs where tiers are marginal: no token is re-priced by those behind it, so that no product will do. */
export const expectMarginal = (
  state: RouterState,
  s: Scratch,
  at: { readonly k: number; readonly row: number; readonly tokens: number; readonly nowMs: number },
): void => {
  const { k } = at;
  const { price } = known(state.learned.rows[at.row]).offering;
  if (price === null) return;
  const cached = cell(s, k, CACHED);
  const written = cell(s, k, WRITTEN);
  const outputTokens = cell(s, k, OUTPUT_TOKENS);
  const usage = { ...emptyUsage, cacheWrite5mTokens: written, outputTokens };
  const inputTokens = at.tokens - written - cached;
  setCell(s, k, NOW, costOf(price, { ...usage, cacheReadTokens: cached, inputTokens }, at.nowMs));
  setCell(s, k, COLD, costOf(price, { ...usage, inputTokens: inputTokens + cached }, at.nowMs));
};
