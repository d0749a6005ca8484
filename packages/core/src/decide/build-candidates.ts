import {
  OFFERING_CACHE_WRITE,
  OFFERING_FEE,
  OFFERING_INPUT,
  OFFERING_MAX_OUTPUT,
  OFFERING_MS_PER_TOKEN,
  OFFERING_OUTPUT,
  OFFERING_PRICE_KIND,
  OFFERING_TIER_MARK,
  bitOf,
  numberOf,
} from "../state/columns.ts";
import { ACCOUNT, CACHED, GROUP, NOW, RANK, ROW, SCORE, TTFT, cell } from "./scratch.ts";
import { costOf } from "../cost/cost-of.ts";
import { usdFromPico } from "../cost/usd.ts";
import type { Credential } from "../offering/offering.ts";
import { MOST_CANDIDATES, placed } from "../strategy/place.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import { emptyUsage } from "../usage/usage.ts";
import { directiveOf } from "./directive-of.ts";
import type { Candidate } from "./decision.ts";
import { isFree, LAST_RESORT } from "./evaluate.ts";
import type { Evaluation } from "./evaluate.ts";

/** Upper bound of the prompt's cost plus the 0.95 quantile of the answer's, pico-USD. */
const holdOf = (evaluation: Evaluation, k: number): number | null => {
  const { state, request, nowMs, scratch: s, groups } = evaluation;
  const i = cell(s, k, ROW);
  const { columns: c, rows, outputPrior } = state.learned;
  const kind = bitOf(c, i, OFFERING_PRICE_KIND);
  if (kind === 2) return null;
  const group = groups[cell(s, k, GROUP)];
  const high = group?.prompt.tokensHigh ?? 0;
  const cap = Math.min(request.maxOutputTokens ?? Infinity, numberOf(c, i, OFFERING_MAX_OUTPUT));
  const outputTokens = wholeTokens((group?.output ?? outputPrior).p95, cap);
  if (kind === 0 && high <= numberOf(c, i, OFFERING_TIER_MARK)) {
    // A provider may bill the whole prompt as a cache write, which can be dearer than plain input.
    const dearest = Math.max(numberOf(c, i, OFFERING_INPUT), numberOf(c, i, OFFERING_CACHE_WRITE));
    return Math.ceil(
      high * dearest +
        outputTokens * numberOf(c, i, OFFERING_OUTPUT) +
        numberOf(c, i, OFFERING_FEE),
    );
  }
  const price = rows[i]?.offering.price;
  if (price === null || price === undefined) return null;
  const at = (tokens: Partial<typeof emptyUsage>): number =>
    costOf(price, { ...emptyUsage, ...tokens, outputTokens }, nowMs);
  return Math.max(
    at({ inputTokens: group?.prompt.tokens ?? 0 }),
    at({ inputTokens: high }),
    at({ cacheWrite5mTokens: high }),
  );
};

const candidateOf = (evaluation: Evaluation, k: number, credential: Credential): Candidate => {
  const { state, scratch: s } = evaluation;
  const { columns: c, rows } = state.learned;
  const i = cell(s, k, ROW);
  const now = cell(s, k, NOW);
  const track = rows[i];
  if (track === undefined) throw new RangeError(`no offering in row ${i}`);
  return {
    offering: track.offering,
    credential,
    score: cell(s, k, SCORE),
    expected: {
      costUsd: now === Infinity ? null : usdFromPico(now),
      ttftMs: cell(s, k, TTFT),
      throughputTps: 1000 / numberOf(c, i, OFFERING_MS_PER_TOKEN),
      cachedTokens: cell(s, k, CACHED),
    },
    resting: cell(s, k, RANK) >= LAST_RESORT,
    holdPicoUsd: holdOf(evaluation, k),
    cacheDirective: directiveOf(evaluation, k),
  };
};

/** Calls `each` for every candidate in order of trial: an offering's accounts follow each other. */
export const forEachPlaced = (
  evaluation: Evaluation,
  length: number,
  each: (k: number, credential: Credential) => void,
): void => {
  const { state, plan, nowMs, scratch: s, groups } = evaluation;
  let total = 0;
  for (let at = 0; at < length && total < MOST_CANDIDATES; at += 1) {
    const k = placed[at] ?? 0;
    const i = cell(s, k, ROW);
    const accounts = plan.accounts[i] ?? [];
    const chosen = accounts[cell(s, k, ACCOUNT)];
    if (chosen === undefined) continue;
    each(k, chosen.credential);
    total += 1;
    if (accounts.length === 1) continue;
    const promptTokens = groups[cell(s, k, GROUP)]?.prompt.tokens ?? 0;
    for (const other of accounts) {
      if (other === chosen || total >= MOST_CANDIDATES) continue;
      const account = { row: i, slot: other.slot, credentialId: other.credential.id };
      if (!isFree(state.learned, account, { nowMs, promptTokens })) continue;
      each(k, other.credential);
      total += 1;
    }
  }
};

/** The candidates as values of their own: nothing in them changes when the state does. */
export const buildCandidates = (evaluation: Evaluation, length: number): readonly Candidate[] => {
  const candidates: Candidate[] = [];
  forEachPlaced(evaluation, length, (k, credential) => {
    candidates.push(candidateOf(evaluation, k, credential));
  });
  return candidates;
};
