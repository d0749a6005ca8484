import { balancedWeights } from "./resolve-strategy.ts";
import type { Dimension, ResolvedStrategy, Weights } from "./resolve-strategy.ts";

/** Three numbers per candidate, smaller is better: pico-USD (`Infinity` = unknown), ms, ms per token. */
export type Terms = Readonly<Record<Dimension, number>>;

/** A candidate with its terms; `id` breaks the last tie. */
export type Rankable = { readonly id: string; readonly terms: Terms };

/** Where a candidate stands. */
export type Ranked<Item> = {
  readonly item: Item;
  /** Weighted sum of `ratios`, 0–1. */
  readonly score: number;
  /** Best value of a dimension / this candidate's, 0–1. */
  readonly ratios: Terms;
};

/** Values of a focused dimension that are this close count as equal. */
const TIE = 1.001;

type Best = { readonly value: number; readonly positive: number };

const bestOf = (values: readonly number[]): Best => ({
  value: Math.min(...values),
  positive: Math.min(...values.filter((value) => value > 0)),
});

/**
 * 1 for the best, 0 for the unknown. Where the best is free no ratio to it exists: what is not free
 * then shares the lower half, by its ratio to the cheapest that is not.
 */
const ratioTo = (best: Best, value: number): number => {
  if (value === best.value) return value === Infinity ? 0 : 1;
  return best.value > 0 ? best.value / value : best.positive / value / 2;
};

const weighted = (ratios: Terms, weights: Weights): number =>
  ratios.cost * weights.cost + ratios.ttft * weights.ttft + ratios.throughput * weights.throughput;

const byId = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** Difference of two costs, of which either may be unknown. */
const difference = (a: number, b: number): number => (a === b ? 0 : a - b);

/**
 * Best first. Weighted strategies sort by score; a focused one by its dimension alone, where a run
 * of values within 0.1 % of its first is sorted by the balanced score. Whatever is still equal goes
 * by cost, then by id, so the order of the input never shows.
 */
export const rank = <Item extends Rankable>(
  items: readonly Item[],
  strategy: ResolvedStrategy,
): readonly Ranked<Item>[] => {
  const best = {
    cost: bestOf(items.map(({ terms }) => terms.cost)),
    ttft: bestOf(items.map(({ terms }) => terms.ttft)),
    throughput: bestOf(items.map(({ terms }) => terms.throughput)),
  };
  const scored = items.map((item) => {
    const ratios = {
      cost: ratioTo(best.cost, item.terms.cost),
      ttft: ratioTo(best.ttft, item.terms.ttft),
      throughput: ratioTo(best.throughput, item.terms.throughput),
    };
    return {
      item,
      ratios,
      score: weighted(ratios, strategy.weights),
      balanced: weighted(ratios, balancedWeights),
    };
  });
  type Scored = (typeof scored)[number];
  const equalBut = (a: Scored, b: Scored): number =>
    b.balanced - a.balanced ||
    difference(a.item.terms.cost, b.item.terms.cost) ||
    byId(a.item.id, b.item.id);
  const { focus } = strategy;
  if (focus === null) return scored.sort((a, b) => b.score - a.score || equalBut(a, b));

  scored.sort((a, b) => difference(a.item.terms[focus], b.item.terms[focus]) || equalBut(a, b));
  const runs: Scored[][] = [];
  for (const entry of scored) {
    const run = runs.at(-1);
    const first = run?.[0];
    if (first !== undefined && entry.item.terms[focus] <= first.item.terms[focus] * TIE) {
      run?.push(entry);
    } else {
      runs.push([entry]);
    }
  }
  return runs.flatMap((run) => run.sort(equalBut));
};
