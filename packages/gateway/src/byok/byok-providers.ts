import type { Catalog } from "@pointsman/catalog";
import type { Offering } from "@pointsman/core";
import type { EngineProvider } from "@pointsman/engine";
import { accountTiersOf } from "./account-tiers.ts";
import type { AccountTier } from "./account-tiers.ts";

type DataPolicy = Offering["dataPolicy"];

/** A provider that takes keys of workspaces' own. */
export type ByokProvider = {
  readonly id: string;
  readonly displayName: string;
  /** What it promises every account. */
  readonly dataPolicy: DataPolicy;
  readonly tiers: readonly [AccountTier, ...AccountTier[]];
  readonly checkKey: (apiKey: string) => Promise<"valid" | "refused" | "unreachable">;
};

const strictness = { none: 0, no_training: 1, zdr: 2 } as const;

/** What holds for all of a provider's offerings. */
const weakestPolicy = (offerings: readonly Offering[]): DataPolicy =>
  offerings.reduce<DataPolicy>(
    (weakest, { dataPolicy }) =>
      strictness[dataPolicy] < strictness[weakest] ? dataPolicy : weakest,
    offerings.length === 0 ? "none" : "zdr",
  );

/** The name of a provider as people write it. */
export const displayNameOf = (id: string, catalog: Catalog): string =>
  catalog.providers.get(id)?.displayName ?? id;

/** The providers that can be called here and whose keys can be checked, by id. */
export const byokProviders = (
  providers: readonly EngineProvider[],
  offerings: readonly Offering[],
  catalog: Catalog,
): ReadonlyMap<string, ByokProvider> =>
  new Map(
    providers.flatMap(({ id, adapter }) => {
      if (adapter.checkKey === undefined) return [];
      const checkKey = (apiKey: string) =>
        adapter.checkKey?.(apiKey) ?? Promise.resolve("unreachable" as const);
      const dataPolicy = weakestPolicy(offerings.filter(({ provider }) => provider === id));
      const displayName = displayNameOf(id, catalog);
      return [[id, { id, displayName, dataPolicy, tiers: accountTiersOf(id), checkKey }] as const];
    }),
  );
