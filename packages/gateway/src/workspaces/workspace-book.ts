import type { Credential } from "@pointsman/core";
import type { Account, WorkspacePlan } from "@pointsman/engine";
import type { ByokKeyRecord, Page, RecordStore, Stores, WorkspaceRecord } from "@pointsman/store";
import type { RoutingOptions } from "@pointsman/translate";
import type { FastifyBaseLogger } from "fastify";
import { accountTiersOf } from "../byok/account-tiers.ts";
import type { AccountTier } from "../byok/account-tiers.ts";
import type { Sealer } from "../byok/sealer.ts";
import { completeWorkspace } from "../config/complete-config.ts";
import type { Config, WorkspaceConfig } from "../config/config.ts";
import { workspaceSchema } from "../config/workspace-schema.ts";

/** An account of a workspace's own at a provider. */
export type OwnAccount = {
  readonly account: Account;
  readonly tier: AccountTier;
  readonly keyId: string;
};

/** A workspace as requests and management see it. */
export type Workspace = {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly createdAtMs: number;
  readonly plan: WorkspacePlan;
  /** Unix ms; `null` = its routing is the configuration's. */
  readonly routingUpdatedAtMs: number | null;
  /** Usable ones, the default of its provider first, then the oldest. */
  readonly own: readonly OwnAccount[];
  readonly ownAccounts: readonly Account[];
  /** Its own accounts and the platform's. */
  readonly credentials: readonly Credential[];
};

export type WorkspaceBookOptions = {
  readonly config: Config;
  readonly stores: Pick<Stores, "workspaces" | "byokKeys">;
  /** `null` = accounts of workspaces' own are off. */
  readonly sealer: Sealer | null;
  /** The platform's accounts. */
  readonly platform: readonly Credential[];
  readonly startedAtMs: number;
  readonly logger: FastifyBaseLogger;
};

const pageLength = 100;

/** Every item of a list that comes by page. */
export const everyItem = async <Item extends { readonly id: string }>(
  pageAt: (after: string | null) => Promise<Page<Item>>,
): Promise<readonly Item[]> => {
  const all: Item[] = [];
  for (;;) {
    const { items, hasMore } = await pageAt(all.at(-1)?.id ?? null);
    all.push(...items);
    if (!hasMore || items.length === 0) return all;
  }
};

const recordsOf = <Item extends WorkspaceRecord | ByokKeyRecord>(
  store: RecordStore<Item>,
  workspaceId: string | null,
): Promise<readonly Item[]> =>
  everyItem((after) => store.list(workspaceId, { limit: pageLength, after }));

const planOf = (
  { id, routing, slo, valueOfTimeUsdPerSecond, rescue, buffer, hedge }: WorkspaceConfig,
  own: RoutingOptions | null,
): WorkspacePlan => ({
  id,
  routing: own ?? routing,
  slo,
  valueOfTimeUsdPerSecond,
  conduct: { rescue, buffer, hedge },
});

/** The workspaces of the configuration and of the store, in memory; `load` brings it up to date. */
export class WorkspaceBook {
  readonly #options: WorkspaceBookOptions;
  readonly #configured: ReadonlyMap<string, WorkspaceConfig>;
  readonly #byId = new Map<string, Workspace>();

  constructor(options: WorkspaceBookOptions) {
    this.#options = options;
    this.#configured = new Map(options.config.workspaces.map((one) => [one.id, one]));
    for (const { id } of options.config.workspaces) this.#set(id, null, []);
  }

  get(id: string): Workspace | undefined {
    return this.#byId.get(id);
  }

  /** Those of the configuration first, then by age. */
  list(): readonly Workspace[] {
    return [...this.#byId.values()];
  }

  isConfigured(id: string): boolean {
    return this.#configured.has(id);
  }

  /** Reads what the store holds. */
  async load(): Promise<void> {
    const { stores, sealer } = this.#options;
    const records = await recordsOf(stores.workspaces, null);
    const keys = sealer === null ? [] : await recordsOf(stores.byokKeys, null);
    const keysOf = (id: string): readonly ByokKeyRecord[] =>
      keys.filter(({ workspaceId }) => workspaceId === id);
    for (const record of records) this.#set(record.id, record, keysOf(record.id));
    const recorded = new Set(records.map(({ id }) => id));
    for (const id of this.#configured.keys()) {
      if (!recorded.has(id)) this.#set(id, null, keysOf(id));
    }
  }

  /** Whether there is such a workspace; asks the store where nobody here has heard of it. */
  async knows(id: string): Promise<boolean> {
    if (!this.#byId.has(id)) await this.#read(id);
    return this.#byId.has(id);
  }

  /** A new one. `false` = the slug is taken. */
  async create(record: WorkspaceRecord): Promise<boolean> {
    if (this.#configured.has(record.slug)) return false;
    if ((await this.#options.stores.workspaces.create(record)) === "duplicate") return false;
    this.#set(record.id, record, []);
    return true;
  }

  /** Changes one that is there; a configured one gets a record with its first change. */
  async change(
    id: string,
    change: Partial<Pick<WorkspaceRecord, "name" | "routing" | "routingUpdatedAtMs">>,
  ): Promise<void> {
    const { workspaces } = this.#options.stores;
    const known = this.#byId.get(id);
    if (known === undefined) throw new RangeError(`no workspace ${id}`);
    const { name, slug, createdAtMs, routingUpdatedAtMs } = known;
    if ((await workspaces.update(id, id, change)) === null) {
      const fresh: WorkspaceRecord = {
        id,
        workspaceId: id,
        uniqueName: slug,
        createdAtMs,
        name,
        slug,
        routing: null,
        routingUpdatedAtMs,
        ...change,
      };
      // Another process may have been first.
      if ((await workspaces.create(fresh)) === "duplicate") await workspaces.update(id, id, change);
    }
    await this.#read(id);
  }

  /** To be called once accounts of a workspace changed in the store. */
  accountsChanged(id: string): Promise<void> {
    return this.#read(id);
  }

  async #read(id: string): Promise<void> {
    const { stores, sealer } = this.#options;
    const record = await stores.workspaces.get(id, id);
    if (record === null && !this.#configured.has(id)) return;
    this.#set(id, record, sealer === null ? [] : await recordsOf(stores.byokKeys, id));
  }

  #set(id: string, record: WorkspaceRecord | null, keys: readonly ByokKeyRecord[]): void {
    const configured = this.#configured.get(id) ?? completeWorkspace(workspaceSchema.parse({ id }));
    const own = this.#open(keys);
    this.#byId.set(id, {
      id,
      name: record?.name ?? configured.name,
      slug: record?.slug ?? id,
      createdAtMs: record?.createdAtMs ?? this.#options.startedAtMs,
      // Written by this class alone, of what was validated.
      plan: planOf(configured, record?.routing ?? null),
      routingUpdatedAtMs: record?.routingUpdatedAtMs ?? null,
      own,
      ownAccounts: own.map(({ account }) => account),
      credentials:
        own.length === 0
          ? this.#options.platform
          : [...own.map(({ account }) => account.credential), ...this.#options.platform],
    });
  }

  #open(keys: readonly ByokKeyRecord[]): readonly OwnAccount[] {
    const usable = keys.filter(
      ({ disabled, validationStatus }) => !disabled && validationStatus !== "invalid",
    );
    const inOrder = [...usable].sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
    return inOrder.flatMap((key) => this.#account(key));
  }

  #account(key: ByokKeyRecord): OwnAccount[] {
    const { sealer, logger } = this.#options;
    const { id, workspaceId, provider, sealedKey, accountTier } = key;
    if (sealer === null) return [];
    try {
      const apiKey = sealer.open(workspaceId, id, sealedKey);
      const credential = { id: `byok:${id}`, provider, owner: "byok" } as const;
      const [first, ...others] = accountTiersOf(provider);
      const tier = others.find((one) => one.tier === accountTier) ?? first;
      return [{ account: { credential, apiKey }, tier, keyId: id }];
    } catch {
      logger.error(
        { byokKeyId: id },
        "a provider key was sealed under another POINTSMAN_SECRET_KEY",
      );
      return [];
    }
  }
}
