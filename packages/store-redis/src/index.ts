export { openRedisStores } from "./open-stores.ts";
export type { RedisStores, RedisStoreOptions } from "./open-stores.ts";
