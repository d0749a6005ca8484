import type { ApiKey, ApiKeyChange, KeyStore, Page, PageRequest } from "@pointsman/store";
import type { Connection } from "./connection.ts";
import { RedisRecords } from "./record-store.ts";

/** Keys: records whose unique name is their hash. */
export class RedisKeyStore implements KeyStore {
  readonly #keys: RedisRecords<ApiKey>;

  constructor(redis: Connection) {
    this.#keys = new RedisRecords<ApiKey>(redis, "keys", ({ keyHash }) => keyHash);
  }

  create(key: ApiKey): Promise<"created" | "duplicate"> {
    return this.#keys.create(key);
  }

  findByHash(keyHash: string): Promise<ApiKey | null> {
    return this.#keys.findByName(keyHash);
  }

  get(workspaceId: string, keyId: string): Promise<ApiKey | null> {
    return this.#keys.get(workspaceId, keyId);
  }

  list(workspaceId: string, page: PageRequest): Promise<Page<ApiKey>> {
    return this.#keys.list(workspaceId, page);
  }

  update(workspaceId: string, keyId: string, change: ApiKeyChange): Promise<ApiKey | null> {
    return this.#keys.update(workspaceId, keyId, change);
  }

  delete(workspaceId: string, keyId: string): Promise<boolean> {
    return this.#keys.delete(workspaceId, keyId);
  }

  touch(keyId: string, atMs: number): Promise<void> {
    return this.#keys.raise(keyId, "lastUsedAtMs", atMs);
  }
}
