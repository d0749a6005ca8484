import {
  cell,
  COST_TERM,
  KEY,
  RANK,
  ROW,
  SCORE,
  setCell,
  SUM_BEST_COST,
  SUM_BEST_POSITIVE,
  SUM_BEST_TOKEN,
  SUM_BEST_TTFT,
  TOKEN_TERM,
  TTFT_TERM,
} from "../decide/scratch.ts";
import type { ScoreFunction } from "../plugs/plugs.ts";
import type { Evaluation } from "../decide/evaluate.ts";
import { known } from "../state/known.ts";
import { balancedWeights } from "./resolve-strategy.ts";
import type { Weights } from "./resolve-strategy.ts";

/** Longer lists are of no use to anyone: nobody tries so many. */
export const MOST_CANDIDATES = 20;
/** Values of a focused dimension that are this close count as equal. */
const TIE = 1.001;

/** Candidates in order of trial, the first few only. The same array at every call. */
const order = new Int32Array(MOST_CANDIDATES);

/** Best value of each dimension, and the best cost above 0. */
type Bests = {
  readonly cost: number;
  readonly positiveCost: number;
  readonly ttft: number;
  readonly token: number;
};

const bestsOf = ({ scratch: { sums } }: Evaluation): Bests => ({
  cost: sums[SUM_BEST_COST] ?? 0,
  positiveCost: sums[SUM_BEST_POSITIVE] ?? 0,
  ttft: sums[SUM_BEST_TTFT] ?? 0,
  token: sums[SUM_BEST_TOKEN] ?? 0,
});

/**
 * 1 for the best, 0 for the unknown. Where the best is free no ratio to it exists: what is not free
 * then shares the lower half, by its ratio to the cheapest that is not.
 */
const costRatio = ({ cost, positiveCost }: Bests, value: number): number => {
  if (value === cost) return value === Infinity ? 0 : 1;
  return cost > 0 ? cost / value : positiveCost / value / 2;
};

const score = (evaluation: Evaluation): void => {
  // Written out, since an imported name is read anew at every use: half the time of this loop.
  const CELLS = 32;
  const COST_TERM = 15;
  const KEY = 19;
  // As in `weigh`.
  const MOST = 0x3ffffff;
  const SCORE = 18;
  const TOKEN_TERM = 17;
  const TTFT_TERM = 16;
  const { scratch, count, strategy } = evaluation;
  const { cells } = scratch;
  const { weights, focus } = strategy;
  const bests = bestsOf(evaluation);
  const { cost, ttft, token } = bests;
  const costWeight = weights.cost;
  const ttftWeight = weights.ttft;
  const tokenWeight = weights.throughput;
  const isPlain = cost > 0 && cost < Infinity;
  const keyAt = focus === "cost" ? COST_TERM : focus === "ttft" ? TTFT_TERM : TOKEN_TERM;
  for (let k = 0; k < count; k += 1) {
    const at = (k & MOST) * CELLS;
    const costTerm = cells[at + COST_TERM] ?? 0;
    const costShare = isPlain ? cost / costTerm : costRatio(bests, costTerm);
    const ttftShare = ttft / (cells[at + TTFT_TERM] ?? 1);
    const tokenShare = token / (cells[at + TOKEN_TERM] ?? 1);
    const sum = costShare * costWeight + ttftShare * ttftWeight + tokenShare * tokenWeight;
    cells[at + SCORE] = sum;
    cells[at + KEY] = focus === null ? -sum : (cells[at + keyAt] ?? 0);
  }
};

/** How far each term is from the best, 0–1. */
export const ratiosOf = (evaluation: Evaluation, k: number): Weights => {
  const { scratch: s } = evaluation;
  const bests = bestsOf(evaluation);
  return {
    cost: costRatio(bests, cell(s, k, COST_TERM)),
    ttft: bests.ttft / cell(s, k, TTFT_TERM),
    throughput: bests.token / cell(s, k, TOKEN_TERM),
  };
};

/** Scores by an embedder's own function; they decide alone. */
const plugScores = (evaluation: Evaluation, plugged: ScoreFunction): void => {
  const { state, request, scratch: s, count } = evaluation;
  for (let k = 0; k < count; k += 1) {
    const { offering } = known(state.learned.rows[cell(s, k, ROW)]);
    const own = plugged.score({
      offering,
      request,
      costPicoUsd: cell(s, k, COST_TERM),
      ttftMs: cell(s, k, TTFT_TERM),
      msPerToken: cell(s, k, TOKEN_TERM),
      ratios: ratiosOf(evaluation, k),
    });
    setCell(s, k, SCORE, own);
    setCell(s, k, KEY, -own);
  }
};

/** Score with all three dimensions alike. */
const balancedOf = (evaluation: Evaluation, k: number): number => {
  const { cost, ttft, throughput } = ratiosOf(evaluation, k);
  return (cost + ttft + throughput) * balancedWeights.cost;
};

/** What decides between candidates whose key is equal: balanced score, cost, then id. */
const tiedBefore = (evaluation: Evaluation, a: number, b: number): boolean => {
  const { scratch: s } = evaluation;
  const balanced = balancedOf(evaluation, b) - balancedOf(evaluation, a);
  if (balanced !== 0) return balanced < 0;
  const costA = cell(s, a, COST_TERM);
  const costB = cell(s, b, COST_TERM);
  return costA === costB ? cell(s, a, ROW) < cell(s, b, ROW) : costA < costB;
};

/** Keys of `order`, side by side with it while it is filled. */
const keys = new Float64Array(MOST_CANDIDATES);

const isBefore = (evaluation: Evaluation, a: number, b: number): boolean => {
  const { scratch: s } = evaluation;
  const rank = cell(s, a, RANK) - cell(s, b, RANK);
  if (rank !== 0) return rank < 0;
  const keyA = cell(s, a, KEY);
  const keyB = cell(s, b, KEY);
  return keyA === keyB ? tiedBefore(evaluation, a, b) : keyA < keyB;
};

/**
 * Best twenty by key, by insertion: cheap, since late candidates seldom get in. Keys are compared side by side
 * and nothing is called, which halves its time; -1 = two of them are equal, so that keys alone do not decide.
 */
const selectByKey = ({ scratch: { cells }, count }: Evaluation): number => {
  // Written out, since an imported name is read anew at every use.
  const CELLS = 32;
  const KEY = 19;
  // As in `weigh`.
  const MOST = 0x3ffffff;
  const sortedKeys = keys;
  const sorted = order;
  const most = MOST_CANDIDATES;
  let length = 0;
  for (let k = 0; k < count; k += 1) {
    const key = cells[(k & MOST) * CELLS + KEY] ?? 0;
    let place = length;
    if (length === most) {
      place = most - 1;
      const last = sortedKeys[place] ?? 0;
      if (last < key) continue;
      if (!(last > key)) return -1;
    } else length += 1;
    while (place > 0) {
      const other = sortedKeys[place - 1] ?? 0;
      if (other < key) break;
      if (!(other > key)) return -1;
      sortedKeys[place] = other;
      sorted[place] = sorted[place - 1] ?? 0;
      place -= 1;
    }
    sortedKeys[place] = key;
    sorted[place] = k;
  }
  return length;
};

/** The same by class first, and by whole candidates where keys are equal. */
const selectClosely = (evaluation: Evaluation): number => {
  let length = 0;
  for (let k = 0; k < evaluation.count; k += 1) {
    let place = length;
    while (place > 0) {
      const before = order[place - 1] ?? 0;
      if (!isBefore(evaluation, k, before)) break;
      if (place < MOST_CANDIDATES) order[place] = before;
      place -= 1;
    }
    if (place >= MOST_CANDIDATES) continue;
    if (length < MOST_CANDIDATES) length += 1;
    order[place] = k;
  }
  return length;
};

const select = (evaluation: Evaluation): number => {
  const length = evaluation.scratch.classed ? -1 : selectByKey(evaluation);
  return length < 0 ? selectClosely(evaluation) : length;
};

/**
 * Sorts `order[from, to)`, a run of ties, by what decides them. Where the list's end cuts through the run, all
 * of its candidates, the ones left out too, compete for the places it has.
 */
const sortRun = (evaluation: Evaluation, from: number, to: number): void => {
  const { scratch: s, count } = evaluation;
  const first = order[from] ?? 0;
  const key = cell(s, first, KEY);
  const run = [...order.subarray(from, to)];
  for (let k = to === MOST_CANDIDATES ? 0 : count; k < count; k += 1) {
    const own = cell(s, k, KEY);
    const isTied = cell(s, k, RANK) === cell(s, first, RANK) && own >= key && own <= key * TIE;
    if (isTied && !order.includes(k)) run.push(k);
  }
  run.sort((a, b) => (tiedBefore(evaluation, a, b) ? -1 : 1));
  for (let at = from; at < to; at += 1) order[at] = run[at - from] ?? 0;
};

/** Within each run of values that are within 0.1 % of its first, the balanced score decides. */
const settleTies = (evaluation: Evaluation, length: number): void => {
  const { scratch: s, count } = evaluation;
  let from = 0;
  for (let at = 1; at <= length; at += 1) {
    const first = order[from] ?? 0;
    const k = order[at] ?? 0;
    const isTied =
      at < length &&
      cell(s, k, RANK) === cell(s, first, RANK) &&
      cell(s, k, KEY) <= cell(s, first, KEY) * TIE;
    if (isTied) continue;
    if (at - from > 1 || (at === MOST_CANDIDATES && count > at)) sortRun(evaluation, from, at);
    from = at;
  }
};

/**
 * Orders the candidates, best first, and returns how many places were given. Weighted strategies go by
 * score, a focused one by its dimension alone; whatever is equal goes by balanced score, cost, and at
 * last id, so that the order of the input never shows.
 */
export const place = (evaluation: Evaluation): number => {
  const { score: plugged } = evaluation.state.options.plugs;
  score(evaluation);
  if (plugged !== undefined) plugScores(evaluation, plugged);
  const length = select(evaluation);
  if (evaluation.strategy.focus !== null && plugged === undefined && length > 1)
    settleTies(evaluation, length);
  return length;
};

/** The candidates in the order that `place` gave them. */
export const placed: Int32Array = order;
