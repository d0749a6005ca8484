import { wholeTokens } from "../tokens/output-tokens.ts";
import { admissionOf } from "./admit.ts";
import { admitsClosely } from "./choose-account.ts";
import type { Evaluation } from "./evaluate.ts";
import { expectMarginal, reachRates } from "./reach-rates.ts";

/** Price kinds of the columns. */
const DATED = 1;
const UNKNOWN = 2;

/**
 * Collects every offering that may be tried, with the account it is tried at first and what this request
 * is expected to cost there: cached tokens at the read rate, written ones at the write rate, the rest
 * of the prompt as plain input, the expected answer, fees, all at the tier that the whole prompt reaches.
 * Beside it, what it would cost with nothing warm, and the odds that a later turn finds it warm. One
 * pass, so that an offering's numbers are fetched once.
 */
export const weigh = (evaluation: Evaluation): void => {
  // Written out, since an imported name is read anew at every use: half the time of this loop.
  const ACCOUNT = 1;
  const CACHED = 7;
  const CACHE_AUTO = 1;
  const CACHE_EXPLICIT = 2;
  const CELLS = 32;
  const COLD = 9;
  const DIRECTIVE = 21;
  const GAP_BINS = 8;
  const GROUP = 3;
  // More than there can be: places below it are whole numbers that need no check of their range.
  const MOST = 0x3ffffff;
  const NOW = 8;
  const ODDS = 5;
  const OFFERING_BITS = 10;
  const OFFERING_CACHE_BLOCK = 10;
  const OFFERING_CACHE_MINIMUM = 9;
  const OFFERING_CACHE_MODE = 5;
  const OFFERING_CACHE_READ = 5;
  const OFFERING_CACHE_WRITE = 6;
  const OFFERING_CACHE_WRITE_1H = 7;
  const OFFERING_CONTEXT_WINDOW = 0;
  const OFFERING_FEE = 8;
  const OFFERING_HEALTH = 7;
  const OFFERING_INPUT = 3;
  const OFFERING_LACKS = 1;
  const OFFERING_MAX_OUTPUT = 1;
  const OFFERING_NUMBERS = 20;
  const OFFERING_OUTPUT = 4;
  const OFFERING_PRICE_KIND = 4;
  const OFFERING_TIER = 3;
  const OFFERING_TIER_MARK = 2;
  const OFFERING_TRAITS = 0;
  const OUTPUT_TOKENS = 6;
  const POLICY_BITS = -64;
  const RANK = 4;
  const RATE_FEE = 28;
  const RATE_INPUT = 23;
  const RATE_OUTPUT = 27;
  const RATE_READ = 24;
  const RATE_WRITE = 25;
  const RATE_WRITE_1H = 26;
  const ROW = 0;
  const SAVED = 10;
  const SLOT = 2;
  const SUM_CHEAPEST = 0;
  const SUM_COLD_WORTH = 1;
  const WARM = 22;
  const WARM_NEXT = 11;
  const WRITTEN = 20;
  const { state, request, nowMs, plan, belief, prospect, scratch, groups } = evaluation;
  const { learned } = state;
  const { columns, slots, turns } = learned;
  const wanted = admissionOf(state, request);
  const { traits: wantsTraits, needs, strictness, tier: wantsTier, constrained } = wanted;
  const { numbers, bits } = columns;
  const { cells, toMark, sums } = scratch;
  const { counts, firstSlot } = plan;
  const { restUntilMs, limited } = slots;
  const { chainTokens, cached: believed } = belief;
  const hits = learned.hitOdds.odds;
  const { odds } = turns;
  const preferred =
    request.prefer === undefined ? -1 : (columns.providers.get(request.prefer) ?? -1);
  const careful = constrained || preferred >= 0 || learned.deadCredentials.size > 0;
  const fallback = request.mode === "fallback";
  const looksAhead = chainTokens > 0 && state.options.costToGo;
  const { laterShare } = prospect;
  const next = belief.key * GAP_BINS;
  let cheapest = Infinity;
  let coldWorth = Infinity;
  let marking = 0;
  let classed = fallback && groups.length > 1;
  let several = false;
  let k = 0;
  for (let g = 0; g < groups.length; g += 1) {
    const own = groups[g];
    if (own === undefined) continue;
    const { rows } = own;
    const tokensLow = own.prompt.tokensLow;
    const tokens = own.prompt.tokens;
    const wholeOutput = wholeTokens(own.output.mean, evaluation.maxOutputTokens);
    const covered = Math.min(chainTokens, tokens);
    // Most offerings of a model cache in blocks of one length.
    let lastBlock = 1;
    let wholeBlocks = covered;
    const groupRank = fallback ? g * 2 : 0;
    for (let n = 0; n < rows.length; n += 1) {
      const row = (rows[n] ?? 0) & MOST;
      const b = row * OFFERING_BITS;
      const i = row * OFFERING_NUMBERS;
      const trait = bits[b + OFFERING_TRAITS] ?? 0;
      if ((trait & wantsTraits) !== wantsTraits || (trait & POLICY_BITS) < strictness) continue;
      if (((bits[b + OFFERING_LACKS] ?? 0) & needs) !== 0) continue;
      if ((bits[b + OFFERING_TIER] ?? 0) !== wantsTier) continue;
      if (tokensLow > (numbers[i + OFFERING_CONTEXT_WINDOW] ?? 0)) continue;
      const at = (k & MOST) * CELLS;
      let slot = firstSlot[row] ?? -1;
      cells[at + ROW] = row;
      cells[at + ACCOUNT] = 0;
      cells[at + SLOT] = slot;
      cells[at + GROUP] = g;
      cells[at + RANK] = groupRank;
      cells[at + ODDS] = 1;
      cells[at + DIRECTIVE] = 0;
      if (
        careful ||
        counts[row] !== 1 ||
        bits[b + OFFERING_HEALTH] !== 0 ||
        (slot >= 0 && ((restUntilMs[slot] ?? 0) > nowMs || limited[slot] === 1))
      ) {
        if (
          !admitsClosely(evaluation, k, {
            row,
            nowMs,
            promptTokens: tokens,
            preferred,
            constrained,
          })
        )
          continue;
        if (cells[at + RANK] !== groupRank) classed = true;
        if (counts[row] !== 1) several = true;
        slot = cells[at + SLOT] ?? -1;
      }
      const kind = bits[b + OFFERING_PRICE_KIND] ?? 0;
      const mode = bits[b + OFFERING_CACHE_MODE] ?? 0;
      let isMarginal = false;
      let input = numbers[i + OFFERING_INPUT] ?? 0;
      let read = numbers[i + OFFERING_CACHE_READ] ?? 0;
      let write = numbers[i + OFFERING_CACHE_WRITE] ?? 0;
      let output = numbers[i + OFFERING_OUTPUT] ?? 0;
      let flat = numbers[i + OFFERING_FEE] ?? 0;
      if (mode === CACHE_EXPLICIT)
        cells[at + RATE_WRITE_1H] = numbers[i + OFFERING_CACHE_WRITE_1H] ?? 0;
      if (kind === DATED || tokens > (numbers[i + OFFERING_TIER_MARK] ?? 0)) {
        isMarginal = reachRates(state, scratch, { k, row, tokens, nowMs });
        input = cells[at + RATE_INPUT] ?? 0;
        read = cells[at + RATE_READ] ?? 0;
        write = cells[at + RATE_WRITE] ?? 0;
        output = cells[at + RATE_OUTPUT] ?? 0;
        flat = cells[at + RATE_FEE] ?? 0;
      }
      const mostOutput = numbers[i + OFFERING_MAX_OUTPUT] ?? 0;
      const answer = wholeOutput < mostOutput ? wholeOutput : mostOutput;
      const plain = tokens * input + answer * output + flat;
      let now = plain;
      let cold = plain;
      let saved = 0;
      let warm = 0;
      let cached = 0;
      let written = 0;
      if (mode !== 0 && tokens >= (numbers[i + OFFERING_CACHE_MINIMUM] ?? 0)) {
        const block = numbers[i + OFFERING_CACHE_BLOCK] ?? 1;
        if (block !== lastBlock) {
          lastBlock = block;
          wholeBlocks = block === 1 ? covered : Math.floor(covered / block) * block;
        }
        const cacheable = wholeBlocks;
        saved = cacheable * (write - read);
        if (looksAhead) {
          const hit = row * GAP_BINS;
          for (let bin = 0; bin < GAP_BINS - 1; bin += 1)
            warm += (odds[next + bin] ?? 0) * (hits[hit + bin] ?? 0);
        }
        if (mode === CACHE_AUTO) {
          if (slot >= 0) {
            const believedHere = believed[slot] ?? 0;
            cached = believedHere < tokens ? believedHere : tokens;
            now -= cached * (input - read);
          }
          if (write !== input) {
            written = Math.floor((tokens - cached) / block) * block;
            now += written * (write - input);
            cold = plain + Math.floor(tokens / block) * block * (write - input);
          }
        } else if (mode === CACHE_EXPLICIT) {
          // Without a mark nothing is read or written; what a mark is worth is looked at later.
          cold = plain + cacheable * (write - input);
          cells[at + RATE_INPUT] = input;
          cells[at + RATE_READ] = read;
          cells[at + RATE_WRITE] = write;
          cells[at + WARM] = cacheable;
        }
      }
      if (kind === UNKNOWN) {
        now = Infinity;
        cold = Infinity;
      }
      cells[at + OUTPUT_TOKENS] = answer;
      cells[at + CACHED] = cached;
      cells[at + NOW] = now;
      cells[at + COLD] = cold;
      cells[at + SAVED] = saved;
      cells[at + WARM_NEXT] = warm;
      cells[at + WRITTEN] = written;
      if (isMarginal) {
        expectMarginal(state, scratch, { k, row, tokens, nowMs });
        now = cells[at + NOW] ?? 0;
        cold = cells[at + COLD] ?? 0;
      }
      let worth = cold - warm * laterShare * saved;
      if (mode === CACHE_EXPLICIT && chainTokens > 0) {
        // Marks may be left out: then a turn costs the plain input.
        if (now < worth) worth = now;
        toMark[marking] = k;
        marking += 1;
      } else if (now < cheapest) cheapest = now;
      if (worth < coldWorth) coldWorth = worth;
      k += 1;
    }
  }
  evaluation.count = k;
  scratch.marking = marking;
  scratch.classed = classed;
  scratch.several = several;
  sums[SUM_CHEAPEST] = cheapest;
  sums[SUM_COLD_WORTH] = coldWorth;
};
