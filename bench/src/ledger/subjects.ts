import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { openSqliteStores } from "@pointsman/store-sqlite";

/** A store under test. */
export type LedgerSubject = {
  readonly name: string;
  /** `null` = the server is not there. */
  open(): Promise<Opened | null>;
};

export type Opened = {
  readonly stores: Stores;
  /** The bare round trip to the server, of nothing; `null` = there is no server. */
  readonly roundTrip: (() => Promise<unknown>) | null;
  close(): Promise<void>;
};

const memory: LedgerSubject = {
  name: "memory",
  open: async () => ({ stores: createMemoryStores(), roundTrip: null, close: async () => {} }),
};

const sqlite = (durable: boolean): LedgerSubject => ({
  name: durable ? "sqlite, durable" : "sqlite",
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), "pointsman-ledger-"));
    const stores = openSqliteStores(join(folder, "bench.db"), { durable });
    return {
      stores,
      roundTrip: null,
      close: async () => {
        stores.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
});

export const subjects: readonly LedgerSubject[] = [memory, sqlite(false), sqlite(true)];
