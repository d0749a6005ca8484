import type { Offering } from "@pointsman/core";
import { randomOf } from "./fixtures.ts";

// What a decision cannot do without, and nothing else: over flat columns, one pass that filters,
// prices, scores and keeps the best four.

/** Candidates as typed columns, all of one length. */
export type Columns = {
  readonly usable: Uint8Array;
  readonly contextWindow: Float64Array;
  readonly inputPicoUsd: Float64Array;
  readonly outputPicoUsd: Float64Array;
  readonly ttftMs: Float64Array;
  readonly tokensPerSecond: Float64Array;
};

export const columnsOf = (offerings: readonly Offering[]): Columns => {
  const random = randomOf(offerings.length + 1);
  const column = (of: (offering: Offering) => number): Float64Array =>
    Float64Array.from(offerings, of);
  return {
    usable: Uint8Array.from(offerings, ({ enabled }) => Number(enabled)),
    contextWindow: column(({ contextWindow }) => contextWindow ?? Infinity),
    inputPicoUsd: column(({ price }) => price?.periods[0].rates.inputPicoUsd ?? 0),
    outputPicoUsd: column(({ price }) => price?.periods[0].rates.outputPicoUsd ?? 0),
    ttftMs: column(() => 150 + 500 * random()),
    tokensPerSecond: column(() => 40 + 100 * random()),
  };
};

/** Indexes of the best four, best first; -1 where there are fewer. */
type BestFour = Int32Array;

const bestIndexes: BestFour = new Int32Array(4);
const bestScores = new Float64Array(4);

/** Lower scores are better. The array returned is the same at every call. */
export const floorDecide = (
  columns: Columns,
  promptTokens: number,
  outputTokens: number,
): BestFour => {
  const { usable, contextWindow, inputPicoUsd, outputPicoUsd, ttftMs, tokensPerSecond } = columns;
  bestIndexes.fill(-1);
  bestScores.fill(Infinity);
  for (let index = 0; index < usable.length; index += 1) {
    // Every index is below the length that all columns share, so `?? 0` never applies.
    if (usable[index] === 0 || (contextWindow[index] ?? 0) < promptTokens + outputTokens) continue;
    const costUsd =
      (promptTokens * (inputPicoUsd[index] ?? 0) + outputTokens * (outputPicoUsd[index] ?? 0)) /
      1e12;
    const seconds = (ttftMs[index] ?? 0) / 1000 + outputTokens / (tokensPerSecond[index] ?? 0);
    const score = 0.6 * costUsd * 100 + 0.4 * seconds;
    if (score >= (bestScores[3] ?? 0)) continue;
    let slot = 3;
    while (slot > 0 && score < (bestScores[slot - 1] ?? 0)) {
      bestScores[slot] = bestScores[slot - 1] ?? 0;
      bestIndexes[slot] = bestIndexes[slot - 1] ?? 0;
      slot -= 1;
    }
    bestScores[slot] = score;
    bestIndexes[slot] = index;
  }
  return bestIndexes;
};
