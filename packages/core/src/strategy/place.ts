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

const findBests = (evaluation: Evaluation): void => {
  const { scratch: s, count } = evaluation;
  let cost = Infinity;
  let positiveCost = Infinity;
  let ttft = Infinity;
  let token = Infinity;
  for (let k = 0; k < count; k += 1) {
    const value = s.costTerm[k] ?? 0;
    if (value < cost) cost = value;
    if (value > 0 && value < positiveCost) positiveCost = value;
    if ((s.ttftTerm[k] ?? 0) < ttft) ttft = s.ttftTerm[k] ?? 0;
    if ((s.tokenTerm[k] ?? 0) < token) token = s.tokenTerm[k] ?? 0;
  }
  bests.cost = cost;
  bests.positiveCost = positiveCost;
  bests.ttft = ttft;
  bests.token = token;
};

const score = (evaluation: Evaluation): void => {
  const { scratch: s, count, strategy } = evaluation;
  const { weights, focus } = strategy;
  const { cost, ttft, token } = bests;
  const costWeight = weights.cost;
  const ttftWeight = weights.ttft;
  const tokenWeight = weights.throughput;
  const third = balancedWeights.cost;
  for (let k = 0; k < count; k += 1) {
    const value = s.costTerm[k] ?? 0;
    const costShare = cost > 0 && cost < Infinity ? cost / value : costRatio(value);
    const ttftShare = ttft / (s.ttftTerm[k] ?? 1);
    const tokenShare = token / (s.tokenTerm[k] ?? 1);
    const sum = costShare * costWeight + ttftShare * ttftWeight + tokenShare * tokenWeight;
    s.score[k] = sum;
    s.balanced[k] = (costShare + ttftShare + tokenShare) * third;
    s.key[k] =
      focus === null
        ? -sum
        : focus === "cost"
          ? value
          : focus === "ttft"
            ? (s.ttftTerm[k] ?? 0)
            : (s.tokenTerm[k] ?? 0);
  }
};

/** What decides between candidates whose key is equal: balanced score, cost, then id. */
const tiedBefore = ({ scratch: s }: Evaluation, a: number, b: number): boolean => {
  const balanced = (s.balanced[b] ?? 0) - (s.balanced[a] ?? 0);
  if (balanced !== 0) return balanced < 0;
  const costA = s.costTerm[a] ?? 0;
  const costB = s.costTerm[b] ?? 0;
  return costA === costB ? (s.row[a] ?? 0) < (s.row[b] ?? 0) : costA < costB;
};

/** Best `limit` by class, then key, by insertion: cheap, since late candidates seldom get in. */
const select = (evaluation: Evaluation, limit: number): number => {
  const { scratch: s, count } = evaluation;
  const { rank, key } = s;
  let length = 0;
  for (let k = 0; k < count; k += 1) {
    const ownRank = rank[k] ?? 0;
    const ownKey = key[k] ?? 0;
    let place = length;
    while (place > 0) {
      const other = order[place - 1] ?? 0;
      const otherRank = rank[other] ?? 0;
      if (otherRank < ownRank) break;
      if (otherRank === ownRank) {
        const otherKey = key[other] ?? 0;
        if (otherKey < ownKey) break;
        if (otherKey === ownKey && !tiedBefore(evaluation, k, other)) break;
      }
      place -= 1;
    }
    if (place >= limit) continue;
    if (length < limit) length += 1;
    for (let at = length - 1; at > place; at -= 1) order[at] = order[at - 1] ?? 0;
    order[place] = k;
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
  const limit = (s.key[first] ?? 0) * TIE;
  const run: number[] = [];
  for (let k = 0; k < count; k += 1) {
    const key = s.key[k] ?? 0;
    if (s.rank[k] === s.rank[first] && key >= (s.key[first] ?? 0) && key <= limit) run.push(k);
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
      at < length && s.rank[k] === s.rank[first] && (s.key[k] ?? 0) <= (s.key[first] ?? 0) * TIE;
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
  findBests(evaluation);
  score(evaluation);
  const length = select(evaluation, MOST_CANDIDATES);
  if (evaluation.strategy.focus !== null && length > 1) settleTies(evaluation, length);
  return length;
};

/** The candidates in the order that `place` gave them. */
export const placed: Int32Array = order;
