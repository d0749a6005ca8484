import { enterPrefix, WAYS, newPrefixIndex } from "../cache/prefix-index.ts";
import type { PrefixIndex } from "../cache/prefix-index.ts";
import { renewHitOdds } from "../cache/hit-odds.ts";
import type { Breaker } from "../health/breaker.ts";
import type { OfferingHealth } from "../health/offering-health.ts";
import type { RateWindow } from "../health/rate-window.ts";
import type { AccountRest } from "../health/rest.ts";
import { mergeOutputLengths } from "../tokens/output-lengths.ts";
import { greater } from "./greater.ts";
import { freeze } from "./router-state.ts";
import type { Learned, RouterState } from "./router-state.ts";
import { renewHealth, renewLatency } from "./renew-columns.ts";
import { serialiseTurns } from "./serialise.ts";
import { enterSlot, newSlots, slotOf } from "./slots.ts";
import type { Slots } from "./slots.ts";

const caution: Readonly<Record<Breaker["state"], number>> = { closed: 0, half_open: 1, open: 2 };

const breakerOrder = (breaker: Breaker): readonly number[] =>
  breaker.state === "closed"
    ? [caution.closed, breaker.failuresInRow]
    : [caution[breaker.state], breaker.state === "open" ? breaker.untilMs : 0, breaker.restMs];

const mergeHealth = (a: OfferingHealth, b: OfferingHealth): OfferingHealth => {
  const seen = greater(
    { ...a, breaker: null, inFlight: 0 },
    { ...b, breaker: null, inFlight: 0 },
    ({ atMs, successes, failures }) => [atMs, failures, successes],
  );
  return {
    ...seen,
    recent: seen.recent.map((slot) => ({ ...slot })),
    breaker: greater(a.breaker, b.breaker, breakerOrder),
    inFlight: Math.max(a.inFlight, b.inFlight),
  };
};

const mergeRests = (a: AccountRest, b: AccountRest): AccountRest => {
  const later = greater(a, b, ({ retryAfterMs }) => [retryAfterMs]);
  return {
    retryAfterMs: later.retryAfterMs,
    retryAfterCause: later.retryAfterCause,
    backoffMs: Math.max(a.backoffMs, b.backoffMs),
    modelUntilMs: Math.max(a.modelUntilMs, b.modelUntilMs),
    modelRestMs: Math.max(a.modelRestMs, b.modelRestMs),
  };
};

/** Attempts of both, each once: two of the same moment and length count as one. */
const mergeWindows = (a: RateWindow, b: RateWindow): RateWindow => {
  const attempts = new Map<string, readonly [number, number]>();
  for (const { times, totals } of [a, b]) {
    for (const [index, time] of times.entries()) {
      const tokens = (totals[index] ?? 0) - (index === 0 ? 0 : (totals[index - 1] ?? 0));
      attempts.set(`${time} ${tokens}`, [time, tokens]);
    }
  }
  const sorted = [...attempts.values()].sort((x, y) => x[0] - y[0] || x[1] - y[1]);
  let total = 0;
  return {
    head: 0,
    times: sorted.map(([time]) => time),
    totals: sorted.map(([, tokens]) => (total += tokens)),
  };
};

/** Slots of both, in order of offering and credential. */
const mergeSlots = (a: Slots, b: Slots): Slots => {
  const merged = newSlots();
  const all = [a, b].flatMap((slots) =>
    slots.offering.map((row, slot) => ({ row, id: slots.credential[slot] ?? "" })),
  );
  all.sort((x, y) => x.row - y.row || Number(x.id > y.id) - Number(x.id < y.id));
  for (const { row, id } of all) {
    if (slotOf(merged, row, id) >= 0) continue;
    const slot = enterSlot(merged, row, id, false);
    const places = [a, b].map((slots) => ({ slots, slot: slotOf(slots, row, id) }));
    const rests = places.flatMap((place) => place.slots.rests[place.slot] ?? []);
    const windows = places.flatMap((place) => place.slots.windows[place.slot] ?? []);
    // Merged even if there is one only, so that what is expired is left out of none or all.
    const window =
      windows.length === 0
        ? null
        : windows.reduce(mergeWindows, { times: [], totals: [], head: 0 });
    const rest = rests.reduce(mergeRests);
    merged.rests[slot] = { ...rest };
    merged.windows[slot] = window;
    merged.limited[slot] = window === null ? 0 : 1;
    merged.restUntilMs[slot] = Math.max(rest.retryAfterMs, rest.modelUntilMs);
    const most = (column: "usedMs" | "byok"): number =>
      Math.max(...places.map((place) => place.slots[column][place.slot] ?? 0));
    merged.usedMs[slot] = most("usedMs");
    merged.byok[slot] = most("byok");
  }
  return merged;
};

/** Where a prefix is warm at a slot, and when it was used there last. */
type Use = { readonly place: number; readonly usedMs: number };

type Known = {
  readonly hash: number;
  readonly tokens: number;
  readonly first: number;
  readonly seen: number;
  readonly count: number;
  readonly turn: number;
  /** By slot. */
  readonly uses: Map<number, Use>;
};

/** Prefixes of both; where each is warm, as both know it; turns only of the side whose ring is kept. */
const mergePrefixes = (
  sides: readonly (readonly [Learned, boolean])[],
  slots: Slots,
  limit: number,
): PrefixIndex => {
  const known = new Map<number, Known>();
  for (const [{ prefixes, slots: own }, keepsTurns] of sides) {
    for (const [entry, hash] of prefixes.hashes.entries()) {
      if (Number.isNaN(hash)) continue;
      const now = known.get(hash);
      const first = prefixes.firstSeenMs[entry] ?? 0;
      const turn = keepsTurns ? (prefixes.turn[entry] ?? -1) : -1;
      const uses = now?.uses ?? new Map<number, Use>();
      for (let way = entry * WAYS; way < entry * WAYS + WAYS; way += 1) {
        const place = prefixes.places[way] ?? -1;
        if (place < 0) continue;
        const slot = slotOf(
          slots,
          own.offering[place >> 1] ?? -1,
          own.credential[place >> 1] ?? "",
        );
        const other = uses.get(slot);
        // Whoever knows of an hour knows more.
        uses.set(slot, {
          place: slot * 2 + ((place | (other?.place ?? 0)) & 1),
          usedMs: Math.max(prefixes.usedMs[way] ?? 0, other?.usedMs ?? 0),
        });
      }
      known.set(hash, {
        hash,
        tokens: Math.max(prefixes.tokens[entry] ?? 0, now?.tokens ?? 0),
        first: Math.min(first, now?.first ?? first),
        seen: Math.max(prefixes.seenMs[entry] ?? 0, now?.seen ?? 0),
        count: Math.max(prefixes.count[entry] ?? 0, now?.count ?? 0),
        turn: Math.max(turn, now?.turn ?? -1),
        uses,
      });
    }
  }
  const index = newPrefixIndex(limit);
  const entries = [...known.values()].sort((x, y) => x.seen - y.seen || x.hash - y.hash);
  for (const { hash, tokens, first, seen, count, turn, uses } of entries) {
    const entry = enterPrefix(index, hash, { tokens, nowMs: seen });
    index.firstSeenMs[entry] = first;
    index.count[entry] = count;
    index.turn[entry] = turn;
    const latest = [...uses.values()].sort((x, y) => y.usedMs - x.usedMs || x.place - y.place);
    for (const [way, { place, usedMs }] of latest.slice(0, WAYS).entries()) {
      index.places[entry * WAYS + way] = place;
      index.usedMs[entry * WAYS + way] = usedMs;
    }
  }
  return index;
};

const mergeMaps = <Value>(
  a: ReadonlyMap<string, Value>,
  b: ReadonlyMap<string, Value>,
  merge: (x: Value, y: Value) => Value,
): Map<string, Value> => {
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort();
  return new Map(
    keys.flatMap((key): [string, Value][] => {
      const x = a.get(key);
      const y = b.get(key);
      if (x === undefined) return y === undefined ? [] : [[key, y]];
      return [[key, y === undefined ? x : merge(x, y)]];
    }),
  );
};

/**
 * What two replicas of one router know, as one state; both must have the same offerings and options.
 *
 * Commutative, associative and idempotent: deadlines, beliefs of warm prefixes and breakers are joined
 * by the later or more cautious one; of estimates (latency, lengths, odds) the better informed one is
 * kept whole. They are not added up, since replicas that merge more than once would count twice. So
 * attempts in flight are the larger number, not the sum, and two attempts of the same millisecond and
 * length count once against a rate limit.
 *
 * @throws RangeError if the offerings differ.
 */
export const merge = (a: RouterState, b: RouterState): RouterState => {
  const merged = freeze(a);
  const other = freeze(b);
  const mine = merged.learned;
  const theirs = other.learned;
  if (
    mine.rows.length !== theirs.rows.length ||
    mine.rows.some(({ offering }, row) => offering.id !== theirs.rows[row]?.offering.id)
  )
    throw new RangeError("states of different offerings cannot be merged");
  for (const track of mine.rows) {
    const known = theirs.rows[track.row];
    if (known === undefined) continue;
    Object.assign(
      track.latency,
      greater(track.latency, known.latency, ({ observations, atMs }) => [observations, atMs]),
    );
    Object.assign(track.health, mergeHealth(track.health, known.health));
    renewLatency(mine.columns, track);
    renewHealth(mine.columns, track);
  }
  for (let cell = 0; cell < mine.hitOdds.hits.length; cell += 1) {
    const at = (table: Learned["hitOdds"]): readonly [number, number] => [
      table.hits[cell] ?? 0,
      table.misses[cell] ?? 0,
    ];
    const [hits, misses] = greater(at(mine.hitOdds), at(theirs.hitOdds), ([x, y]) => [x + y, x]);
    mine.hitOdds.hits[cell] = hits;
    mine.hitOdds.misses[cell] = misses;
    if (hits + misses > 0) renewHitOdds(mine.hitOdds, cell);
  }
  const rings = { mine: serialiseTurns(mine.turns), theirs: serialiseTurns(theirs.turns) };
  const kept =
    greater(rings.mine, rings.theirs, ({ next }) => [next]) === rings.mine ? mine : theirs;
  const alike = JSON.stringify(rings.mine) === JSON.stringify(rings.theirs);
  const slots = mergeSlots(mine.slots, theirs.slots);
  const by =
    <Value>(orderOf: (value: Value) => readonly number[]) =>
    (x: Value, y: Value) =>
      greater(x, y, orderOf);
  return freeze({
    version: Math.max(a.version, b.version),
    offerings: a.offerings,
    options: a.options,
    learned: {
      ...mine,
      slots,
      deadCredentials: mergeMaps(mine.deadCredentials, theirs.deadCredentials, Math.max),
      bytesPerToken: mergeMaps(
        mine.bytesPerToken,
        theirs.bytesPerToken,
        by(({ tokens }) => [tokens]),
      ),
      outputLengths: mergeOutputLengths(
        mine.outputLengths,
        theirs.outputLengths,
        by(({ sketch, atMs }) => [sketch.seen, atMs]),
      ),
      retryBudget: { retries: Math.min(mine.retryBudget.retries, theirs.retryBudget.retries) },
      meanCost: greater(mine.meanCost, theirs.meanCost, ({ weight }) => [weight]),
      prefixes: mergePrefixes(
        [
          [mine, alike || kept === mine],
          [theirs, alike || kept === theirs],
        ],
        slots,
        mine.prefixes.limit,
      ),
      turns: kept.turns,
    },
  });
};
