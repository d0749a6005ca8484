import type { Stores } from "@pointsman/store";
import { PostgresBudgetStore } from "./budget-store.ts";
import { Database } from "./database.ts";
import { PostgresIdempotencyStore } from "./idempotency-store.ts";
import { PostgresKeyStore } from "./key-store.ts";
import { migrate } from "./migrate.ts";
import { PostgresRecordStore } from "./record-store.ts";
import { PostgresSharedState } from "./shared-state.ts";
import { PostgresUsageLedger } from "./usage-ledger.ts";

export type PostgresStoreOptions = {
  /** Where the tables are, made if there is none; letters, digits and `_`. @default "pointsman" */
  readonly schema?: string;
  /** Connections of this process, >= 1; each runs one statement at a time. @default 10 */
  readonly maxConnections?: number;
  /**
   * After so long without an answer a call fails, the wait for a free connection included, ms. Sums of the
   * ledger have 30 s at least. @default 2000
   */
  readonly timeoutMs?: number;
};

export type PostgresStores = Stores & {
  /** What was asked for is waited for, within its time. */
  readonly close: () => Promise<void>;
};

/**
 * Opens what a gateway keeps in PostgreSQL, and makes or migrates its tables. Any number of processes may
 * open the same schema.
 *
 * @param url postgres://user:password@host:port/database; `?sslmode=require` and the like as the driver has them
 * @throws RangeError if a later version wrote the schema, or its name is none; an error of the driver's if
 *   the server is not there
 */
export const openPostgresStores = async (
  url: string,
  options: PostgresStoreOptions = {},
): Promise<PostgresStores> => {
  const { schema = "pointsman", maxConnections = 10, timeoutMs = 2000 } = options;
  const db = new Database({ url, schema, maxConnections, timeoutMs });
  try {
    await migrate(db);
  } catch (error) {
    await db.close();
    throw error;
  }
  return {
    budgets: new PostgresBudgetStore(db),
    keys: new PostgresKeyStore(db),
    workspaces: new PostgresRecordStore(db, "workspace"),
    byokKeys: new PostgresRecordStore(db, "byok_key"),
    ledger: new PostgresUsageLedger(db),
    idempotency: new PostgresIdempotencyStore(db),
    shared: new PostgresSharedState(db),
    close: () => db.close(),
  };
};
