import { newHitOdds, transferHitOdds } from "../cache/hit-odds.ts";
import type { HitOdds } from "../cache/hit-odds.ts";
import { newPrefixIndex, renumberPlaces } from "../cache/prefix-index.ts";
import type { PrefixIndex } from "../cache/prefix-index.ts";
import { newOfferingHealth } from "../health/offering-health.ts";
import type { OfferingHealth } from "../health/offering-health.ts";
import type { RateLimits } from "../health/rate-window.ts";
import type { RetryBudget } from "../health/retry-budget.ts";
import { newLatencyFit } from "../latency/latency-fit.ts";
import type { LatencyFit, LatencyPrior } from "../latency/latency-fit.ts";
import type { Offering } from "../offering/offering.ts";
import { newTurns } from "../reuse/turns.ts";
import type { Turns } from "../reuse/turns.ts";
import type { BytesPerToken } from "../tokens/bytes-per-token.ts";
import { priorLength } from "../tokens/output-length.ts";
import type { AnswerLength } from "../tokens/output-length.ts";
import { lengthsOfRows } from "../tokens/output-lengths.ts";
import type { OutputLengths } from "../tokens/output-lengths.ts";
import { clone } from "./clone.ts";
import { columnsOf } from "./columns.ts";
import type { Columns } from "./columns.ts";
import { renewHealth, renewLatency } from "./renew-columns.ts";
import { completeRouterOptions, latencyPriorOf, limitsOf } from "./router-options.ts";
import type { CompleteRouterOptions, RouterOptions } from "./router-options.ts";
import { keepSlots, newSlots } from "./slots.ts";
import type { Slots } from "./slots.ts";

/** What is kept of one offering. */
export type Track = {
  readonly offering: Offering;
  /** Its row in the columns. */
  readonly row: number;
  readonly latencyPrior: Required<LatencyPrior>;
  /** Of each of its accounts; `null` = none known. */
  readonly limits: RateLimits | null;
  readonly latency: LatencyFit;
  readonly health: OfferingHealth;
};

/** Mean cost of a request, decayed, pico-USD. */
export type MeanCost = { weight: number; sumPicoUsd: number };

/** Everything learned from events. Its shape is not part of the public interface and will change. */
export type Learned = {
  /** By offering id, ascending. */
  readonly tracks: ReadonlyMap<string, Track>;
  /** The same in order: a track's place is its row. */
  readonly rows: readonly Track[];
  /** Rows of a model, ascending. */
  readonly rowsByModel: ReadonlyMap<string, Int32Array>;
  readonly columns: Columns;
  /** Exchanged as a whole when its oldest are forgotten. */
  slots: Slots;
  /** Credential id -> Unix ms until which it is not used. */
  readonly deadCredentials: Map<string, number>;
  /** By model. */
  readonly bytesPerToken: Map<string, BytesPerToken>;
  readonly outputLengths: OutputLengths;
  /** What is believed of answers nobody has seen. */
  readonly outputPrior: AnswerLength;
  readonly retryBudget: RetryBudget;
  readonly meanCost: MeanCost;
  readonly prefixes: PrefixIndex;
  readonly turns: Turns;
  readonly hitOdds: HitOdds;
};

/**
 * What the router knows: offerings, and what events have taught. `observe` alone changes it; all
 * other functions only read.
 */
export type RouterState = {
  /** Grows by one with every event. */
  version: number;
  readonly offerings: readonly Offering[];
  readonly options: CompleteRouterOptions;
  readonly learned: Learned;
};

const byId = (a: Offering, b: Offering): number => Number(a.id > b.id) - Number(a.id < b.id);

/** Tracks by id and by model, and their columns. */
const arrange = (
  rows: readonly Track[],
): Pick<Learned, "tracks" | "rows" | "rowsByModel" | "columns"> => {
  const columns = columnsOf(rows.map(({ offering }) => offering));
  for (const track of rows) {
    renewLatency(columns, track);
    renewHealth(columns, track);
  }
  const models = Map.groupBy(rows, ({ offering }) => offering.model);
  return {
    rows,
    tracks: new Map(rows.map((track) => [track.offering.id, track])),
    rowsByModel: new Map(
      Array.from(models, ([model, tracks]) => [model, Int32Array.from(tracks, ({ row }) => row)]),
    ),
    columns,
  };
};

/**
 * A state that has learned nothing yet.
 *
 * @throws RangeError if two offerings share an id.
 */
export const createRouterState = (options: RouterOptions): RouterState => {
  const complete = completeRouterOptions(options);
  // Sorted, so that the order in which offerings are given never shows.
  const sorted = [...options.offerings].sort(byId);
  const twice = sorted.find(({ id }, index) => sorted[index + 1]?.id === id);
  if (twice !== undefined) throw new RangeError(`two offerings have the id "${twice.id}"`);
  const rows = sorted.map((offering, row): Track => ({
    offering,
    row,
    latencyPrior: latencyPriorOf(complete, offering),
    limits: limitsOf(complete, offering),
    latency: newLatencyFit(),
    health: newOfferingHealth(),
  }));
  return {
    version: 0,
    offerings: [...options.offerings],
    options: complete,
    learned: {
      ...arrange(rows),
      slots: newSlots(),
      deadCredentials: new Map(),
      bytesPerToken: new Map(),
      outputLengths: lengthsOfRows([]),
      outputPrior: priorLength(complete.outputPriorTokens),
      retryBudget: { retries: complete.retry.burst },
      meanCost: { weight: 0, sumPicoUsd: 0 },
      prefixes: newPrefixIndex(complete.prefixEntries),
      turns: newTurns(complete.watchedTurns),
      hitOdds: newHitOdds(sorted.map(({ cache }) => cache)),
    },
  };
};

/** All but the offerings and the view of them, as a copy. */
const copyRest = (learned: Learned) => {
  const {
    tracks: _tracks,
    rows: _rows,
    rowsByModel: _rowsByModel,
    columns: _columns,
    ...rest
  } = learned;
  return clone(rest);
};

/** The same track with a copy of what was learned. */
const copyTrack = (track: Track, known: Track): Track => ({
  ...track,
  latency: clone(known.latency),
  health: clone(known.health),
});

/** An equal state of its own: no later event of either reaches the other. */
export const freeze = (state: RouterState): RouterState => {
  const { learned } = state;
  const rows = learned.rows.map((track) => copyTrack(track, track));
  return { ...state, learned: { ...arrange(rows), ...copyRest(learned) } };
};

/**
 * A state of its own with other offerings (a reloaded catalogue); what was learned of those whose
 * ids remain stays. Its version is one higher.
 *
 * @throws RangeError if two offerings share an id.
 */
export const withOfferings = (state: RouterState, offerings: readonly Offering[]): RouterState => {
  const fresh = createRouterState({ ...state.options, offerings });
  const { learned } = state;
  const rows = fresh.learned.rows.map((track): Track => {
    const known = learned.tracks.get(track.offering.id);
    return known === undefined ? track : copyTrack(track, known);
  });
  const rowOf = (slot: number): number => {
    const known = learned.rows[learned.slots.offering[slot] ?? -1];
    return (known && fresh.learned.tracks.get(known.offering.id)?.row) ?? -1;
  };
  const rest = copyRest(learned);
  const { slots, numbers } = keepSlots(rest.slots, rowOf);
  renumberPlaces(rest.prefixes, (slot) => numbers[slot] ?? -1);
  return {
    ...fresh,
    version: state.version + 1,
    learned: {
      ...arrange(rows),
      ...rest,
      slots,
      // A fresh table, filled with what was learned of the rows that stay.
      hitOdds: transferHitOdds(learned.hitOdds, fresh.learned.hitOdds, (row) => {
        const id = rows[row]?.offering.id ?? "";
        return learned.tracks.get(id)?.row ?? -1;
      }),
    },
  };
};
