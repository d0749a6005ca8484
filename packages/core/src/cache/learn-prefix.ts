import {
  CACHE_EXPLICIT,
  CACHE_NONE,
  OFFERING_CACHE_BLOCK,
  OFFERING_CACHE_MINIMUM,
  OFFERING_CACHE_MODE,
  bitOf,
  numberOf,
} from "../state/columns.ts";
import type { CacheDirective } from "../decide/decision.ts";
import type { PrefixLink } from "../request/routing-request.ts";
import { GAP_BINS, gapBin } from "../reuse/gap-bins.ts";
import { continueTurn, isWatched, openTurn, passTime, turnKey } from "../reuse/turns.ts";
import { turnOf } from "../reuse/turn-of.ts";
import type { Learned } from "../state/router-state.ts";
import { learnHit } from "./hit-odds.ts";
import { enterPrefix, findPrefix, warmPrefix, WAYS } from "./prefix-index.ts";

/** A request has come: its prefixes are seen, and it may be the next turn of a conversation. */
export const seeRequest = (
  learned: Learned,
  request: {
    readonly nowMs: number;
    readonly prefix: readonly PrefixLink[];
    readonly promptTokens: number;
    readonly hasSession: boolean;
  },
): void => {
  const { prefixes, turns } = learned;
  const { nowMs, prefix } = request;
  const last = prefix.at(-1);
  passTime(turns, nowMs);
  if (last === undefined) return;
  const found = turnOf(learned, prefix);
  if (isWatched(turns, found.turn)) continueTurn(turns, found.turn, nowMs);
  const key = turnKey(found.depth, request.promptTokens, request.hasSession);
  const turn = openTurn(turns, key, nowMs);
  for (const link of prefix) {
    const entry = enterPrefix(prefixes, link.hash, { tokens: link.tokens, nowMs });
    prefixes.seenMs[entry] = Math.max(prefixes.seenMs[entry] ?? 0, nowMs);
    prefixes.count[entry] = (prefixes.count[entry] ?? 0) + 1;
    if (link === last) prefixes.turn[entry] = turn;
  }
};

/** Longest prefix believed warm at a slot; its length and its idle time. */
const warmAt = (
  learned: Learned,
  use: { readonly prefix: readonly PrefixLink[]; readonly slot: number; readonly atMs: number },
): { readonly tokens: number; readonly idleMs: number } | null => {
  const { prefixes } = learned;
  for (let index = use.prefix.length - 1; index >= 0; index -= 1) {
    const link = use.prefix[index];
    const entry = link === undefined ? -1 : findPrefix(prefixes, link.hash);
    if (entry < 0 || link === undefined) continue;
    for (let way = entry * WAYS; way < entry * WAYS + WAYS; way += 1) {
      const usedMs = prefixes.usedMs[way] ?? 0;
      if ((prefixes.places[way] ?? -1) >> 1 === use.slot && usedMs <= use.atMs) {
        return { tokens: link.tokens, idleMs: use.atMs - usedMs };
      }
    }
  }
  return null;
};

/** What the provider reported of a read that was hoped for. Called before the prompt is marked warm. */
export const learnCacheRead = (
  learned: Learned,
  use: {
    readonly prefix: readonly PrefixLink[];
    readonly slot: number;
    readonly row: number;
    /** Start of the attempt, Unix ms. */
    readonly atMs: number;
    readonly cachedTokens: number;
  },
): void => {
  const { columns, hitOdds } = learned;
  if (bitOf(columns, use.row, OFFERING_CACHE_MODE) === CACHE_NONE) return;
  const warm = warmAt(learned, use);
  const block = numberOf(columns, use.row, OFFERING_CACHE_BLOCK);
  const believed = warm === null ? 0 : Math.floor(warm.tokens / block) * block;
  if (warm === null || believed < Math.max(1, numberOf(columns, use.row, OFFERING_CACHE_MINIMUM)))
    return;
  const cell = use.row * GAP_BINS + gapBin(Math.max(0, warm.idleMs));
  learnHit(hitOdds, cell, Math.min(1, use.cachedTokens / believed));
};

/** The prompt was read: where the provider caches, its prefixes are warm there now. */
export const warmPrompt = (
  learned: Learned,
  use: {
    readonly prefix: readonly PrefixLink[];
    readonly slot: number;
    readonly row: number;
    readonly promptTokens: number;
    readonly usedMs: number;
    readonly directive: CacheDirective | null;
  },
): void => {
  const { columns, prefixes } = learned;
  const { prefix, slot, row, usedMs, directive } = use;
  const mode = bitOf(columns, row, OFFERING_CACHE_MODE);
  if (mode === CACHE_NONE || use.promptTokens < numberOf(columns, row, OFFERING_CACHE_MINIMUM))
    return;
  const marks = directive?.breakpoints ?? [];
  if (mode === CACHE_EXPLICIT && marks.length === 0) return;
  const deepest =
    mode === CACHE_EXPLICIT ? Math.max(...marks.map(({ uptoTokens }) => uptoTokens)) : Infinity;
  for (const link of prefix) {
    if (link.tokens > deepest) break;
    const entry = enterPrefix(prefixes, link.hash, { tokens: link.tokens, nowMs: usedMs });
    const mark = marks.find(({ uptoTokens }) => uptoTokens === link.tokens);
    if (mode === CACHE_EXPLICIT && mark === undefined) {
      // Entries before the one that was read are renewed with it.
      renewPlace(learned, entry, slot, usedMs);
      continue;
    }
    warmPrefix(prefixes, entry, { place: slot * 2 + (mark?.ttl === "1h" ? 1 : 0), usedMs });
  }
};

const renewPlace = (learned: Learned, entry: number, slot: number, usedMs: number): void => {
  const { places, usedMs: used } = learned.prefixes;
  for (let way = entry * WAYS; way < entry * WAYS + WAYS; way += 1) {
    if ((places[way] ?? -1) >> 1 === slot) used[way] = Math.max(used[way] ?? 0, usedMs);
  }
};
