import {
  BALANCED,
  cell,
  COST_TERM,
  KEY,
  RANK,
  ROW,
  SCORE,
  setCell,
  TOKEN_TERM,
  TTFT_TERM,
} from "../decide/scratch.ts";
import type { ScoreFunction } from "../plugs/plugs.ts";
import type { Evaluation } from "../decide/evaluate.ts";
import { balancedWeights } from "./resolve-strategy.ts";

/** Longer lists are of no use to anyone: nobody tries so many. */
export const MOST_CANDIDATES = 20;
/** Values of a focused dimension that are this close count as equal. */
const TIE = 1.001;

/** Candidates in order of trial, the first few only. The same array at every call. */
const order = new Int32Array(MOST_CANDIDATES);

/** Best value of each dimension, and the best cost above 0. */
type Bests = { cost: number; positiveCost: number; ttft: number; token: number };

const bests: Bests = { cost: 0, positiveCost: 0, ttft: 0, token: 0 };

/** The bests of the last ranking. */
export const lastBests = (): Readonly<Bests> => bests;

/**
 * 1 for the best, 0 for the unknown. Where the best is free no ratio to it exists: what is not free
 * then shares the lower half, by its ratio to the cheapest that is not.
 */
export const costRatio = (value: number): number => {
  if (value === bests.cost) return value === Infinity ? 0 : 1;
  return bests.cost > 0 ? bests.cost / value : bests.positiveCost / value / 2;
};

const findBests = ({ scratch, count }: Evaluation): void => {
  // Written out, since an imported name is read anew at every use: half the time of this loop.
  const CELLS = 32;
  const COST_TERM = 26;
  const TOKEN_TERM = 28;
  const TTFT_TERM = 27;
  const { cells } = scratch;
  let cost = Infinity;
  let positiveCost = Infinity;
  let ttft = Infinity;
  let token = Infinity;
  for (let at = 0; at < count * CELLS; at += CELLS) {
    const costTerm = cells[at + COST_TERM] ?? 0;
    const ttftTerm = cells[at + TTFT_TERM] ?? 0;
    const tokenTerm = cells[at + TOKEN_TERM] ?? 0;
    if (costTerm < cost) cost = costTerm;
    if (costTerm > 0 && costTerm < positiveCost) positiveCost = costTerm;
    if (ttftTerm < ttft) ttft = ttftTerm;
    if (tokenTerm < token) token = tokenTerm;
  }
  bests.cost = cost;
  bests.positiveCost = positiveCost;
  bests.ttft = ttft;
  bests.token = token;
};

const score = ({ scratch, count, strategy }: Evaluation): void => {
  const BALANCED = 30;
  const CELLS = 32;
  const COST_TERM = 26;
  const KEY = 31;
  const SCORE = 29;
  const TOKEN_TERM = 28;
  const TTFT_TERM = 27;
  const { cells } = scratch;
  const { weights, focus } = strategy;
  const { cost, ttft, token } = bests;
  const costWeight = weights.cost;
  const ttftWeight = weights.ttft;
  const tokenWeight = weights.throughput;
  const third = balancedWeights.cost;
  const isPlain = cost > 0 && cost < Infinity;
  const keyAt = focus === "cost" ? COST_TERM : focus === "ttft" ? TTFT_TERM : TOKEN_TERM;
  for (let at = 0; at < count * CELLS; at += CELLS) {
    const costTerm = cells[at + COST_TERM] ?? 0;
    const costShare = isPlain ? cost / costTerm : costRatio(costTerm);
    const ttftShare = ttft / (cells[at + TTFT_TERM] ?? 1);
    const tokenShare = token / (cells[at + TOKEN_TERM] ?? 1);
    const sum = costShare * costWeight + ttftShare * ttftWeight + tokenShare * tokenWeight;
    cells[at + SCORE] = sum;
    cells[at + BALANCED] = (costShare + ttftShare + tokenShare) * third;
    cells[at + KEY] = focus === null ? -sum : (cells[at + keyAt] ?? 0);
  }
};

/** Scores by an embedder's own function; they decide alone. */
const plugScores = (evaluation: Evaluation, plugged: ScoreFunction): void => {
  const { state, request, scratch: s, count } = evaluation;
  for (let k = 0; k < count; k += 1) {
    const offering = state.learned.rows[cell(s, k, ROW)]?.offering;
    if (offering === undefined) continue;
    const costPicoUsd = cell(s, k, COST_TERM);
    const ttftMs = cell(s, k, TTFT_TERM);
    const msPerToken = cell(s, k, TOKEN_TERM);
    const own = plugged.score({
      offering,
      request,
      costPicoUsd,
      ttftMs,
      msPerToken,
      ratios: {
        cost: costRatio(costPicoUsd),
        ttft: bests.ttft / ttftMs,
        throughput: bests.token / msPerToken,
      },
    });
    setCell(s, k, SCORE, own);
    setCell(s, k, KEY, -own);
  }
};

/** What decides between candidates whose key is equal: balanced score, cost, then id. */
const tiedBefore = ({ scratch: s }: Evaluation, a: number, b: number): boolean => {
  const balanced = cell(s, b, BALANCED) - cell(s, a, BALANCED);
  if (balanced !== 0) return balanced < 0;
  const costA = cell(s, a, COST_TERM);
  const costB = cell(s, b, COST_TERM);
  return costA === costB ? cell(s, a, ROW) < cell(s, b, ROW) : costA < costB;
};

/** Classes and keys of `order`, side by side with it while it is filled. */
const ranks = new Float64Array(MOST_CANDIDATES);
const keys = new Float64Array(MOST_CANDIDATES);

/** Best twenty by class, then key, by insertion: cheap, since late candidates seldom get in. */
const select = (evaluation: Evaluation): number => {
  // Written out, since an imported name is read anew at every use.
  const CELLS = 32;
  const RANK = 4;
  const KEY = 31;
  const { scratch, count } = evaluation;
  const { cells } = scratch;
  let length = 0;
  for (let k = 0; k < count; k += 1) {
    const rank = cells[k * CELLS + RANK] ?? 0;
    const key = cells[k * CELLS + KEY] ?? 0;
    let place = length;
    while (place > 0) {
      const otherRank = ranks[place - 1] ?? 0;
      if (otherRank < rank) break;
      if (otherRank === rank) {
        const otherKey = keys[place - 1] ?? 0;
        if (otherKey < key) break;
        if (otherKey === key && !tiedBefore(evaluation, k, order[place - 1] ?? 0)) break;
      }
      place -= 1;
    }
    if (place >= MOST_CANDIDATES) continue;
    if (length < MOST_CANDIDATES) length += 1;
    for (let at = length - 1; at > place; at -= 1) {
      order[at] = order[at - 1] ?? 0;
      ranks[at] = ranks[at - 1] ?? 0;
      keys[at] = keys[at - 1] ?? 0;
    }
    order[place] = k;
    ranks[place] = rank;
    keys[place] = key;
  }
  return length;
};

/** Sorts `order[from, to)` by what decides ties. */
const sortTied = (evaluation: Evaluation, from: number, to: number): void => {
  for (let at = from + 1; at < to; at += 1) {
    const k = order[at] ?? 0;
    let place = at;
    while (place > from && tiedBefore(evaluation, k, order[place - 1] ?? 0)) {
      order[place] = order[place - 1] ?? 0;
      place -= 1;
    }
    order[place] = k;
  }
};

/**
 * A run of ties that the list's end cuts through: all of its candidates, the ones left out too, compete
 * for the places the run has.
 */
const sortCutRun = (evaluation: Evaluation, from: number, to: number): void => {
  const { scratch: s, count } = evaluation;
  const first = order[from] ?? 0;
  const limit = cell(s, first, KEY) * TIE;
  const run: number[] = [];
  for (let k = 0; k < count; k += 1) {
    const key = cell(s, k, KEY);
    if (cell(s, k, RANK) === cell(s, first, RANK) && key >= cell(s, first, KEY) && key <= limit)
      run.push(k);
  }
  const inside = new Set(order.subarray(0, from));
  const rest = run
    .filter((k) => !inside.has(k))
    .sort((a, b) => (tiedBefore(evaluation, a, b) ? -1 : 1));
  for (let at = from; at < to; at += 1) order[at] = rest[at - from] ?? order[at] ?? 0;
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
    if (at === length && count > length) sortCutRun(evaluation, from, at);
    else if (at - from > 1) sortTied(evaluation, from, at);
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
  findBests(evaluation);
  score(evaluation);
  if (plugged !== undefined) plugScores(evaluation, plugged);
  const length = select(evaluation);
  if (evaluation.strategy.focus !== null && plugged === undefined && length > 1)
    settleTies(evaluation, length);
  return length;
};

/** The candidates in the order that `place` gave them. */
export const placed: Int32Array = order;
