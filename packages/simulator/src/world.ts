import { costOf } from "@pointsman/core";
import type { Offering } from "@pointsman/core";
import { createPrefixCache } from "./cache/prefix-cache.ts";
import { createFaultQueue } from "./fault.ts";
import type { FaultQueue, SimulatedFault } from "./fault.ts";
import { createJournal } from "./http/journal.ts";
import type { Journal, JournalEntry } from "./http/journal.ts";
import { createProviderServer } from "./http/provider-server.ts";
import { vendors } from "./http/vendor.ts";
import type { VendorKind } from "./http/vendor.ts";
import type { ProviderServer } from "./http/provider-server.ts";
import { createLedger } from "./invoice/invoice.ts";
import type { Invoice, Ledger } from "./invoice/invoice.ts";
import { defaultLatencyProfile } from "./latency-profile.ts";
import type { LatencyProfile } from "./latency-profile.ts";
import { hash32 } from "./model/seeded-random.ts";

export type SimulatedProviderSpec = {
  /** Unique in its world. */
  readonly id: string;
  /** Whose API it imitates: paths, keys, errors, wires. @default "openai" */
  readonly vendor?: VendorKind;
  readonly offerings: readonly Offering[];
  /** Accounts; each has its own cache and invoice. @default one key made from id and seed */
  readonly apiKeys?: readonly [string, ...string[]];
  /** @default a plausible profile made from the id */
  readonly latency?: LatencyProfile;
  /** In force from the start. @default none */
  readonly faults?: readonly SimulatedFault[];
};

export type SimulatedWorldOptions = {
  readonly providers: readonly SimulatedProviderSpec[];
  /** Other seeds give other answers to the same prompts. @default 0 */
  readonly seed?: number;
  /** Share of the realistic waits: 1 = realistic, 0 = none. @default 1 */
  readonly pace?: number;
  /** @default "127.0.0.1" */
  readonly host?: "127.0.0.1";
  /** Unix ms for cache lifetimes and price periods. @default Date.now */
  readonly now?: () => number;
};

/** How to reach a simulated provider. */
export type SimulatedProvider = {
  readonly id: string;
  /** Up to and with the version of its API. */
  readonly baseUrl: string;
  /** The first of its keys. */
  readonly apiKey: string;
  readonly apiKeys: readonly string[];
};

/** Running providers. Every method throws for a provider that is not in the world. */
export type SimulatedWorld = {
  readonly providers: readonly SimulatedProvider[];
  /** What one credential owes, or all of a provider's together. */
  readonly invoice: (providerId: string, apiKey?: string) => Invoice;
  /** Requests that arrived with a right key, oldest first: the last 100, at most 16 MiB. */
  readonly lastRequests: (providerId: string) => readonly JournalEntry[];
  /** Replaces the provider's faults; `null` = none. Calls under way keep theirs. */
  readonly setFault: (providerId: string, fault: SimulatedFault | null) => void;
  /** Destroys its connections and refuses new ones; resolves when every call is billed. */
  readonly stop: (providerId: string) => Promise<void>;
  /** Listens again at the same address; cache, invoice and journal are kept. */
  readonly restart: (providerId: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

type Running = {
  readonly provider: SimulatedProvider;
  readonly server: ProviderServer;
  readonly faults: FaultQueue;
  readonly ledger: Ledger;
  readonly journal: Journal;
};

/**
 * Starts one loopback server per provider, on ports of the system's choice.
 *
 * @throws RangeError for two providers of one id, or a pace that is no number >= 0
 */
export const startSimulatedWorld = async (
  options: SimulatedWorldOptions,
): Promise<SimulatedWorld> => {
  const { providers, seed = 0, pace = 1, host = "127.0.0.1", now = Date.now } = options;
  if (!(pace >= 0)) throw new RangeError(`pace must be a number >= 0, not ${pace}`);
  const world = new Map<string, Running>();
  const close = async (): Promise<void> => {
    await Promise.all([...world.values()].map(({ server }) => server.stop()));
  };

  const start = async (spec: SimulatedProviderSpec): Promise<void> => {
    if (world.has(spec.id)) throw new RangeError(`provider "${spec.id}" is there twice`);
    const apiKeys = spec.apiKeys ?? [`sk-sim-${spec.id}-${keyPart(seed, spec.id)}`];
    const vendor = vendors[spec.vendor ?? "openai"];
    const faults = createFaultQueue(spec.faults ?? []);
    const ledger = createLedger(costOf);
    const journal = createJournal();
    const server = createProviderServer(
      {
        id: spec.id,
        vendor,
        apiKeys,
        offerings: spec.offerings,
        latency: spec.latency ?? defaultLatencyProfile(spec.id),
        pace,
        seed,
        now,
        faults,
        cache: createPrefixCache(),
        ledger,
        journal,
      },
      host,
    );
    await server.start();
    const baseUrl = `http://${host}:${server.port()}${vendor.basePath}`;
    const provider = { id: spec.id, baseUrl, apiKey: apiKeys[0], apiKeys };
    world.set(spec.id, { provider, server, faults, ledger, journal });
  };

  try {
    for (const spec of providers) await start(spec);
  } catch (error) {
    await close();
    throw error;
  }
  const running = (id: string): Running => {
    const found = world.get(id);
    if (found === undefined) throw new RangeError(`no provider "${id}" in this world`);
    return found;
  };
  return {
    providers: [...world.values()].map(({ provider }) => provider),
    invoice: (id, apiKey) => running(id).ledger.invoice(apiKey),
    lastRequests: (id) => running(id).journal.entries(),
    setFault: (id, fault) => running(id).faults.set(fault === null ? [] : [fault]),
    stop: (id) => running(id).server.stop(),
    restart: (id) => running(id).server.start(),
    close,
  };
};

const keyPart = (seed: number, id: string): string =>
  [0, 1, 2].map((part) => hash32(`${seed}:${id}:${part}`).toString(16).padStart(8, "0")).join("");
