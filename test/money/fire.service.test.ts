import { openPostgresStores } from "@pointsman/store-postgres";
import { openRedisStores } from "@pointsman/store-redis";
import { describe, test } from "vitest";
import {
  findPostgres,
  PostgresServer,
} from "../../packages/store-postgres/test/postgres-server.ts";
import { findRedis, RedisServer } from "../../packages/store-redis/test/redis-server.ts";
import { underFire } from "./fire.ts";

const redis = findRedis();
const postgres = await findPostgres();

describe.skipIf(redis === null)(
  redis === null ? "Redis is not installed: its tests are not run" : "Redis",
  () => {
    test("four gateways, under fire", async () => {
      const server = await RedisServer.start(redis ?? "");
      const stores = await openRedisStores(server.url);
      try {
        await underFire({ state: server.url, stores, processes: 4, requests: 1000 });
      } finally {
        await stores.close();
        await server.stop();
      }
    }, 120_000);
  },
);

describe.skipIf(postgres === null)(
  postgres === null ? "PostgreSQL is not installed: its tests are not run" : "PostgreSQL",
  () => {
    test("four gateways, under fire", async () => {
      const server = await PostgresServer.start(postgres ?? "");
      const stores = await openPostgresStores(server.url);
      try {
        await underFire({ state: server.url, stores, processes: 4, requests: 1000 });
      } finally {
        await stores.close();
        await server.stop();
      }
    }, 120_000);
  },
);
