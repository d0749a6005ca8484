import type { Page, PageRequest, RecordChange, RecordStore, StoredRecord } from "@pointsman/store";
import { textOf } from "./database.ts";
import type { Database, Row } from "./database.ts";

/** Records of one kind in the table of all. */
export class SqliteRecordStore<Item extends StoredRecord> implements RecordStore<Item> {
  readonly #db: Database;
  readonly #kind: string;

  constructor(db: Database, kind: string) {
    this.#db = db;
    this.#kind = kind;
  }

  create(record: Item): Promise<"created" | "duplicate"> {
    return this.#db.write(() => {
      const changes = this.#db.run(
        `INSERT INTO records (kind, id, workspace_id, unique_name, created_at_ms, record)
           VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        this.#kind,
        record.id,
        record.workspaceId,
        record.uniqueName,
        record.createdAtMs,
        JSON.stringify(record),
      );
      return changes === 1 ? "created" : "duplicate";
    });
  }

  async get(workspaceId: string, id: string): Promise<Item | null> {
    return this.#find(workspaceId, id);
  }

  async list(workspaceId: string | null, { limit, after }: PageRequest): Promise<Page<Item>> {
    const last = after === null ? null : this.#row(workspaceId, after);
    if (after !== null && last === null) return { items: [], hasMore: false };
    const rows = this.#db.all(
      `SELECT * FROM records WHERE kind = ?1 AND (?2 IS NULL OR workspace_id = ?2)
         AND (created_at_ms, seq) > (?3, ?4) ORDER BY created_at_ms, seq LIMIT ?5`,
      this.#kind,
      workspaceId,
      last?.["created_at_ms"] ?? Number.MIN_SAFE_INTEGER,
      last?.["seq"] ?? -1,
      limit + 1,
    );
    const items = rows.slice(0, limit).map((row) => this.#recordOf(row));
    return { items, hasMore: rows.length > limit };
  }

  update(workspaceId: string, id: string, change: RecordChange<Item>): Promise<Item | null> {
    return this.#db.write(() => {
      const record = this.#find(workspaceId, id);
      if (record === null) return null;
      const changed = { ...record, ...change };
      this.#db.run(
        "UPDATE records SET record = ? WHERE kind = ? AND id = ?",
        JSON.stringify(changed),
        this.#kind,
        id,
      );
      return changed;
    });
  }

  delete(workspaceId: string, id: string): Promise<boolean> {
    return this.#db.write(
      () =>
        this.#db.run(
          "DELETE FROM records WHERE kind = ? AND workspace_id = ? AND id = ?",
          this.#kind,
          workspaceId,
          id,
        ) === 1,
    );
  }

  #row(workspaceId: string | null, id: string): Row | null {
    return this.#db.get(
      "SELECT * FROM records WHERE kind = ?1 AND id = ?2 AND (?3 IS NULL OR workspace_id = ?3)",
      this.#kind,
      id,
      workspaceId,
    );
  }

  #find(workspaceId: string, id: string): Item | null {
    const row = this.#row(workspaceId, id);
    return row === null ? null : this.#recordOf(row);
  }

  #recordOf(row: Row): Item {
    // Written by this store alone.
    return JSON.parse(textOf(row, "record")) as Item;
  }
}
