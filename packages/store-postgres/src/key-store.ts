import type { ApiKey, ApiKeyChange, KeyStore, Page, PageRequest } from "@pointsman/store";
import { jsonOf } from "./database.ts";
import type { Database } from "./database.ts";
import { nullableNumberOf, textOf } from "./row.ts";
import type { Row } from "./row.ts";

const keyOf = (row: Row): ApiKey => ({
  // Written by this store alone.
  ...(JSON.parse(textOf(row, "key")) as ApiKey),
  lastUsedAtMs: nullableNumberOf(row, "last_used_at_ms"),
});

const columns = "key::TEXT AS key, last_used_at_ms";

const firstOf = (rows: readonly Row[]): ApiKey | null =>
  rows[0] === undefined ? null : keyOf(rows[0]);

/** Keys in a table. */
export class PostgresKeyStore implements KeyStore {
  readonly #db: Database;
  readonly #keys: string;

  constructor(db: Database) {
    this.#db = db;
    this.#keys = `${db.schema}.keys`;
  }

  async create(key: ApiKey): Promise<"created" | "duplicate"> {
    const changes = await this.#db.changes(
      `INSERT INTO ${this.#keys} (id, workspace_id, key_hash, created_at_ms, last_used_at_ms, key)
       VALUES ($1, $2, $3, $4, $5, $6::TEXT::JSONB) ON CONFLICT DO NOTHING`,
      key.id,
      key.workspaceId,
      key.keyHash,
      key.createdAtMs,
      key.lastUsedAtMs,
      jsonOf(key),
    );
    return changes === 1 ? "created" : "duplicate";
  }

  async findByHash(keyHash: string): Promise<ApiKey | null> {
    return firstOf(
      await this.#db.rows(`SELECT ${columns} FROM ${this.#keys} WHERE key_hash = $1`, keyHash),
    );
  }

  async get(workspaceId: string, keyId: string): Promise<ApiKey | null> {
    return firstOf(
      await this.#db.rows(
        `SELECT ${columns} FROM ${this.#keys} WHERE workspace_id = $1 AND id = $2`,
        workspaceId,
        keyId,
      ),
    );
  }

  async list(workspaceId: string, { limit, after }: PageRequest): Promise<Page<ApiKey>> {
    const rows = await this.#db.rows(
      `SELECT ${columns} FROM ${this.#keys}
       WHERE workspace_id = $1 AND ($2::TEXT IS NULL OR (created_at_ms, seq) > (
         SELECT created_at_ms, seq FROM ${this.#keys} WHERE workspace_id = $1 AND id = $2))
       ORDER BY created_at_ms, seq LIMIT $3`,
      workspaceId,
      after,
      limit + 1,
    );
    return { items: rows.slice(0, limit).map((row) => keyOf(row)), hasMore: rows.length > limit };
  }

  async update(workspaceId: string, keyId: string, change: ApiKeyChange): Promise<ApiKey | null> {
    return firstOf(
      await this.#db.rows(
        `UPDATE ${this.#keys} SET key = key || $3::TEXT::JSONB
         WHERE workspace_id = $1 AND id = $2 RETURNING ${columns}`,
        workspaceId,
        keyId,
        jsonOf(change),
      ),
    );
  }

  async delete(workspaceId: string, keyId: string): Promise<boolean> {
    const changes = await this.#db.changes(
      `DELETE FROM ${this.#keys} WHERE workspace_id = $1 AND id = $2`,
      workspaceId,
      keyId,
    );
    return changes === 1;
  }

  async touch(keyId: string, atMs: number): Promise<void> {
    await this.#db.changes(
      `UPDATE ${this.#keys} SET last_used_at_ms = $2
       WHERE id = $1 AND (last_used_at_ms IS NULL OR last_used_at_ms < $2)`,
      keyId,
      Math.trunc(atMs),
    );
  }
}
