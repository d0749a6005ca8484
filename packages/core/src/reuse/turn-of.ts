import { findPrefix } from "../cache/prefix-index.ts";
import type { PrefixLink } from "../request/routing-request.ts";
import type { Learned } from "../state/router-state.ts";
import { DEEPEST, depthOfKey, isWatched } from "./turns.ts";

/** The turn a request continues (-1 = none known), and how deep in its conversation it is. */
export type FoundTurn = { turn: number; depth: number };

/** Returned by every call, so that none allocates: to be read before the next one. */
const found: FoundTurn = { turn: -1, depth: 0 };

/**
 * Finds by prefix alone: the deepest link at which an earlier turn ended. Where that is the request's
 * own end, it is the same turn again, not a later one.
 */
export const turnOf = (learned: Learned, prefix: readonly PrefixLink[]): FoundTurn => {
  const { prefixes, turns } = learned;
  found.turn = -1;
  found.depth = 0;
  for (let index = prefix.length - 1; index >= 0; index -= 1) {
    const link = prefix[index];
    const entry = link === undefined ? -1 : findPrefix(prefixes, link.hash);
    if (entry < 0) continue;
    const turn = prefixes.turn[entry] ?? -1;
    if (!isWatched(turns, turn)) continue;
    const depth = depthOfKey(turns.keys[turn % turns.atMs.length] ?? 0);
    found.turn = turn;
    found.depth = index === prefix.length - 1 ? depth : Math.min(DEEPEST, depth + 1);
    break;
  }
  return found;
};
