import type { Page, PageRequest } from "../page.ts";

/** Something that belongs to a workspace and is kept whole. Its values are JSON. */
export type StoredRecord = {
  /** Unique among records of its kind. */
  readonly id: string;
  readonly workspaceId: string;
  /** A name that no other record of its kind may have; `null` = it has none. Stays as it was made. */
  readonly uniqueName: string | null;
  readonly createdAtMs: number;
};

/** What of a record can change; absent = stays, `null` is a value. */
export type RecordChange<Item extends StoredRecord> = Partial<Omit<Item, keyof StoredRecord>>;

/** Records of one kind. A change holds from the next look-up on, in every process on the store. */
export interface RecordStore<Item extends StoredRecord> {
  /** `duplicate` = its id or unique name is taken. */
  create(record: Item): Promise<"created" | "duplicate">;
  get(workspaceId: string, id: string): Promise<Item | null>;
  /** Oldest first. @param workspaceId `null` = of all workspaces */
  list(workspaceId: string | null, page: PageRequest): Promise<Page<Item>>;
  /** The record after the change, whose fields replace those it had; `null` = unknown in that workspace. */
  update(workspaceId: string, id: string, change: RecordChange<Item>): Promise<Item | null>;
  delete(workspaceId: string, id: string): Promise<boolean>;
}

/** A workspace made by HTTP, or what was changed of one that the configuration names. Its id is its own workspace's. */
export type WorkspaceRecord = StoredRecord & {
  readonly name: string;
  readonly slug: string;
  /** Its routing defaults (docs/contract.md §4); `null` = as configured. */
  readonly routing: { readonly [field: string]: unknown } | null;
  /** Unix ms; `null` = its routing was never set. */
  readonly routingUpdatedAtMs: number | null;
};

/** A workspace's own account at a provider. */
export type ByokKeyRecord = StoredRecord & {
  readonly provider: string;
  readonly name: string;
  /** The start of the key's text, to recognise it by. */
  readonly keyPrefix: string;
  /** The key's text, encrypted by the gateway. */
  readonly sealedKey: string;
  readonly isDefault: boolean;
  readonly disabled: boolean;
  readonly validationStatus: "valid" | "pending" | "invalid" | "error";
  readonly accountTier: string | null;
  readonly tierSource: "auto_detected" | "user_specified" | "fallback" | null;
  readonly lastValidatedAtMs: number | null;
  readonly updatedAtMs: number;
};
