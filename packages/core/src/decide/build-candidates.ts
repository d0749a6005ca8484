import { BuiltCandidate } from "./built-candidate.ts";
import type { Known } from "./built-candidate.ts";
import { ACCOUNT, GROUP, ROW, cell } from "./scratch.ts";
import type { Credential } from "../offering/offering.ts";
import { MOST_CANDIDATES, placed } from "../strategy/place.ts";
import type { Candidate } from "./decision.ts";
import { isFree } from "./choose-account.ts";
import type { Evaluation } from "./evaluate.ts";

/** Numbers of the candidates being built; a fraction, so that V8 keeps it as machine numbers. */
const filling: number[] = Array.from({ length: MOST_CANDIDATES * 12 }, () => 0.5);

/** Writes down what candidate `k`, the `index`th in order, is told from. */
const fill = (evaluation: Evaluation, k: number, index: number): void => {
  // Written out, since an imported name is read anew at every use.
  const CACHED = 7;
  const CELLS = 32;
  const DIRECTIVE = 21;
  const GROUP = 3;
  const KNOWN = 12;
  const KNOWN_CACHED = 5;
  const KNOWN_DIRECTIVE = 10;
  const KNOWN_LONGEST = 11;
  const KNOWN_MOST_OUTPUT = 9;
  const KNOWN_MS_PER_TOKEN = 4;
  const KNOWN_NOW = 2;
  const KNOWN_OUTPUT_P95 = 8;
  const KNOWN_PROMPT = 6;
  const KNOWN_PROMPT_HIGH = 7;
  const KNOWN_RANK = 1;
  const KNOWN_SCORE = 0;
  const KNOWN_TTFT = 3;
  const NOW = 8;
  const OFFERING_MAX_OUTPUT = 1;
  const OFFERING_MS_PER_TOKEN = 15;
  const OFFERING_NUMBERS = 20;
  const RANK = 4;
  const ROW = 0;
  const SCORE = 18;
  const SLOT = 2;
  const TTFT = 13;
  const { state, request, belief, scratch, groups } = evaluation;
  const { numbers } = state.learned.columns;
  const { cells } = scratch;
  const at = k * CELLS;
  const to = index * KNOWN;
  const i = (cells[at + ROW] ?? 0) * OFFERING_NUMBERS;
  const group = groups[cells[at + GROUP] ?? 0];
  const slot = cells[at + SLOT] ?? -1;
  const own = numbers[i + OFFERING_MAX_OUTPUT] ?? 0;
  const asked = request.maxOutputTokens ?? Infinity;
  filling[to + KNOWN_SCORE] = cells[at + SCORE] ?? 0;
  filling[to + KNOWN_RANK] = cells[at + RANK] ?? 0;
  filling[to + KNOWN_NOW] = cells[at + NOW] ?? 0;
  filling[to + KNOWN_TTFT] = cells[at + TTFT] ?? 0;
  filling[to + KNOWN_MS_PER_TOKEN] = numbers[i + OFFERING_MS_PER_TOKEN] ?? 0;
  filling[to + KNOWN_CACHED] = cells[at + CACHED] ?? 0;
  filling[to + KNOWN_PROMPT] = group?.prompt.tokens ?? 0;
  filling[to + KNOWN_PROMPT_HIGH] = group?.prompt.tokensHigh ?? 0;
  filling[to + KNOWN_OUTPUT_P95] = group?.output.p95 ?? 0;
  filling[to + KNOWN_MOST_OUTPUT] = asked < own ? asked : own;
  filling[to + KNOWN_DIRECTIVE] = cells[at + DIRECTIVE] ?? 0;
  filling[to + KNOWN_LONGEST] = slot < 0 ? 0 : (belief.longest[slot] ?? 0);
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

/** Candidates and their accounts, where an offering has several. */
const chosen: { readonly k: number; readonly credential: Credential }[] = [];

/** The candidates as values of their own: nothing in them changes when the state does. */
export const buildCandidates = (evaluation: Evaluation, length: number): readonly Candidate[] => {
  const KNOWN = 12;
  const { state, nowMs, plan, belief, scratch } = evaluation;
  const { rows } = state.learned;
  let total = 0;
  let isSimple = true;
  for (; total < length; total += 1) {
    const k = placed[total] ?? 0;
    if (plan.counts[cell(scratch, k, ROW)] !== 1) {
      isSimple = false;
      break;
    }
    fill(evaluation, k, total);
  }
  if (!isSimple) {
    total = 0;
    chosen.length = 0;
    forEachPlaced(evaluation, length, (k, credential) => {
      fill(evaluation, k, total);
      chosen.push({ k, credential });
      total += 1;
    });
  }
  const known: Known = {
    nowMs,
    chainTokens: belief.chainTokens,
    sharedTokens: belief.sharedTokens,
    numbers: filling.slice(0, total * KNOWN),
  };
  const candidates: Candidate[] = [];
  for (let index = 0; index < total; index += 1) {
    const k = isSimple ? (placed[index] ?? 0) : (chosen[index]?.k ?? 0);
    const row = cell(scratch, k, ROW);
    const offering = rows[row]?.offering;
    const credential = isSimple
      ? plan.accounts[row]?.[0]?.credential
      : chosen[index]?.credential;
    if (offering === undefined || credential === undefined)
      throw new RangeError(`no account at row ${row}`);
    candidates.push(new BuiltCandidate(offering, credential, known, index * KNOWN));
  }
  return candidates;
};
