import type { PrefixLink } from "../request/routing-request.ts";
import { gapBin } from "../reuse/gap-bins.ts";
import { DEEPEST, depthOfKey, isWatched, turnKey } from "../reuse/turns.ts";
import type { Learned } from "../state/router-state.ts";
import { findPrefix } from "./prefix-index.ts";

/**
 * What is believed of one request's prefix, slot by slot. The same object at every call; nothing in
 * it outlives the call that filled it.
 */
export type WarmBelief = {
  /** Tokens the chain covers; 0 = nothing is known to be shared. */
  chainTokens: number;
  /** Row of the odds that the conversation goes on, now and one turn later. */
  key: number;
  laterKey: number;
  /** Longest prefix that other requests had, but the tip of none; its entry, -1 = none. */
  sharedEntry: number;
  sharedTokens: number;
  /** By slot: expected tokens read, longest that may be, and the odds reached so far. */
  cached: Float64Array;
  longest: Float64Array;
  odds: Float64Array;
  usedMs: Float64Array;
};

const belief: WarmBelief = {
  chainTokens: 0,
  key: 0,
  laterKey: 0,
  sharedEntry: -1,
  sharedTokens: 0,
  cached: new Float64Array(64),
  longest: new Float64Array(64),
  odds: new Float64Array(64),
  usedMs: new Float64Array(64),
};
/** Slots the last call wrote to, to be wiped by the next; `touches` of them. */
let touched = new Int32Array(64);
let touches = 0;

const ONE_HOUR_MS = 3_600_000;
/** Odds that a one-hour entry is found within its hour. */
const ONE_HOUR_ODDS = 0.97;

const prepare = (slots: number): void => {
  const { cached, longest, odds, usedMs } = belief;
  for (let index = 0; index < touches; index += 1) {
    const slot = touched[index] ?? 0;
    cached[slot] = 0;
    longest[slot] = 0;
    odds[slot] = 0;
    usedMs[slot] = 0;
  }
  touches = 0;
  if (cached.length < slots) {
    const size = slots * 2;
    belief.cached = new Float64Array(size);
    belief.longest = new Float64Array(size);
    belief.odds = new Float64Array(size);
    belief.usedMs = new Float64Array(size);
    touched = new Int32Array(size);
  }
  belief.sharedEntry = -1;
  belief.sharedTokens = 0;
};

/**
 * Walks the chain once, longest prefix first: one look-up a link, and one step for each place it is
 * warm at. A shorter prefix adds to a slot only where it is likelier to be alive than the longer one.
 */
export const believeWarm = (
  learned: Learned,
  prefix: readonly PrefixLink[],
  request: {
    readonly nowMs: number;
    readonly promptTokens: number;
    readonly hasSession: boolean;
  },
): WarmBelief => {
  // Written out, since an imported name is read anew at every use.
  const GAP_BINS = 8;
  const OFFERING_CACHE_BLOCK = 10;
  const OFFERING_CACHE_MINIMUM = 9;
  const OFFERING_NUMBERS = 20;
  const WAYS = 3;
  const { prefixes, turns, columns, slots, hitOdds } = learned;
  prepare(slots.offering.length);
  const last = prefix.length - 1;
  belief.chainTokens = last < 0 ? 0 : (prefix[last]?.tokens ?? 0);
  let depth = -1;
  if (last >= 0 && prefixes.size > 0) {
    const { turn: turnAt, places, usedMs, tokens, count } = prefixes;
    const { cached, longest, odds: oddsAt, usedMs: usedAt } = belief;
    const { numbers } = columns;
    const { nowMs, promptTokens } = request;
    const { odds: hits } = hitOdds;
    const { offering: rowAt } = slots;
    for (let index = last; index >= 0; index -= 1) {
      const link = prefix[index];
      const entry = link === undefined ? -1 : findPrefix(prefixes, link.hash);
      if (entry < 0) continue;
      const turn = turnAt[entry] ?? -1;
      if (depth < 0 && turn >= 0 && isWatched(turns, turn)) {
        const known = depthOfKey(turns.keys[turn % turns.atMs.length] ?? 0);
        depth = index === last ? known : Math.min(DEEPEST, known + 1);
      }
      if (belief.sharedEntry < 0 && index < last && turn < 0 && (count[entry] ?? 0) > 1) {
        belief.sharedEntry = entry;
        belief.sharedTokens = tokens[entry] ?? 0;
      }
      for (let way = entry * WAYS; way < entry * WAYS + WAYS; way += 1) {
        const place = places[way] ?? -1;
        if (place < 0) break;
        const slot = place >> 1;
        const used = usedMs[way] ?? 0;
        // The same use as that of a longer prefix: nothing new.
        const usedBefore = usedAt[slot] ?? 0;
        if (used <= usedBefore) continue;
        if (usedBefore === 0) {
          touched[touches] = slot;
          touches += 1;
        }
        usedAt[slot] = used;
        const row = rowAt[slot] ?? 0;
        const idleMs = nowMs > used ? nowMs - used : 0;
        const odds =
          (place & 1) === 1 && idleMs < ONE_HOUR_MS
            ? ONE_HOUR_ODDS
            : (hits[row * GAP_BINS + gapBin(idleMs)] ?? 0);
        const before = oddsAt[slot] ?? 0;
        if (odds <= before) continue;
        const block = numbers[row * OFFERING_NUMBERS + OFFERING_CACHE_BLOCK] ?? 1;
        const length = tokens[entry] ?? 0;
        const whole =
          block === 1 ? length : Math.floor(Math.min(length, promptTokens - 1) / block) * block;
        const minimum = numbers[row * OFFERING_NUMBERS + OFFERING_CACHE_MINIMUM] ?? 0;
        if (whole < minimum || whole <= 0) continue;
        if (before === 0) longest[slot] = whole;
        cached[slot] = (cached[slot] ?? 0) + (odds - before) * whole;
        oddsAt[slot] = odds;
      }
    }
  }
  const known = Math.max(0, depth);
  belief.key = turnKey(known, request.promptTokens, request.hasSession);
  belief.laterKey = turnKey(known + 1, request.promptTokens, request.hasSession);
  return belief;
};
