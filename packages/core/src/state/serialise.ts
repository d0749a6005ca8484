import type { Plugs } from "../plugs/plugs.ts";
import type { HitOdds } from "../cache/hit-odds.ts";
import { renewHitOdds } from "../cache/hit-odds.ts";
import { allocateEntries, prefixColumns, WAYS } from "../cache/prefix-index.ts";
import type { PrefixIndex } from "../cache/prefix-index.ts";
import type { OfferingHealth } from "../health/offering-health.ts";
import type { LatencyFit } from "../latency/latency-fit.ts";
import type { Offering } from "../offering/offering.ts";
import type { Turns } from "../reuse/turns.ts";
import type { BytesPerToken } from "../tokens/bytes-per-token.ts";
import { lengthRows, lengthsOfRows } from "../tokens/output-lengths.ts";
import type { LengthRow } from "../tokens/output-lengths.ts";
import { createRouterState, freeze } from "./router-state.ts";
import type { MeanCost, RouterState } from "./router-state.ts";
import type { CompleteRouterOptions } from "./router-options.ts";
import { renewHealth, renewLatency } from "./renew-columns.ts";
import { enterSlot } from "./slots.ts";
import type { Slots } from "./slots.ts";

/** A remembered prefix: its place in the table, its columns in their order, then its ways. */
export type SerialisedPrefix = readonly number[];

export type SerialisedTurns = {
  readonly next: number;
  readonly atMs: readonly number[];
  readonly keys: readonly number[];
  /** `null` = not continued. */
  readonly gapMs: readonly (number | null)[];
  /** Tables, in the order of `turnTables`. */
  readonly tables: readonly (readonly number[])[];
};

/** A state as plain data: `JSON.stringify` and back keeps every value. */
export type SerialisedState = {
  readonly format: "pointsman-core/2";
  readonly version: number;
  readonly offerings: readonly Offering[];
  readonly options: Omit<CompleteRouterOptions, "plugs">;
  /** In ascending order of offering id. */
  readonly learned: readonly { readonly latency: LatencyFit; readonly health: OfferingHealth }[];
  /** Accounts by column; `offering` is a place in `learned`. */
  readonly slots: Omit<Slots, "byOffering">;
  readonly deadCredentials: readonly (readonly [string, number])[];
  readonly bytesPerToken: readonly (readonly [string, BytesPerToken])[];
  readonly outputLengths: readonly LengthRow[];
  readonly retries: number;
  readonly meanCost: MeanCost;
  readonly prefixes: { readonly entries: number; readonly used: readonly SerialisedPrefix[] };
  readonly turns: SerialisedTurns;
  readonly hits: readonly number[];
  readonly misses: readonly number[];
};

const turnTables = ["due", "exposures", "events", "allExposures", "allEvents", "odds"] as const;

const prefixRows = (index: PrefixIndex): SerialisedPrefix[] => {
  const rows: SerialisedPrefix[] = [];
  for (const [entry, hash] of index.hashes.entries()) {
    if (Number.isNaN(hash)) continue;
    const ways = [entry * WAYS, entry * WAYS + WAYS] as const;
    rows.push([
      entry,
      ...prefixColumns.map((name) => index[name][entry] ?? 0),
      ...index.places.subarray(...ways),
      ...index.usedMs.subarray(...ways),
    ]);
  }
  return rows;
};

export const serialiseTurns = (turns: Turns): SerialisedTurns => ({
  next: turns.next,
  atMs: [...turns.atMs],
  keys: [...turns.keys],
  gapMs: Array.from(turns.gapMs, (gap) => (gap === Infinity ? null : gap)),
  tables: turnTables.map((name) => [...turns[name]]),
});

/** Everything a state holds but its plugs, as plain data of its own. */
export const serialise = (state: RouterState): SerialisedState => {
  const { learned } = freeze(state);
  const { turns } = learned;
  const { byOffering: _byOffering, ...slots } = learned.slots;
  const { plugs: _, ...options } = state.options;
  return {
    format: "pointsman-core/2",
    version: state.version,
    offerings: state.offerings,
    options,
    learned: learned.rows.map(({ latency, health }) => ({ latency, health })),
    slots,
    deadCredentials: [...learned.deadCredentials],
    bytesPerToken: [...learned.bytesPerToken],
    outputLengths: lengthRows(learned.outputLengths),
    retries: learned.retryBudget.retries,
    meanCost: learned.meanCost,
    prefixes: { entries: learned.prefixes.hashes.length, used: prefixRows(learned.prefixes) },
    turns: serialiseTurns(turns),
    hits: [...learned.hitOdds.hits],
    misses: [...learned.hitOdds.misses],
  };
};

const restorePrefixes = (index: PrefixIndex, from: SerialisedState["prefixes"]): void => {
  if (from.entries === 0) return;
  allocateEntries(index, from.entries);
  index.size = from.used.length;
  const first = 1 + prefixColumns.length;
  for (const row of from.used) {
    const [entry = 0] = row;
    for (const [at, name] of prefixColumns.entries()) index[name][entry] = row[at + 1] ?? 0;
    index.places.set(row.slice(first, first + WAYS), entry * WAYS);
    index.usedMs.set(row.slice(first + WAYS), entry * WAYS);
  }
};

const restoreTurns = (turns: Turns, from: SerialisedState["turns"]): void => {
  turns.next = from.next;
  turns.atMs = Float64Array.from(from.atMs);
  turns.keys = Uint8Array.from(from.keys);
  turns.gapMs = Float64Array.from(from.gapMs, (gap) => gap ?? Infinity);
  for (const [at, name] of turnTables.entries()) turns[name].set(from.tables[at] ?? []);
};

const restoreHits = (table: HitOdds, from: Pick<SerialisedState, "hits" | "misses">): void => {
  table.hits.set(from.hits);
  table.misses.set(from.misses);
  for (let cell = 0; cell < table.odds.length; cell += 1) {
    if ((table.hits[cell] ?? 0) + (table.misses[cell] ?? 0) > 0) renewHitOdds(table, cell);
  }
};

/**
 * The state that was serialised: equal in every value, and independent of the data it came from. Plugs are
 * functions, so they are given anew.
 *
 * @throws RangeError if the format is not known, or two offerings share an id.
 */
export const restore = (serialised: SerialisedState, plugs: Plugs = {}): RouterState => {
  const { format, options } = serialised;
  if (format !== "pointsman-core/2") throw new RangeError(`unknown format "${String(format)}"`);
  const fresh = createRouterState({ ...options, plugs, offerings: serialised.offerings });
  const { learned } = fresh;
  for (const track of learned.rows) {
    const known = serialised.learned[track.row];
    if (known === undefined) continue;
    Object.assign(track.latency, known.latency);
    Object.assign(track.health, known.health);
    renewLatency(learned.columns, track);
    renewHealth(learned.columns, track);
  }
  for (const [slot, row] of serialised.slots.offering.entries())
    enterSlot(learned.slots, row, serialised.slots.credential[slot] ?? "", false);
  Object.assign(learned.slots, serialised.slots);
  for (const [id, untilMs] of serialised.deadCredentials) learned.deadCredentials.set(id, untilMs);
  for (const [model, known] of serialised.bytesPerToken) learned.bytesPerToken.set(model, known);
  Object.assign(learned.outputLengths, lengthsOfRows(serialised.outputLengths));
  learned.retryBudget.retries = serialised.retries;
  Object.assign(learned.meanCost, serialised.meanCost);
  restorePrefixes(learned.prefixes, serialised.prefixes);
  restoreTurns(learned.turns, serialised.turns);
  restoreHits(learned.hitOdds, serialised);
  fresh.version = serialised.version;
  return freeze(fresh);
};
