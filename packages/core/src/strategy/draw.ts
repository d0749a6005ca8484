import { OFFERING_OBSERVATIONS, numberOf } from "../state/columns.ts";
import { COST_TERM, NOW, RANK, ROW, SCORE, TIME, cell } from "../decide/scratch.ts";
import type { Evaluation } from "../decide/evaluate.ts";
import { uniform } from "../random/seeded.ts";
import { LAST_RESORT } from "../decide/choose-account.ts";
import { placed } from "./place.ts";

/** A cold offering is explored only up to this multiple of the best expected cost. */
const MOST_EXPLORED_COST = 1.25;
/** Observations from which on an offering is no longer cold, and from which on a draw may name it. */
const WARM_OBSERVATIONS = 8;
/** Salts of the two draws: what explores must not also decide between near equals. */
const EXPLORE = 0x65_78_70;
const NEAR = 0x6e_65_61;

const toFront = (place: number): void => {
  const k = placed[place] ?? 0;
  for (let at = place; at > 0; at -= 1) placed[at] = placed[at - 1] ?? 0;
  placed[0] = k;
};

/** Whether a place may take the first one's: as healthy, of the same model group, as preferred. */
const isPeer = ({ scratch: s }: Evaluation, place: number): boolean => {
  const rank = cell(s, placed[0] ?? 0, RANK);
  return rank < LAST_RESORT && cell(s, placed[place] ?? 0, RANK) === rank;
};

/** The first cold offering that is not too dear to be tried; 0 = none. */
const coldPlace = (evaluation: Evaluation, length: number): number => {
  const { scratch: s, state } = evaluation;
  const { columns } = state.learned;
  let cheapest = Infinity;
  for (let place = 0; place < length; place += 1)
    cheapest = Math.min(cheapest, cell(s, placed[place] ?? 0, NOW));
  for (let place = 1; place < length; place += 1) {
    const k = placed[place] ?? 0;
    const isCold = numberOf(columns, cell(s, k, ROW), OFFERING_OBSERVATIONS) < WARM_OBSERVATIONS;
    if (isCold && isPeer(evaluation, place) && cell(s, k, NOW) <= cheapest * MOST_EXPLORED_COST)
      return place;
  }
  return 0;
};

/** Standard deviation of a candidate's score that comes from what little was seen of its speed. */
const doubtOf = ({ state, scratch: s, strategy }: Evaluation, k: number): number => {
  const { columns, rows } = state.learned;
  const i = cell(s, k, ROW);
  const seen = numberOf(columns, i, OFFERING_OBSERVATIONS);
  const fit = rows[i]?.latency;
  if (fit === undefined || seen < WARM_OBSERVATIONS) return 0;
  const { weights } = strategy;
  const time = cell(s, k, TIME) / Math.max(1, cell(s, k, COST_TERM));
  const ttft = Math.sqrt(fit.ttftLogVariance / (fit.weight + 1));
  const token = Math.sqrt(fit.tokenLogVariance / (fit.tokenWeight + 1));
  return (weights.cost * time + weights.ttft) * ttft + weights.throughput * token;
};

/**
 * Lets the seed decide what the scores cannot: now and then a cold offering, inside all constraints and
 * at most 1.25 × the best expected cost; and between the first two if they are closer than what is
 * known of them, the likelier the closer. So near equals share the load, and replicas that
 * know the same do not all run to one place. Returns the probability of the first place's candidate.
 */
export const draw = (evaluation: Evaluation, length: number, seed: number): number => {
  const { options } = evaluation.state;
  if (length < 2) return 1;
  const share = options.exploration;
  let stay = 1;
  if (share > 0) {
    const cold = coldPlace(evaluation, length);
    if (cold > 0) {
      if (uniform(seed, EXPLORE) < share) {
        toFront(cold);
        return share;
      }
      stay = 1 - share;
    }
  }
  if (!options.uncertaintyDraw || !isPeer(evaluation, 1)) return stay;
  const { scratch: s } = evaluation;
  const first = placed[0] ?? 0;
  const second = placed[1] ?? 0;
  const gap = cell(s, first, SCORE) - cell(s, second, SCORE);
  if (gap > 0.1) return stay;
  const firstDoubt = doubtOf(evaluation, first);
  const secondDoubt = doubtOf(evaluation, second);
  if (firstDoubt === 0 || secondDoubt === 0) return stay;
  const doubt = Math.sqrt(firstDoubt * firstDoubt + secondDoubt * secondDoubt);
  if (gap >= doubt) return stay;
  const odds = 0.5 * (1 - Math.max(0, gap) / doubt);
  if (uniform(seed, NEAR) >= odds) return stay * (1 - odds);
  toFront(1);
  return stay * odds;
};
