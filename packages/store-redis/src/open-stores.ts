import type { Stores } from "@pointsman/store";
import { RedisBudgetStore } from "./budget-store.ts";
import { Connection } from "./connection.ts";
import { RedisIdempotencyStore } from "./idempotency-store.ts";
import { RedisKeyStore } from "./key-store.ts";
import { RedisRecordStore } from "./record-store.ts";
import { RedisSharedState } from "./shared-state.ts";
import { RedisUsageLedger } from "./usage-ledger.ts";

/** How the keys are laid out; to be raised with every change that an older version would misread. */
const layoutVersion = 1;

export type RedisStoreOptions = {
  /** Before every key, so that others can use the same server; without braces. @default "pointsman" */
  readonly prefix?: string;
  /** Whether the server is one of a Redis Cluster, which tells of the others. @default false */
  readonly cluster?: boolean;
  /** After so long without a connection or an answer a call fails, ms. @default 2000 */
  readonly timeoutMs?: number;
};

export type RedisStores = Stores & {
  /** What was asked for is waited for, within its time. */
  readonly close: () => Promise<void>;
};

/**
 * Opens what a gateway keeps in Redis or Valkey. Any number of processes may open the same prefix.
 *
 * @param url redis://user:password@host:port/database, rediss:// over TLS
 * @throws RangeError if a later version wrote under the prefix, or it has braces; Error if the server is not there
 */
export const openRedisStores = async (
  url: string,
  options: RedisStoreOptions = {},
): Promise<RedisStores> => {
  const { prefix = "pointsman", cluster = false, timeoutMs = 2000 } = options;
  const redis = new Connection({ url, prefix, cluster, timeoutMs });
  await redis.open();
  const version = Number(await redis.keep(`${prefix}:version`, String(layoutVersion)));
  if (version > layoutVersion) {
    await redis.close();
    throw new RangeError(
      `the keys under ${prefix} have version ${version}, this one knows up to ${layoutVersion}: they were written by a later one`,
    );
  }
  return {
    budgets: new RedisBudgetStore(redis),
    keys: new RedisKeyStore(redis),
    workspaces: new RedisRecordStore(redis, "workspaces"),
    byokKeys: new RedisRecordStore(redis, "byok_keys"),
    ledger: new RedisUsageLedger(redis),
    idempotency: new RedisIdempotencyStore(redis),
    shared: new RedisSharedState(redis),
    close: () => redis.close(),
  };
};
