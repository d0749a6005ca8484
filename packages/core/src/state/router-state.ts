import { copyOfferingHealth, newOfferingHealth } from "../health/offering-health.ts";
import type { OfferingHealth } from "../health/offering-health.ts";
import type { AccountRest } from "../health/rest.ts";
import type { RetryBudget } from "../health/retry-budget.ts";
import { newLatencyFit } from "../latency/latency-fit.ts";
import type { LatencyFit, LatencyPrior } from "../latency/latency-fit.ts";
import type { Offering } from "../offering/offering.ts";
import type { BytesPerToken } from "../tokens/bytes-per-token.ts";
import type { OutputLength } from "../tokens/output-length.ts";
import { completeRouterOptions, latencyPriorOf } from "./router-options.ts";
import type { CompleteRouterOptions, RouterOptions } from "./router-options.ts";

/** What is kept of one offering. */
export type Track = {
  readonly offering: Offering;
  readonly latencyPrior: Required<LatencyPrior>;
  readonly latency: LatencyFit;
  readonly health: OfferingHealth;
};

/** Everything learned from events. Its shape is not part of the public interface and will change. */
export type Learned = {
  /** By offering id, ascending. */
  readonly tracks: ReadonlyMap<string, Track>;
  readonly tracksByModel: ReadonlyMap<string, readonly Track[]>;
  /** By `accountKey`. */
  readonly rests: Map<string, AccountRest>;
  /** Credential id -> Unix ms until which it is not used. */
  readonly deadCredentials: Map<string, number>;
  /** By model. */
  readonly bytesPerToken: Map<string, BytesPerToken>;
  /** By `workspaceModelKey`. */
  readonly outputLength: Map<string, OutputLength>;
  readonly retryBudget: RetryBudget;
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

const byModel = (tracks: Iterable<Track>): Map<string, Track[]> =>
  Map.groupBy(tracks, (track) => track.offering.model);

/**
 * A state that has learned nothing yet.
 *
 * @throws RangeError if two offerings share an id.
 */
export const createRouterState = (options: RouterOptions): RouterState => {
  const complete = completeRouterOptions(options);
  const tracks = new Map<string, Track>();
  // Sorted, so that the order in which offerings are given never shows.
  for (const offering of [...options.offerings].sort(byId)) {
    if (tracks.has(offering.id)) throw new RangeError(`two offerings have the id "${offering.id}"`);
    tracks.set(offering.id, {
      offering,
      latencyPrior: latencyPriorOf(complete, offering),
      latency: newLatencyFit(),
      health: newOfferingHealth(),
    });
  }
  return {
    version: 0,
    offerings: [...options.offerings],
    options: complete,
    learned: {
      tracks,
      tracksByModel: byModel(tracks.values()),
      rests: new Map(),
      deadCredentials: new Map(),
      bytesPerToken: new Map(),
      outputLength: new Map(),
      retryBudget: { retries: complete.retry.burst },
    },
  };
};

const copyValues = <Value extends object>(map: ReadonlyMap<string, Value>): Map<string, Value> =>
  new Map(Array.from(map, ([key, value]) => [key, { ...value }]));

const withTracks = (
  state: RouterState,
  tracks: ReadonlyMap<string, Track>,
  offerings: readonly Offering[],
): RouterState => ({
  version: state.version,
  offerings,
  options: state.options,
  learned: {
    tracks,
    tracksByModel: byModel(tracks.values()),
    rests: copyValues(state.learned.rests),
    deadCredentials: new Map(state.learned.deadCredentials),
    bytesPerToken: copyValues(state.learned.bytesPerToken),
    outputLength: copyValues(state.learned.outputLength),
    retryBudget: { ...state.learned.retryBudget },
  },
});

const copyTrack = (track: Track): Track => ({
  offering: track.offering,
  latencyPrior: track.latencyPrior,
  latency: { ...track.latency },
  health: copyOfferingHealth(track.health),
});

/** An equal state of its own: no later event of either reaches the other. */
export const freeze = (state: RouterState): RouterState =>
  withTracks(
    state,
    new Map(Array.from(state.learned.tracks, ([id, track]) => [id, copyTrack(track)])),
    state.offerings,
  );

/**
 * A state of its own with other offerings (a reloaded catalogue); what was learned of those whose
 * ids remain stays. Its version is one higher.
 *
 * @throws RangeError if two offerings share an id.
 */
export const withOfferings = (state: RouterState, offerings: readonly Offering[]): RouterState => {
  const fresh = createRouterState({ ...state.options, offerings });
  const tracks = new Map(
    Array.from(fresh.learned.tracks, ([id, track]) => {
      const known = state.learned.tracks.get(id);
      return [id, known === undefined ? track : { ...copyTrack(known), offering: track.offering }];
    }),
  );
  return { ...withTracks(state, tracks, fresh.offerings), version: state.version + 1 };
};
