import type { Page, PageRequest, RecordChange, RecordStore, StoredRecord } from "@pointsman/store";
import { fieldsOf, listOf } from "./connection.ts";
import type { Connection, Reply } from "./connection.ts";

/** What every kind of record has, keys of the gateway among them. */
export type Kept = Pick<StoredRecord, "id" | "workspaceId" | "createdAtMs">;

/** Records of one kind. They lie on one node of a cluster: their names are unique among all. */
export class RedisRecords<Item extends Kept> {
  readonly #redis: Connection;
  readonly #base: string;
  readonly #nameOf: (item: Item) => string | null;

  /** @param nameOf what no two records may share; `null` = nothing */
  constructor(redis: Connection, kind: string, nameOf: (item: Item) => string | null) {
    this.#redis = redis;
    this.#base = `${redis.prefix}:{${kind}}`;
    this.#nameOf = nameOf;
  }

  async create(record: Item): Promise<"created" | "duplicate"> {
    const name = this.#nameOf(record);
    const created = await this.#redis.run(
      "recordCreate",
      this.#base,
      record.id,
      record.workspaceId,
      name === null ? "0" : "1",
      name ?? "",
      record.createdAtMs,
      ...this.#valuesOf(record),
    );
    return created === 1 ? "created" : "duplicate";
  }

  async get(workspaceId: string, id: string): Promise<Item | null> {
    const record = this.#itemOf(await this.#redis.fields(`${this.#base}:record:${id}`));
    return record?.workspaceId === workspaceId ? record : null;
  }

  async findByName(name: string): Promise<Item | null> {
    return this.#parse(await this.#redis.run("recordNamed", this.#base, name));
  }

  async list(workspaceId: string | null, { limit, after }: PageRequest): Promise<Page<Item>> {
    const found = await this.#redis.run(
      "recordList",
      this.#base,
      workspaceId === null ? ":all" : `:of:${workspaceId}`,
      limit + 1,
      after === null ? "0" : "1",
      after ?? "",
    );
    const items = listOf(found).flatMap((reply) => this.#parse(reply) ?? []);
    return { items: items.slice(0, limit), hasMore: items.length > limit };
  }

  async update(workspaceId: string, id: string, change: object): Promise<Item | null> {
    return this.#parse(
      await this.#redis.run(
        "recordUpdate",
        this.#base,
        id,
        JSON.stringify(workspaceId),
        ...this.#valuesOf(change),
      ),
    );
  }

  async delete(workspaceId: string, id: string): Promise<boolean> {
    const deleted = await this.#redis.run(
      "recordDelete",
      this.#base,
      id,
      JSON.stringify(workspaceId),
      workspaceId,
    );
    return deleted === 1;
  }

  /** Raises a number; a smaller one than is there changes nothing, an unknown record is ignored. */
  async raise(id: string, field: keyof Item & string, value: number): Promise<void> {
    await this.#redis.run("recordRaise", this.#base, id, field, value);
  }

  #valuesOf(fields: object): readonly string[] {
    return Object.entries(fields).flatMap(([name, value]: [string, unknown]) =>
      value === undefined ? [] : [name, JSON.stringify(value)],
    );
  }

  #parse(reply: Reply): Item | null {
    return this.#itemOf(fieldsOf(reply));
  }

  #itemOf(fields: ReadonlyMap<string, string>): Item | null {
    if (fields.size === 0) return null;
    const entries = [...fields].flatMap(([name, json]): [string, unknown][] =>
      name.startsWith("#") ? [] : [[name, JSON.parse(json)]],
    );
    // Written by this store alone.
    return Object.fromEntries(entries) as Item;
  }
}

export class RedisRecordStore<Item extends StoredRecord> implements RecordStore<Item> {
  readonly #records: RedisRecords<Item>;

  constructor(redis: Connection, kind: string) {
    this.#records = new RedisRecords<Item>(redis, kind, ({ uniqueName }) => uniqueName);
  }

  create(record: Item): Promise<"created" | "duplicate"> {
    return this.#records.create(record);
  }

  get(workspaceId: string, id: string): Promise<Item | null> {
    return this.#records.get(workspaceId, id);
  }

  list(workspaceId: string | null, page: PageRequest): Promise<Page<Item>> {
    return this.#records.list(workspaceId, page);
  }

  update(workspaceId: string, id: string, change: RecordChange<Item>): Promise<Item | null> {
    return this.#records.update(workspaceId, id, change);
  }

  delete(workspaceId: string, id: string): Promise<boolean> {
    return this.#records.delete(workspaceId, id);
  }
}
