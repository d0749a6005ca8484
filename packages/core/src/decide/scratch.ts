// Places of a candidate's numbers, those of every candidate first: what is seldom needed lies in memory
// that is seldom touched. Rates are those its prompt reaches, pico-USD per token; costs and their
// terms are pico-USD, `Infinity` = unknown; ACCOUNT is a place in its row's accounts, SLOT -1 = never used.
// WARM and the rates are set where a cache must be asked for, or where hours, dates or tiers decide.
export const ROW: number = 0;
export const ACCOUNT: number = 1;
export const SLOT: number = 2;
export const GROUP: number = 3;
export const RANK: number = 4;
export const ODDS: number = 5;
export const OUTPUT_TOKENS: number = 6;
export const CACHED: number = 7;
export const NOW: number = 8;
export const COLD: number = 9;
export const SAVED: number = 10;
export const WARM_NEXT: number = 11;
export const TO_GO: number = 12;
export const TTFT: number = 13;
export const TIME: number = 14;
export const COST_TERM: number = 15;
export const TTFT_TERM: number = 16;
export const TOKEN_TERM: number = 17;
export const SCORE: number = 18;
export const KEY: number = 19;
export const WRITTEN: number = 20;
export const DIRECTIVE: number = 21;
export const WARM: number = 22;
export const RATE_INPUT: number = 23;
export const RATE_READ: number = 24;
export const RATE_WRITE: number = 25;
export const RATE_WRITE_1H: number = 26;
export const RATE_OUTPUT: number = 27;
export const RATE_FEE: number = 28;

/** Numbers of one candidate, lying together. */
export const CELLS: number = 32;

export const DIRECTIVE_NONE: number = 0;
export const DIRECTIVE_READ: number = 1;
export const DIRECTIVE_WRITE: number = 2;
export const DIRECTIVE_WRITE_1H: number = 3;
export const DIRECTIVE_SHARED: number = 4;

// Places of what is found over all candidates.
export const SUM_CHEAPEST: number = 0;
export const SUM_COLD_WORTH: number = 1;
export const SUM_BEST_COST: number = 2;
export const SUM_BEST_POSITIVE: number = 3;
export const SUM_BEST_TTFT: number = 4;
export const SUM_BEST_TOKEN: number = 5;

/**
 * Working numbers of a decision: the same memory at every call, so that no candidate allocates. Nothing
 * in it outlives the call that filled it.
 */
export type Scratch = {
  cells: Float64Array;
  /** Candidates whose cache must be asked for, `marking` of them. */
  toMark: Int32Array;
  marking: number;
  /** Whether candidates may be of different ranks. */
  classed: boolean;
  /** Whether one of them may have several accounts. */
  several: boolean;
  /** What is found over all candidates, by the places above. */
  readonly sums: Float64Array;
};

const scratch: Scratch = {
  cells: new Float64Array(64 * CELLS),
  toMark: new Int32Array(64),
  marking: 0,
  classed: false,
  several: false,
  sums: new Float64Array(8),
};

/** The working numbers, long enough for so many candidates. */
export const scratchFor = (candidates: number): Scratch => {
  if (candidates > scratch.toMark.length) {
    scratch.cells = new Float64Array(candidates * 2 * CELLS);
    scratch.toMark = new Int32Array(candidates * 2);
  }
  return scratch;
};

export const cell = (scratch: Scratch, k: number, place: number): number =>
  scratch.cells[k * CELLS + place] ?? 0;

export const setCell = (scratch: Scratch, k: number, place: number, value: number): void => {
  scratch.cells[k * CELLS + place] = value;
};
