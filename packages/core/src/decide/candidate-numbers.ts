import type { Credential } from "../offering/offering.ts";
import { known } from "../state/known.ts";
import { MOST_CANDIDATES, placed } from "../strategy/place.ts";
import { LISTED_PLACES } from "./built-candidate.ts";
import { isFree, LAST_RESORT } from "./choose-account.ts";
import type { CacheDirective } from "./decision.ts";
import { directiveOf } from "./directive-of.ts";
import type { Evaluation } from "./evaluate.ts";
import { ACCOUNT, cell, DIRECTIVE, GROUP, RANK, ROW } from "./scratch.ts";

/** What is told of a candidate that is more than numbers. */
export type CandidateException = {
  readonly credential: Credential;
  readonly resting: boolean;
  readonly cacheDirective: CacheDirective | null;
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
    const accounts = known(plan.accounts[i]);
    const chosen = known(accounts[cell(s, k, ACCOUNT)]);
    each(k, chosen.credential);
    total += 1;
    if (accounts.length === 1) continue;
    const promptTokens = known(groups[cell(s, k, GROUP)]).prompt.tokens;
    for (const other of accounts) {
      if (other === chosen || total >= MOST_CANDIDATES) continue;
      const account = { row: i, slot: other.slot, credentialId: other.credential.id };
      if (!isFree(state.learned, account, { nowMs, promptTokens })) continue;
      each(k, other.credential);
      total += 1;
    }
  }
};

const blank: readonly number[] = Array.from({ length: MOST_CANDIDATES * LISTED_PLACES }, () => 0.5);

/** What `exceptionsOf` lists, in order of trial. The same array at every call. */
const listed = new Int32Array(MOST_CANDIDATES);

/** Lists candidates of which some are more than numbers. */
const exceptionsOf = (evaluation: Evaluation, length: number): readonly CandidateException[] => {
  const { scratch: s } = evaluation;
  const exceptions: CandidateException[] = [];
  forEachPlaced(evaluation, length, (k, credential) => {
    listed[exceptions.length] = k;
    const resting = cell(s, k, RANK) >= LAST_RESORT;
    const cacheDirective = cell(s, k, DIRECTIVE) === 0 ? null : directiveOf(evaluation, k);
    exceptions.push({ credential, resting, cacheDirective });
  });
  return exceptions;
};

/** Numbers of the candidates, by the places of `BuiltCandidate`. */
const numbersOf = (
  evaluation: Evaluation,
  order: Int32Array,
  length: number,
): readonly number[] => {
  // Written out, since an imported name is read anew at every use.
  const CACHED = 7;
  const CELLS = 32;
  const LISTED_CACHED = 5;
  const LISTED_MS_PER_TOKEN = 4;
  const LISTED_NOW = 2;
  const LISTED_PLACES = 6;
  const LISTED_ROW = 0;
  const LISTED_SCORE = 1;
  const LISTED_TTFT = 3;
  const NOW = 8;
  const OFFERING_MS_PER_TOKEN = 15;
  const OFFERING_NUMBERS = 20;
  const ROW = 0;
  const SCORE = 18;
  const TTFT = 13;
  const { state, scratch } = evaluation;
  const { cells } = scratch;
  const { numbers: speeds } = state.learned.columns;
  // The only memory that grows with the candidates; a copy of fractions is an array of plain doubles.
  const numbers = blank.slice(0, length * LISTED_PLACES);
  for (let at = 0; at < numbers.length; at += LISTED_PLACES) {
    const from = (order[at / LISTED_PLACES] ?? 0) * CELLS;
    const row = cells[from + ROW] ?? 0;
    numbers[at + LISTED_ROW] = row;
    numbers[at + LISTED_SCORE] = cells[from + SCORE] ?? 0;
    numbers[at + LISTED_NOW] = cells[from + NOW] ?? 0;
    numbers[at + LISTED_TTFT] = cells[from + TTFT] ?? 0;
    numbers[at + LISTED_MS_PER_TOKEN] = speeds[row * OFFERING_NUMBERS + OFFERING_MS_PER_TOKEN] ?? 0;
    numbers[at + LISTED_CACHED] = cells[from + CACHED] ?? 0;
  }
  return numbers;
};

/** Candidates in order of trial, as a decision keeps them: nothing in it changes when the state does. */
export class CandidateNumbers {
  /** By the places of `BuiltCandidate`. */
  declare readonly numbers: readonly number[];
  /** One a candidate; `null` = each is its offering's only account, without cache marks, at no rest. */
  declare readonly exceptions: readonly CandidateException[] | null;
  /** Only what never changes is read of it: lists may be equal without sharing it. */
  readonly #evaluation: Evaluation;

  constructor(evaluation: Evaluation, length: number) {
    const { classed, several, marking } = evaluation.scratch;
    const exceptions = classed || several || marking > 0 ? exceptionsOf(evaluation, length) : null;
    this.numbers = numbersOf(
      evaluation,
      exceptions ? listed : placed,
      exceptions?.length ?? length,
    );
    this.exceptions = exceptions;
    this.#evaluation = evaluation;
  }

  get evaluation(): Evaluation {
    return this.#evaluation;
  }
}
