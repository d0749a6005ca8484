import { pageOf } from "../page.ts";
import type { ApiKey, KeyStore } from "./key-store.ts";

/** Keys in this process's memory. */
export const createMemoryKeyStore = (): KeyStore => {
  const byId = new Map<string, ApiKey>();
  const idOfHash = new Map<string, string>();

  const find = (workspaceId: string, keyId: string): ApiKey | null => {
    const key = byId.get(keyId);
    return key?.workspaceId === workspaceId ? key : null;
  };

  return {
    async create(key) {
      if (byId.has(key.id) || idOfHash.has(key.keyHash)) return "duplicate";
      byId.set(key.id, key);
      idOfHash.set(key.keyHash, key.id);
      return "created";
    },
    async findByHash(keyHash) {
      return byId.get(idOfHash.get(keyHash) ?? "") ?? null;
    },
    async get(workspaceId, keyId) {
      return find(workspaceId, keyId);
    },
    async list(workspaceId, page) {
      const keys = [...byId.values()].filter((key) => key.workspaceId === workspaceId);
      return pageOf(
        keys.sort((a, b) => a.createdAtMs - b.createdAtMs),
        page,
      );
    },
    async update(workspaceId, keyId, change) {
      const key = find(workspaceId, keyId);
      if (key === null) return null;
      const changed = { ...key, ...change };
      byId.set(keyId, changed);
      return changed;
    },
    async delete(workspaceId, keyId) {
      const key = find(workspaceId, keyId);
      if (key === null) return false;
      idOfHash.delete(key.keyHash);
      return byId.delete(keyId);
    },
    async touch(keyId, atMs) {
      const key = byId.get(keyId);
      if (key === undefined || (key.lastUsedAtMs ?? -Infinity) >= atMs) return;
      byId.set(keyId, { ...key, lastUsedAtMs: atMs });
    },
  };
};
