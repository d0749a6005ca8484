import { expectMarginal, reachRates } from "./reach-rates.ts";
import { MOST_CONTINUED } from "./cost-to-go.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import type { Evaluation } from "./evaluate.ts";

/** Price kinds of the columns. */
const DATED = 1;
const UNKNOWN = 2;

/**
 * What this request is expected to cost at every candidate: cached tokens at the read rate, written ones
 * at the write rate, the rest of the prompt as plain input, the expected answer, fees, all at the
 * tier that the whole prompt reaches. Beside it, what it would cost with nothing warm, and the odds that a
 * later turn finds it warm.
 */
export const expectCosts = (evaluation: Evaluation): void => {
  // Written out, since an imported name is read anew at every use: half the time of this loop.
  const CACHED = 20;
  const CACHE_AUTO = 1;
  const CACHE_EXPLICIT = 2;
  const CELLS = 32;
  const COLD = 12;
  const DIRECTIVE = 25;
  const GAP_BINS = 8;
  const GROUP = 3;
  const NOW = 11;
  const OFFERING_BITS = 10;
  const OFFERING_CACHE_BLOCK = 10;
  const OFFERING_CACHE_MINIMUM = 9;
  const OFFERING_CACHE_MODE = 5;
  const OFFERING_CACHE_READ = 5;
  const OFFERING_CACHE_WRITE = 6;
  const OFFERING_CACHE_WRITE_1H = 7;
  const OFFERING_FEE = 8;
  const OFFERING_INPUT = 3;
  const OFFERING_MAX_OUTPUT = 1;
  const OFFERING_NUMBERS = 20;
  const OFFERING_OUTPUT = 4;
  const OFFERING_PRICE_KIND = 4;
  const OFFERING_TIER_MARK = 2;
  const OUTPUT_TOKENS = 23;
  const RATE_FEE = 10;
  const RATE_INPUT = 5;
  const RATE_OUTPUT = 9;
  const RATE_READ = 6;
  const RATE_WRITE = 7;
  const RATE_WRITE_1H = 8;
  const ROW = 0;
  const SAVED = 13;
  const SLOT = 2;
  const TO_GO = 16;
  const WARM = 21;
  const WARM_LATER = 15;
  const WARM_NEXT = 14;
  const WRITTEN = 22;
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
  const none = GAP_BINS - 1;
  // Pauses are taken to be spread alike one turn later; only how many come back differs.
  const comeBack = 1 - (odds[next + none] ?? 1);
  const comeBackLater = Math.min(MOST_CONTINUED, 1 - (odds[later + none] ?? 1));
  const laterShare = comeBack > 0 ? comeBackLater / comeBack : 0;
  const next0 = odds[next + 0] ?? 0;
  const next1 = odds[next + 1] ?? 0;
  const next2 = odds[next + 2] ?? 0;
  const next3 = odds[next + 3] ?? 0;
  const next4 = odds[next + 4] ?? 0;
  const next5 = odds[next + 5] ?? 0;
  const next6 = odds[next + 6] ?? 0;
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
          const warm =
            next0 * hit0 +
            next1 * hit1 +
            next2 * hit2 +
            next3 * hit3 +
            next4 * hit4 +
            next5 * hit5 +
            next6 * hit6;
          cells[at + WARM_NEXT] = warm;
          cells[at + WARM_LATER] = warm * laterShare;
        }
        if (mode === CACHE_AUTO) {
          const slot = cells[at + SLOT] ?? -1;
          let now = plain;
          if (slot >= 0) {
            const believedHere = believed[slot] ?? 0;
            const cached = believedHere < tokens ? believedHere : tokens;
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
