import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { openPostgresStores } from "@pointsman/store-postgres";
import { openRedisStores } from "@pointsman/store-redis";
import { openSqliteStores } from "@pointsman/store-sqlite";
import {
  findPostgres,
  PostgresServer,
} from "../../../packages/store-postgres/test/postgres-server.ts";
import { findRedis, RedisServer } from "../../../packages/store-redis/test/redis-server.ts";

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

/** The smallest question there is: what it takes is the way to the server and back. */
const smallest =
  ({ idempotency }: Stores) =>
  (): Promise<unknown> =>
    idempotency.release({ scope: "none", key: "none", owner: "none" });

const redis: LedgerSubject = {
  name: "redis",
  open: async () => {
    const program = findRedis();
    if (program === null) return null;
    const server = await RedisServer.start(program);
    const stores = await openRedisStores(server.url);
    return {
      stores,
      roundTrip: smallest(stores),
      close: async () => {
        await stores.close();
        await server.stop();
      },
    };
  },
};

const postgres: LedgerSubject = {
  name: "postgres",
  open: async () => {
    const folder = await findPostgres();
    if (folder === null) return null;
    const server = await PostgresServer.start(folder);
    const stores = await openPostgresStores(server.url);
    return {
      stores,
      roundTrip: smallest(stores),
      close: async () => {
        await stores.close();
        await server.stop();
      },
    };
  },
};

export const subjects: readonly LedgerSubject[] = [
  memory,
  sqlite(false),
  sqlite(true),
  redis,
  postgres,
];
