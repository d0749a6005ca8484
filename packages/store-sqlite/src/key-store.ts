import type { ApiKey, ApiKeyChange, KeyStore, Page, PageRequest } from "@pointsman/store";
import { nullableNumberOf, textOf } from "./database.ts";
import type { Database, Row } from "./database.ts";

const keyOf = (row: Row): ApiKey => ({
  // Written by this store alone.
  ...(JSON.parse(textOf(row, "key")) as ApiKey),
  lastUsedAtMs: nullableNumberOf(row, "last_used_at_ms"),
});

/** Keys in a table. */
export class SqliteKeyStore implements KeyStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  create(key: ApiKey): Promise<"created" | "duplicate"> {
    return this.#db.write(() => {
      const changes = this.#db.run(
        `INSERT INTO keys (id, workspace_id, key_hash, created_at_ms, last_used_at_ms, key)
           VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        key.id,
        key.workspaceId,
        key.keyHash,
        key.createdAtMs,
        key.lastUsedAtMs,
        JSON.stringify(key),
      );
      return changes === 1 ? "created" : "duplicate";
    });
  }

  async findByHash(keyHash: string): Promise<ApiKey | null> {
    const row = this.#db.get("SELECT * FROM keys WHERE key_hash = ?", keyHash);
    return row === null ? null : keyOf(row);
  }

  async get(workspaceId: string, keyId: string): Promise<ApiKey | null> {
    return this.#find(workspaceId, keyId);
  }

  async list(workspaceId: string, { limit, after }: PageRequest): Promise<Page<ApiKey>> {
    const last =
      after === null
        ? null
        : this.#db.get("SELECT * FROM keys WHERE workspace_id = ? AND id = ?", workspaceId, after);
    if (after !== null && last === null) return { items: [], hasMore: false };
    const rows = this.#db.all(
      `SELECT * FROM keys WHERE workspace_id = ? AND (created_at_ms, seq) > (?, ?)
         ORDER BY created_at_ms, seq LIMIT ?`,
      workspaceId,
      last?.["created_at_ms"] ?? Number.MIN_SAFE_INTEGER,
      last?.["seq"] ?? -1,
      limit + 1,
    );
    return { items: rows.slice(0, limit).map((row) => keyOf(row)), hasMore: rows.length > limit };
  }

  update(workspaceId: string, keyId: string, change: ApiKeyChange): Promise<ApiKey | null> {
    return this.#db.write(() => {
      const key = this.#find(workspaceId, keyId);
      if (key === null) return null;
      const changed = { ...key, ...change };
      this.#db.run("UPDATE keys SET key = ? WHERE id = ?", JSON.stringify(changed), keyId);
      return changed;
    });
  }

  delete(workspaceId: string, keyId: string): Promise<boolean> {
    return this.#db.write(
      () =>
        this.#db.run("DELETE FROM keys WHERE workspace_id = ? AND id = ?", workspaceId, keyId) ===
        1,
    );
  }

  async touch(keyId: string, atMs: number): Promise<void> {
    await this.#db.write(() =>
      this.#db.run(
        "UPDATE keys SET last_used_at_ms = ? WHERE id = ? AND coalesce(last_used_at_ms, -1) < ?",
        atMs,
        keyId,
        atMs,
      ),
    );
  }

  #find(workspaceId: string, keyId: string): ApiKey | null {
    const row = this.#db.get(
      "SELECT * FROM keys WHERE workspace_id = ? AND id = ?",
      workspaceId,
      keyId,
    );
    return row === null ? null : keyOf(row);
  }
}
