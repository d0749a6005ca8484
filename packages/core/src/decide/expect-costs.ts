import { costOf } from "../cost/cost-of.ts";
import { periodAt } from "../cost/price-period.ts";
import { promptRatesAt } from "../cost/rates-at.ts";
import { GAP_BINS } from "../reuse/gap-bins.ts";
import {
  CACHE_AUTO,
  CACHE_EXPLICIT,
  OFFERING_BITS,
  OFFERING_CACHE_BLOCK,
  OFFERING_CACHE_MINIMUM,
  OFFERING_CACHE_MODE,
  OFFERING_CACHE_READ,
  OFFERING_CACHE_WRITE,
  OFFERING_CACHE_WRITE_1H,
  OFFERING_FEE,
  OFFERING_INPUT,
  OFFERING_MAX_OUTPUT,
  OFFERING_NUMBERS,
  OFFERING_OUTPUT,
  OFFERING_PRICE_KIND,
  OFFERING_TIER_MARK,
} from "../state/columns.ts";
import type { RouterState } from "../state/router-state.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import { emptyUsage } from "../usage/usage.ts";
import type { Evaluation } from "./evaluate.ts";
import {
  CACHED,
  cell,
  CELLS,
  COLD,
  DIRECTIVE,
  GROUP,
  NOW,
  OUTPUT_TOKENS,
  RATE_FEE,
  RATE_INPUT,
  RATE_OUTPUT,
  RATE_READ,
  RATE_WRITE,
  RATE_WRITE_1H,
  ROW,
  SAVED,
  setCell,
  SLOT,
  TO_GO,
  WARM,
  WARM_LATER,
  WARM_NEXT,
  WRITTEN,
} from "./scratch.ts";
import type { Scratch } from "./scratch.ts";

/** Price kinds of the columns. */
const DATED = 1;
const UNKNOWN = 2;

/** Puts the rates that hours, dates or tiers decide in place of the plain ones. */
const reachRates = (
  state: RouterState,
  s: Scratch,
  at: { readonly k: number; readonly row: number; readonly tokens: number; readonly nowMs: number },
): boolean => {
  const { k } = at;
  const price = state.learned.rows[at.row]?.offering.price ?? null;
  if (price === null) return false;
  const rates = promptRatesAt(price, at.tokens, at.nowMs);
  const period = periodAt(price, at.nowMs);
  setCell(s, k, RATE_INPUT, rates.input);
  setCell(s, k, RATE_READ, rates.read);
  setCell(s, k, RATE_WRITE, rates.write);
  setCell(s, k, RATE_WRITE_1H, rates.write1h);
  setCell(s, k, RATE_OUTPUT, rates.output);
  setCell(s, k, RATE_FEE, period.requestFeePicoUsd);
  return period.tierMode === "marginal" && period.tiers.length > 0;
};

/** Costs where tiers are marginal: no token is re-priced by those behind it, so that no product will do. */
const expectMarginal = (
  state: RouterState,
  s: Scratch,
  at: { readonly k: number; readonly row: number; readonly tokens: number; readonly nowMs: number },
): void => {
  const { k } = at;
  const price = state.learned.rows[at.row]?.offering.price ?? null;
  if (price === null) return;
  const cached = cell(s, k, CACHED);
  const written = cell(s, k, WRITTEN);
  const outputTokens = cell(s, k, OUTPUT_TOKENS);
  const usage = { ...emptyUsage, cacheWrite5mTokens: written, outputTokens };
  const inputTokens = at.tokens - written - cached;
  setCell(s, k, NOW, costOf(price, { ...usage, cacheReadTokens: cached, inputTokens }, at.nowMs));
  setCell(s, k, COLD, costOf(price, { ...usage, inputTokens: inputTokens + cached }, at.nowMs));
};

/**
 * What this request is expected to cost at every candidate: cached tokens at the read rate, written ones
 * at the write rate, the rest of the prompt as plain input, the expected answer, fees, all at the
 * tier that the whole prompt reaches. Beside it, what it would cost with nothing warm, and the odds that a
 * later turn finds it warm.
 */
export const expectCosts = (evaluation: Evaluation): void => {
  const { state, request, nowMs, belief, scratch: s, groups, count } = evaluation;
  const { columns, turns, hitOdds } = state.learned;
  const { numbers, bits } = columns;
  const { cells } = s;
  const { chainTokens, cached: believed } = belief;
  const looksAhead = chainTokens > 0 && state.options.costToGo;
  const askedCap = request.maxOutputTokens ?? Infinity;
  const hits = hitOdds.odds;
  const { odds } = turns;
  const next = belief.key * GAP_BINS;
  const later = belief.laterKey * GAP_BINS;
  const next0 = odds[next + 0] ?? 0;
  const next1 = odds[next + 1] ?? 0;
  const next2 = odds[next + 2] ?? 0;
  const next3 = odds[next + 3] ?? 0;
  const next4 = odds[next + 4] ?? 0;
  const next5 = odds[next + 5] ?? 0;
  const next6 = odds[next + 6] ?? 0;
  const later0 = odds[later + 0] ?? 0;
  const later1 = odds[later + 1] ?? 0;
  const later2 = odds[later + 2] ?? 0;
  const later3 = odds[later + 3] ?? 0;
  const later4 = odds[later + 4] ?? 0;
  const later5 = odds[later + 5] ?? 0;
  const later6 = odds[later + 6] ?? 0;
  let k = 0;
  for (let g = 0; g < groups.length; g += 1) {
    const own = groups[g];
    if (own === undefined) continue;
    // Products are plain machine numbers, whatever the field was; so the loop below boxes none.
    const tokens = own.prompt.tokens * 1;
    const wholeOutput = wholeTokens(own.output.mean, askedCap) * 1;
    const covered = Math.min(chainTokens, tokens) * 1;
    for (; k < count; k += 1) {
      const at = k * CELLS;
      if ((cells[at + GROUP] ?? 0) !== g) break;
      const row = cells[at + ROW] ?? 0;
      const i = row * OFFERING_NUMBERS;
      const b = row * OFFERING_BITS;
      const kind = bits[b + OFFERING_PRICE_KIND] ?? 0;
      const mode = bits[b + OFFERING_CACHE_MODE] ?? 0;
      let isMarginal = false;
      let input = numbers[i + OFFERING_INPUT] ?? 0;
      let read = numbers[i + OFFERING_CACHE_READ] ?? 0;
      let write = numbers[i + OFFERING_CACHE_WRITE] ?? 0;
      let output = numbers[i + OFFERING_OUTPUT] ?? 0;
      let flat = numbers[i + OFFERING_FEE] ?? 0;
      cells[at + RATE_WRITE_1H] = numbers[i + OFFERING_CACHE_WRITE_1H] ?? 0;
      if (kind === DATED || tokens > (numbers[i + OFFERING_TIER_MARK] ?? 0)) {
        isMarginal = reachRates(state, s, { k, row, tokens, nowMs });
        input = cells[at + RATE_INPUT] ?? 0;
        read = cells[at + RATE_READ] ?? 0;
        write = cells[at + RATE_WRITE] ?? 0;
        output = cells[at + RATE_OUTPUT] ?? 0;
        flat = cells[at + RATE_FEE] ?? 0;
      }
      const mostOutput = numbers[i + OFFERING_MAX_OUTPUT] ?? 0;
      const answer = wholeOutput < mostOutput ? wholeOutput : mostOutput;
      const plain = tokens * input + answer * output + flat;
      cells[at + NOW] = plain;
      cells[at + COLD] = plain;
      cells[at + SAVED] = 0;
      cells[at + WARM_NEXT] = 0;
      cells[at + WARM_LATER] = 0;
      cells[at + TO_GO] = 0;
      cells[at + CACHED] = 0;
      cells[at + WARM] = 0;
      cells[at + WRITTEN] = 0;
      cells[at + OUTPUT_TOKENS] = answer;
      cells[at + DIRECTIVE] = 0;
      if (mode !== 0 && tokens >= (numbers[i + OFFERING_CACHE_MINIMUM] ?? 0)) {
        const block = numbers[i + OFFERING_CACHE_BLOCK] ?? 1;
        const cacheable =
          chainTokens > 0 ? (block === 1 ? covered : Math.floor(covered / block) * block) : 0;
        cells[at + SAVED] = cacheable * (write - read);
        cells[at + WARM] = cacheable;
        if (looksAhead) {
          const hit = row * GAP_BINS;
          const hit0 = hits[hit + 0] ?? 0;
          const hit1 = hits[hit + 1] ?? 0;
          const hit2 = hits[hit + 2] ?? 0;
          const hit3 = hits[hit + 3] ?? 0;
          const hit4 = hits[hit + 4] ?? 0;
          const hit5 = hits[hit + 5] ?? 0;
          const hit6 = hits[hit + 6] ?? 0;
          cells[at + WARM_NEXT] =
            next0 * hit0 +
            next1 * hit1 +
            next2 * hit2 +
            next3 * hit3 +
            next4 * hit4 +
            next5 * hit5 +
            next6 * hit6;
          cells[at + WARM_LATER] =
            later0 * hit0 +
            later1 * hit1 +
            later2 * hit2 +
            later3 * hit3 +
            later4 * hit4 +
            later5 * hit5 +
            later6 * hit6;
        }
        if (mode === CACHE_AUTO) {
          const slot = cells[at + SLOT] ?? -1;
          let now = plain;
          if (slot >= 0) {
            const warm = believed[slot] ?? 0;
            const cached = warm < tokens ? warm : tokens;
            now -= cached * (input - read);
            cells[at + CACHED] = cached;
          }
          if (write !== input) {
            const written = Math.floor((tokens - (cells[at + CACHED] ?? 0)) / block) * block;
            now += written * (write - input);
            cells[at + WRITTEN] = written;
            cells[at + COLD] = plain + Math.floor(tokens / block) * block * (write - input);
          }
          cells[at + NOW] = now;
        } else if (mode === CACHE_EXPLICIT) {
          // Without a mark nothing is read or written; what a mark is worth is looked at later.
          cells[at + COLD] = plain + cacheable * (write - input);
          cells[at + RATE_INPUT] = input;
          cells[at + RATE_READ] = read;
          cells[at + RATE_WRITE] = write;
        }
      }
      if (kind === UNKNOWN) {
        cells[at + NOW] = Infinity;
        cells[at + COLD] = Infinity;
      }
      if (isMarginal) expectMarginal(state, s, { k, row, tokens, nowMs });
    }
  }
};
