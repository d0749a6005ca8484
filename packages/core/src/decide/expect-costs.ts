import { costOf } from "../cost/cost-of.ts";
import { periodAt } from "../cost/price-period.ts";
import { promptRatesAt } from "../cost/rates-at.ts";
import { GAP_BINS } from "../reuse/gap-bins.ts";
import { CACHE_AUTO } from "../state/columns.ts";
import type { RouterState } from "../state/router-state.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import { emptyUsage } from "../usage/usage.ts";
import type { Evaluation } from "./evaluate.ts";
import type { Scratch } from "./scratch.ts";

/** Price kinds of the columns. */
const PLAIN = 0;
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
  s.input[k] = rates.input;
  s.read[k] = rates.read;
  s.write[k] = rates.write;
  s.write1h[k] = rates.write1h;
  s.output[k] = rates.output;
  s.fee[k] = period.requestFeePicoUsd;
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
  const cached = s.cached[k] ?? 0;
  const written = s.written[k] ?? 0;
  const outputTokens = s.outputTokens[k] ?? 0;
  const usage = { ...emptyUsage, cacheWrite5mTokens: written, outputTokens };
  const inputTokens = at.tokens - written - cached;
  s.now[k] = costOf(price, { ...usage, cacheReadTokens: cached, inputTokens }, at.nowMs);
  s.cold[k] = costOf(price, { ...usage, inputTokens: inputTokens + cached }, at.nowMs);
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
  const { priceKind, tierMark, maxOutput, cacheMode, cacheMinimum, cacheBlock } = columns;
  const { input: inputs, cacheRead, cacheWrite, cacheWrite1h, output: outputs, fee } = columns;
  const { row, slot, group, now: nows, cold: colds, saved, warmNext, warmLater } = s;
  const { input: ownInput, read: ownRead, write: ownWrite, write1h: ownWrite1h } = s;
  const { output: ownOutput, fee: ownFee, toGo, cached: caches, warm, written: writes } = s;
  const { outputTokens: answers, directive } = s;
  const { chainTokens, cached: believed } = belief;
  const looksAhead = chainTokens > 0 && state.options.costToGo;
  const askedCap = request.maxOutputTokens ?? Infinity;
  const hits = hitOdds.odds;
  const { odds } = turns;
  const next = belief.key * GAP_BINS;
  const later = belief.laterKey * GAP_BINS;
  const next0 = odds[next] ?? 0;
  const next1 = odds[next + 1] ?? 0;
  const next2 = odds[next + 2] ?? 0;
  const next3 = odds[next + 3] ?? 0;
  const next4 = odds[next + 4] ?? 0;
  const next5 = odds[next + 5] ?? 0;
  const next6 = odds[next + 6] ?? 0;
  const later0 = odds[later] ?? 0;
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
    for (; k < count && group[k] === g; k += 1) {
      const i = row[k] ?? 0;
      const kind = priceKind[i] ?? 0;
      let isMarginal = false;
      let input = inputs[i] ?? 0;
      let read = cacheRead[i] ?? 0;
      let write = cacheWrite[i] ?? 0;
      let write1h = cacheWrite1h[i] ?? 0;
      let output = outputs[i] ?? 0;
      let flat = fee[i] ?? 0;
      if (kind !== PLAIN || tokens > (tierMark[i] ?? 0)) {
        isMarginal = reachRates(state, s, { k, row: i, tokens, nowMs });
        if (kind !== UNKNOWN) {
          input = ownInput[k] ?? 0;
          read = ownRead[k] ?? 0;
          write = ownWrite[k] ?? 0;
          write1h = ownWrite1h[k] ?? 0;
          output = ownOutput[k] ?? 0;
          flat = ownFee[k] ?? 0;
        }
      }
      const mostOutput = maxOutput[i] ?? 0;
      const answer = wholeOutput < mostOutput ? wholeOutput : mostOutput;
      const mode = cacheMode[i] ?? 0;
      let cached = 0;
      let written = 0;
      let cacheable = 0;
      let now = tokens * input + answer * output + flat;
      let cold = now;
      let soon = 0;
      let after = 0;
      if (mode !== 0 && tokens >= (cacheMinimum[i] ?? 0)) {
        const block = cacheBlock[i] ?? 1;
        if (looksAhead) {
          cacheable = block === 1 ? covered : Math.floor(covered / block) * block;
          const at = i * GAP_BINS;
          const hit0 = hits[at] ?? 0;
          const hit1 = hits[at + 1] ?? 0;
          const hit2 = hits[at + 2] ?? 0;
          const hit3 = hits[at + 3] ?? 0;
          const hit4 = hits[at + 4] ?? 0;
          const hit5 = hits[at + 5] ?? 0;
          const hit6 = hits[at + 6] ?? 0;
          soon =
            next0 * hit0 +
            next1 * hit1 +
            next2 * hit2 +
            next3 * hit3 +
            next4 * hit4 +
            next5 * hit5 +
            next6 * hit6;
          after =
            later0 * hit0 +
            later1 * hit1 +
            later2 * hit2 +
            later3 * hit3 +
            later4 * hit4 +
            later5 * hit5 +
            later6 * hit6;
        } else if (chainTokens > 0) {
          cacheable = Math.floor(covered / block) * block;
        }
        if (mode === CACHE_AUTO) {
          const ownSlot = slot[k] ?? -1;
          if (ownSlot >= 0) {
            cached = believed[ownSlot] ?? 0;
            if (cached > tokens) cached = tokens;
          }
          now -= cached * (input - read);
          if (write !== input) {
            written = Math.floor((tokens - cached) / block) * block;
            now += written * (write - input);
            cold += Math.floor(tokens / block) * block * (write - input);
          }
        } else {
          // Without a mark nothing is read or written; what a mark is worth is looked at later.
          cold += cacheable * (write - input);
        }
      }
      if (kind === UNKNOWN) {
        now = Infinity;
        cold = Infinity;
      }
      nows[k] = now;
      colds[k] = cold;
      saved[k] = cacheable * (write - read);
      warmNext[k] = soon;
      warmLater[k] = after;
      ownInput[k] = input;
      ownRead[k] = read;
      ownWrite[k] = write;
      ownWrite1h[k] = write1h;
      toGo[k] = 0;
      caches[k] = cached;
      warm[k] = cacheable;
      writes[k] = written;
      answers[k] = answer;
      directive[k] = 0;
      if (isMarginal) expectMarginal(state, s, { k, row: i, tokens, nowMs });
    }
  }
};
