// Places of a candidate's numbers. Rates are those its prompt reaches, pico-USD per token; costs and their
// terms are pico-USD, `Infinity` = unknown; ACCOUNT is a place in its row's accounts, SLOT -1 = never used.
export const ROW: number = 0;
export const ACCOUNT: number = 1;
export const SLOT: number = 2;
export const GROUP: number = 3;
export const RANK: number = 4;
export const RATE_INPUT: number = 5;
export const RATE_READ: number = 6;
export const RATE_WRITE: number = 7;
export const RATE_WRITE_1H: number = 8;
export const RATE_OUTPUT: number = 9;
export const RATE_FEE: number = 10;
export const NOW: number = 11;
export const COLD: number = 12;
export const SAVED: number = 13;
export const WARM_NEXT: number = 14;
export const WARM_LATER: number = 15;
export const TO_GO: number = 16;
export const SECONDS: number = 17;
export const TIME: number = 18;
export const ODDS: number = 19;
export const CACHED: number = 20;
export const WARM: number = 21;
export const WRITTEN: number = 22;
export const OUTPUT_TOKENS: number = 23;
export const TTFT: number = 24;
export const DIRECTIVE: number = 25;
export const COST_TERM: number = 26;
export const TTFT_TERM: number = 27;
export const TOKEN_TERM: number = 28;
export const SCORE: number = 29;
export const BALANCED: number = 30;
export const KEY: number = 31;

/** Numbers of one candidate, lying together. */
export const CELLS: number = 32;

export const DIRECTIVE_NONE: number = 0;
export const DIRECTIVE_READ: number = 1;
export const DIRECTIVE_WRITE: number = 2;
export const DIRECTIVE_WRITE_1H: number = 3;
export const DIRECTIVE_SHARED: number = 4;

/**
 * Working numbers of a decision: the same memory at every call, so that no candidate allocates. Nothing
 * in it outlives the call that filled it.
 */
export type Scratch = { cells: Float64Array };

const scratch: Scratch = { cells: new Float64Array(64 * CELLS) };

/** The working numbers, long enough for so many candidates. */
export const scratchFor = (candidates: number): Scratch => {
  if (candidates * CELLS > scratch.cells.length)
    scratch.cells = new Float64Array(candidates * 2 * CELLS);
  return scratch;
};

export const cell = (scratch: Scratch, k: number, place: number): number =>
  scratch.cells[k * CELLS + place] ?? 0;

export const setCell = (scratch: Scratch, k: number, place: number, value: number): void => {
  scratch.cells[k * CELLS + place] = value;
};
