import type { Columns } from "./floor.ts";

// The same decision as floor.ts the way it is mostly written: objects, filter, map, sort.

export type PlainOffering = {
  readonly index: number;
  readonly usable: boolean;
  readonly contextWindow: number;
  readonly inputPicoUsd: number;
  readonly outputPicoUsd: number;
  readonly ttftMs: number;
  readonly tokensPerSecond: number;
};

export const plainOfferingsOf = (columns: Columns): readonly PlainOffering[] =>
  Array.from(columns.usable, (usable, index) => ({
    index,
    usable: usable === 1,
    contextWindow: columns.contextWindow[index] ?? 0,
    inputPicoUsd: columns.inputPicoUsd[index] ?? 0,
    outputPicoUsd: columns.outputPicoUsd[index] ?? 0,
    ttftMs: columns.ttftMs[index] ?? 0,
    tokensPerSecond: columns.tokensPerSecond[index] ?? 0,
  }));

type PlainCandidate = { readonly index: number; readonly score: number };

/** The best four, best first. */
export const plainDecide = (
  offerings: readonly PlainOffering[],
  promptTokens: number,
  outputTokens: number,
): readonly PlainCandidate[] =>
  offerings
    .filter(({ usable, contextWindow }) => usable && contextWindow >= promptTokens + outputTokens)
    .map(({ index, inputPicoUsd, outputPicoUsd, ttftMs, tokensPerSecond }) => {
      const costUsd = (promptTokens * inputPicoUsd + outputTokens * outputPicoUsd) / 1e12;
      const seconds = ttftMs / 1000 + outputTokens / tokensPerSecond;
      return { index, score: 0.6 * costUsd * 100 + 0.4 * seconds };
    })
    .sort((a, b) => a.score - b.score)
    .slice(0, 4);
