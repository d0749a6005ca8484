import type { Page, PageRequest, RecordChange, RecordStore, StoredRecord } from "@pointsman/store";
import { jsonOf } from "./database.ts";
import type { Database } from "./database.ts";
import { textOf } from "./row.ts";
import type { Row } from "./row.ts";

/** Records of one kind in the table of all. */
export class PostgresRecordStore<Item extends StoredRecord> implements RecordStore<Item> {
  readonly #db: Database;
  readonly #records: string;
  readonly #kind: string;

  constructor(db: Database, kind: string) {
    this.#db = db;
    this.#records = `${db.schema}.records`;
    this.#kind = kind;
  }

  async create(record: Item): Promise<"created" | "duplicate"> {
    const changes = await this.#db.changes(
      `INSERT INTO ${this.#records} (kind, id, workspace_id, unique_name, created_at_ms, record)
       VALUES ($1, $2, $3, $4, $5, $6::TEXT::JSONB) ON CONFLICT DO NOTHING`,
      this.#kind,
      record.id,
      record.workspaceId,
      record.uniqueName,
      record.createdAtMs,
      jsonOf(record),
    );
    return changes === 1 ? "created" : "duplicate";
  }

  async get(workspaceId: string, id: string): Promise<Item | null> {
    return this.#firstOf(
      await this.#db.rows(
        `SELECT record::TEXT AS record FROM ${this.#records} WHERE kind = $1 AND workspace_id = $2 AND id = $3`,
        this.#kind,
        workspaceId,
        id,
      ),
    );
  }

  async list(workspaceId: string | null, { limit, after }: PageRequest): Promise<Page<Item>> {
    const where = `kind = $1 AND ${workspaceId === null ? "$2::TEXT IS NULL" : "workspace_id = $2"}`;
    const rows = await this.#db.rows(
      `SELECT record::TEXT AS record FROM ${this.#records}
       WHERE ${where} AND ($3::TEXT IS NULL OR (created_at_ms, seq) > (
         SELECT created_at_ms, seq FROM ${this.#records} WHERE ${where} AND id = $3))
       ORDER BY created_at_ms, seq LIMIT $4`,
      this.#kind,
      workspaceId,
      after,
      limit + 1,
    );
    const items = rows.slice(0, limit).map((row) => this.#recordOf(row));
    return { items, hasMore: rows.length > limit };
  }

  async update(workspaceId: string, id: string, change: RecordChange<Item>): Promise<Item | null> {
    return this.#firstOf(
      await this.#db.rows(
        `UPDATE ${this.#records} SET record = record || $4::TEXT::JSONB
         WHERE kind = $1 AND workspace_id = $2 AND id = $3 RETURNING record::TEXT AS record`,
        this.#kind,
        workspaceId,
        id,
        jsonOf(change),
      ),
    );
  }

  async delete(workspaceId: string, id: string): Promise<boolean> {
    const changes = await this.#db.changes(
      `DELETE FROM ${this.#records} WHERE kind = $1 AND workspace_id = $2 AND id = $3`,
      this.#kind,
      workspaceId,
      id,
    );
    return changes === 1;
  }

  #firstOf(rows: readonly Row[]): Item | null {
    return rows[0] === undefined ? null : this.#recordOf(rows[0]);
  }

  #recordOf(row: Row): Item {
    // Written by this store alone.
    return JSON.parse(textOf(row, "record")) as Item;
  }
}
