export { openSqliteStores } from "./open-stores.ts";
export type { SqliteStores, SqliteStoreOptions } from "./open-stores.ts";
