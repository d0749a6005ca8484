export { openPostgresStores } from "./open-stores.ts";
export type { PostgresStores, PostgresStoreOptions } from "./open-stores.ts";
