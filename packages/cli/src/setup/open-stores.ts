import { dirname, resolve } from "node:path";
import type { StateConfig } from "@pointsman/gateway";
import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { openPostgresStores } from "@pointsman/store-postgres";
import { openRedisStores } from "@pointsman/store-redis";
import { openSqliteStores } from "@pointsman/store-sqlite";
import { CliError } from "./cli-error.ts";

/** Stores that were opened. */
export type OpenStores = {
  readonly stores: Stores;
  /** Where things are, without secrets. */
  readonly description: string;
  readonly close: () => Promise<void>;
};

type Opened = { readonly stores: Stores; readonly close: () => Promise<void> };

const sqlite = "sqlite:";

/** A place as it may be shown: the password of a URL is none of anybody's. */
const shown = (place: string): string =>
  place.startsWith(sqlite) || place === "memory:" ? place : place.replace(/\/\/[^@/]*@/u, "//***@");

const openPlace = async (place: string, configFile: string | null): Promise<Opened> => {
  if (place.startsWith(sqlite)) {
    const stores = openSqliteStores(
      resolve(dirname(configFile ?? "."), place.slice(sqlite.length)),
    );
    return { stores, close: async () => stores.close() };
  }
  if (/^rediss?:/u.test(place)) {
    const stores = await openRedisStores(place);
    return { stores, close: stores.close };
  }
  if (/^postgres(?:ql)?:/u.test(place)) {
    const stores = await openPostgresStores(place);
    return { stores, close: stores.close };
  }
  return { stores: createMemoryStores(), close: async () => {} };
};

const open = async (place: string, configFile: string | null): Promise<Opened> => {
  try {
    return await openPlace(place, configFile);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `Cannot open ${shown(place)}: ${why}. Name another place by state: in the configuration.`,
      2,
    );
  }
};

/**
 * Opens what `state` names; a file is looked for beside the configuration.
 *
 * @throws CliError if it cannot be opened
 */
export const openStores = async (
  { hot, record }: StateConfig,
  configFile: string | null,
): Promise<OpenStores> => {
  const first = await open(hot, configFile);
  if (record === hot) return { ...first, description: shown(hot) };
  const second = await open(record, configFile);
  const { budgets, idempotency, shared } = first.stores;
  return {
    stores: { ...second.stores, budgets, idempotency, shared },
    description: `${shown(hot)} (hot), ${shown(record)} (record)`,
    close: async () => {
      await Promise.all([first.close(), second.close()]);
    },
  };
};
