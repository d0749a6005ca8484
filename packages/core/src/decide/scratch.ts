/**
 * Working columns of a decision, one entry a candidate: the same at every call, so that none
 * allocates. Nothing here outlives the call that filled it.
 */
export type Scratch = {
  capacity: number;
  row: Int32Array;
  /** Place in the row's accounts, and its slot. */
  account: Int32Array;
  slot: Int32Array;
  /** Place of its model in the request. */
  group: Int32Array;
  /** Lower classes are tried first, whatever the score. */
  rank: Float64Array;
  /** Rates this prompt reaches there, pico-USD per token. */
  input: Float64Array;
  read: Float64Array;
  write: Float64Array;
  write1h: Float64Array;
  output: Float64Array;
  fee: Float64Array;
  /** Expected cost of this request alone, pico-USD; `Infinity` = unknown. */
  now: Float64Array;
  /** The same with nothing warm, and what a warm prompt would save of it. */
  cold: Float64Array;
  saved: Float64Array;
  /** Odds that the next turn comes and finds the prompt warm, of this turn and of later ones. */
  warmNext: Float64Array;
  warmLater: Float64Array;
  toGo: Float64Array;
  seconds: Float64Array;
  time: Float64Array;
  odds: Float64Array;
  /** Expected tokens read from the cache, the longest that could be, and the tokens written. */
  cached: Float64Array;
  warm: Float64Array;
  written: Float64Array;
  outputTokens: Float64Array;
  ttft: Float64Array;
  /** Mark chosen for explicit caches: `DIRECTIVE_…`. */
  directive: Uint8Array;
  /** Terms, smaller is better. */
  costTerm: Float64Array;
  ttftTerm: Float64Array;
  tokenTerm: Float64Array;
  score: Float64Array;
  balanced: Float64Array;
  /** What candidates are sorted by, smaller is better. */
  key: Float64Array;
};

export const DIRECTIVE_NONE = 0;
export const DIRECTIVE_READ = 1;
export const DIRECTIVE_WRITE = 2;
export const DIRECTIVE_WRITE_1H = 3;
export const DIRECTIVE_SHARED = 4;

const columnsFor = (capacity: number): Scratch => {
  const numbers = (): Float64Array => new Float64Array(capacity);
  const integers = (): Int32Array => new Int32Array(capacity);
  return {
    capacity,
    row: integers(),
    account: integers(),
    slot: integers(),
    group: integers(),
    rank: numbers(),
    input: numbers(),
    read: numbers(),
    write: numbers(),
    write1h: numbers(),
    output: numbers(),
    fee: numbers(),
    now: numbers(),
    cold: numbers(),
    saved: numbers(),
    warmNext: numbers(),
    warmLater: numbers(),
    toGo: numbers(),
    seconds: numbers(),
    time: numbers(),
    odds: numbers(),
    cached: numbers(),
    warm: numbers(),
    written: numbers(),
    outputTokens: numbers(),
    ttft: numbers(),
    directive: new Uint8Array(capacity),
    costTerm: numbers(),
    ttftTerm: numbers(),
    tokenTerm: numbers(),
    score: numbers(),
    balanced: numbers(),
    key: numbers(),
  };
};

const scratch: Scratch = columnsFor(64);

/** The working columns, long enough for so many candidates. */
export const scratchFor = (candidates: number): Scratch => {
  if (candidates > scratch.capacity) Object.assign(scratch, columnsFor(candidates * 2));
  return scratch;
};
