import type { Stores } from "@pointsman/store";
import { SqliteBudgetStore } from "./budget-store.ts";
import { Database } from "./database.ts";
import { SqliteIdempotencyStore } from "./idempotency-store.ts";
import { SqliteKeyStore } from "./key-store.ts";
import { SqliteRecordStore } from "./record-store.ts";
import { SqliteSharedState } from "./shared-state.ts";
import { SqliteUsageLedger } from "./usage-ledger.ts";

export type SqliteStoreOptions = {
  /**
   * Whether what was promised survives a power cut, not only the end of the process: every transaction
   * then waits for the disk. @default false
   */
  readonly durable?: boolean;
};

export type SqliteStores = Stores & { readonly close: () => void };

/**
 * Opens what a gateway keeps in a SQLite file, and makes the file if there is none. Several processes may
 * open the same one.
 *
 * @throws RangeError if a later version wrote the file; an error of SQLite's if it is no such file
 */
export const openSqliteStores = (file: string, options: SqliteStoreOptions = {}): SqliteStores => {
  const db = new Database(file, options.durable ?? false);
  return {
    budgets: new SqliteBudgetStore(db),
    keys: new SqliteKeyStore(db),
    workspaces: new SqliteRecordStore(db, "workspace"),
    byokKeys: new SqliteRecordStore(db, "byok_key"),
    ledger: new SqliteUsageLedger(db),
    idempotency: new SqliteIdempotencyStore(db),
    shared: new SqliteSharedState(db),
    close: () => {
      db.close();
    },
  };
};
