import type { Page, PageRequest } from "../page.ts";

/** A key of the gateway. Its text is shown once and not kept: only a hash of it is. */
export type ApiKey = {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  /** Digest of the key's text, as the gateway makes it; unique. */
  readonly keyHash: string;
  /** The start of the key's text, to recognise it by. */
  readonly keyPrefix: string;
  readonly scopes: readonly string[];
  readonly isActive: boolean;
  /** `null` = unlimited. */
  readonly rateLimitRpm: number | null;
  /** Unix ms; `null` = never. */
  readonly expiresAtMs: number | null;
  /** Models it may use; empty = all. */
  readonly models: readonly string[];
  /** Providers it may use; empty = all. */
  readonly providers: readonly string[];
  readonly createdAtMs: number;
  /** `null` = made by no key. */
  readonly createdByKeyId: string | null;
  /** Unix ms; `null` = never. */
  readonly lastUsedAtMs: number | null;
};

/** What of a key can change; absent = stays. */
export type ApiKeyChange = Partial<
  Pick<ApiKey, "name" | "isActive" | "rateLimitRpm" | "expiresAtMs">
>;

/** Keys of the gateway. A change holds from the next look-up on, in every process on the store. */
export interface KeyStore {
  /** `duplicate` = its id or hash is taken. */
  create(key: ApiKey): Promise<"created" | "duplicate">;
  findByHash(keyHash: string): Promise<ApiKey | null>;
  get(workspaceId: string, keyId: string): Promise<ApiKey | null>;
  list(workspaceId: string, page: PageRequest): Promise<Page<ApiKey>>;
  /** The key after the change; `null` = unknown in that workspace. */
  update(workspaceId: string, keyId: string, change: ApiKeyChange): Promise<ApiKey | null>;
  delete(workspaceId: string, keyId: string): Promise<boolean>;
  /** Notes a use; an earlier one than noted before changes nothing. Unknown keys are ignored. */
  touch(keyId: string, atMs: number): Promise<void>;
}
