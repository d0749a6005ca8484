import { GAP_BINS, GAP_ENDS_MS } from "./gap-bins.ts";

/** Depths, prompt sizes, and whether a session is named: one row of odds each. */
const DEPTHS = 5;
const SIZES = 4;
export const TURN_KEYS: number = DEPTHS * SIZES * 2;
const FIRST_TURNS = 64;

/**
 * Turns of conversations that may still be continued, and how often and how soon turns like them
 * were. A turn is a request with a prefix; its continuation is the first later request whose prefix
 * goes through its end. Mutated by the functions of this file only.
 */
export type Turns = {
  /** Most turns watched at a time. */
  readonly limit: number;
  /** Number of the next turn. */
  next: number;
  /** Ring, by turn number: start, key, and pause until its continuation (`Infinity` = none yet). */
  atMs: Float64Array;
  keys: Uint8Array;
  gapMs: Float64Array;
  /** Per bin, the first turn for which it is not over yet. */
  readonly due: Float64Array;
  /** Per key and bin: turns that were still waiting at its start, and those continued within it. */
  readonly exposures: Float64Array;
  readonly events: Float64Array;
  /** The same over all keys. */
  readonly allExposures: Float64Array;
  readonly allEvents: Float64Array;
  /** Per key and bin: odds that the next turn comes within it; the open bin holds the odds of none. */
  readonly odds: Float64Array;
};

/** Hazards before anything is learned, as public chat traces have them, and their weight in turns. */
const PRIOR_HAZARDS: readonly number[] = [0.06, 0.15, 0.15, 0.08, 0.08, 0.1, 0.06];
const PRIOR_WEIGHT = 20;
/** Weight of all keys together in the odds of one. */
const SHARED_WEIGHT = 12;
/** Counts are halved when they reach this, so that what was once learned can be unlearned. */
const MOST_EXPOSURES = 4000;

/** Which row of odds a turn belongs to. */
export const turnKey = (depth: number, promptTokens: number, hasSession: boolean): number => {
  const deep = depth < 2 ? depth : depth < 4 ? 2 : depth < 10 ? 3 : 4;
  const size = promptTokens < 8000 ? (promptTokens < 2000 ? 0 : 1) : promptTokens < 32_000 ? 2 : 3;
  return (deep * SIZES + size) * 2 + (hasSession ? 1 : 0);
};

/** Depths are told apart up to this one. */
export const DEEPEST = 10;

/** Shallowest depth a key stands for. */
export const depthOfKey = (key: number): number => {
  const deep = Math.floor(key / (SIZES * 2));
  return deep < 2 ? deep : deep === 2 ? 2 : deep === 3 ? 4 : DEEPEST;
};

const renewOdds = (turns: Turns, key: number): void => {
  let waiting = 1;
  for (let bin = 0; bin < GAP_BINS - 1; bin += 1) {
    const shared =
      ((turns.allEvents[bin] ?? 0) + (PRIOR_HAZARDS[bin] ?? 0) * PRIOR_WEIGHT) /
      ((turns.allExposures[bin] ?? 0) + PRIOR_WEIGHT);
    const at = key * GAP_BINS + bin;
    const hazard =
      ((turns.events[at] ?? 0) + shared * SHARED_WEIGHT) /
      ((turns.exposures[at] ?? 0) + SHARED_WEIGHT);
    turns.odds[at] = waiting * hazard;
    waiting *= 1 - hazard;
  }
  turns.odds[key * GAP_BINS + GAP_BINS - 1] = waiting;
};

export const newTurns = (limit: number): Turns => {
  const turns: Turns = {
    limit: Math.max(FIRST_TURNS, 2 ** Math.ceil(Math.log2(limit))),
    next: 0,
    atMs: new Float64Array(0),
    keys: new Uint8Array(0),
    gapMs: new Float64Array(0),
    due: new Float64Array(GAP_BINS - 1),
    exposures: new Float64Array(TURN_KEYS * GAP_BINS),
    events: new Float64Array(TURN_KEYS * GAP_BINS),
    allExposures: new Float64Array(GAP_BINS),
    allEvents: new Float64Array(GAP_BINS),
    odds: new Float64Array(TURN_KEYS * GAP_BINS),
  };
  for (let key = 0; key < TURN_KEYS; key += 1) renewOdds(turns, key);
  return turns;
};

const count = (turns: Turns, turn: number, bin: number): void => {
  const at = turn % turns.atMs.length;
  const gapMs = turns.gapMs[at] ?? Infinity;
  const startMs = bin === 0 ? 0 : (GAP_ENDS_MS[bin - 1] ?? 0);
  if (gapMs < startMs) return;
  const happened = gapMs < (GAP_ENDS_MS[bin] ?? Infinity) ? 1 : 0;
  const key = turns.keys[at] ?? 0;
  const cell = key * GAP_BINS + bin;
  turns.exposures[cell] = (turns.exposures[cell] ?? 0) + 1;
  turns.events[cell] = (turns.events[cell] ?? 0) + happened;
  turns.allExposures[bin] = (turns.allExposures[bin] ?? 0) + 1;
  turns.allEvents[bin] = (turns.allEvents[bin] ?? 0) + happened;
  if ((turns.exposures[cell] ?? 0) >= MOST_EXPOSURES) {
    turns.exposures[cell] = (turns.exposures[cell] ?? 0) / 2;
    turns.events[cell] = (turns.events[cell] ?? 0) / 2;
  }
  renewOdds(turns, key);
};

/** Counts every bin that is over: an event and an exposure only then, so that no wait is cut short. */
export const passTime = (turns: Turns, nowMs: number): void => {
  for (let bin = 0; bin < GAP_BINS - 1; bin += 1) {
    const endMs = GAP_ENDS_MS[bin] ?? 0;
    let turn = Math.max(turns.due[bin] ?? 0, turns.next - turns.atMs.length);
    while (turn < turns.next && (turns.atMs[turn % turns.atMs.length] ?? 0) + endMs <= nowMs) {
      count(turns, turn, bin);
      turn += 1;
    }
    turns.due[bin] = turn;
  }
};

const grown = <Column extends Float64Array | Uint8Array>(column: Column, into: Column): Column => {
  into.set(column);
  return into;
};

/** Opens a turn and gives its number. */
export const openTurn = (turns: Turns, key: number, nowMs: number): number => {
  const length = turns.atMs.length;
  if (turns.next >= length && length < turns.limit) {
    // Never wrapped so far, so that numbers still are places.
    const size = Math.max(FIRST_TURNS, length * 2);
    turns.atMs = grown(turns.atMs, new Float64Array(size));
    turns.keys = grown(turns.keys, new Uint8Array(size));
    turns.gapMs = grown(turns.gapMs, new Float64Array(size));
  }
  const turn = turns.next;
  const at = turn % turns.atMs.length;
  turns.atMs[at] = nowMs;
  turns.keys[at] = key;
  turns.gapMs[at] = Infinity;
  turns.next = turn + 1;
  return turn;
};

/** Whether a turn is still in the ring. */
export const isWatched = (turns: Turns, turn: number): boolean =>
  turn >= 0 && turn < turns.next && turn >= turns.next - turns.atMs.length;

/** Notes the first continuation of a turn. */
export const continueTurn = (turns: Turns, turn: number, nowMs: number): void => {
  const at = turn % turns.atMs.length;
  const gapMs = Math.max(0, nowMs - (turns.atMs[at] ?? 0));
  if (gapMs < (turns.gapMs[at] ?? Infinity)) turns.gapMs[at] = gapMs;
};
