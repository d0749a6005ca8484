import { dirname, resolve } from "node:path";
import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { openSqliteStores } from "@pointsman/store-sqlite";
import { CliError } from "./cli-error.ts";

const sqlite = "sqlite:";

/**
 * Opens what `state` names; a file is looked for beside the configuration.
 *
 * @throws CliError if it cannot be opened
 */
export const openStores = (
  state: string,
  configFile: string | null,
): { readonly stores: Stores; readonly close: () => void } => {
  if (!state.startsWith(sqlite)) return { stores: createMemoryStores(), close: () => {} };
  const file = resolve(dirname(configFile ?? "."), state.slice(sqlite.length));
  try {
    const stores = openSqliteStores(file);
    return { stores, close: stores.close };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `Cannot open ${file}: ${why}. Name another file by state: in the configuration.`,
      2,
    );
  }
};
