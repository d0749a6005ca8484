import { hash, timingSafeEqual } from "node:crypto";
import type { ApiKey, KeyStore } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { KeyDigests } from "./key-digests.ts";

/** Who a key speaks for. */
export type Principal = {
  readonly keyId: string;
  readonly keyName: string;
  /** The start of the key, to recognise it by. */
  readonly keyPrefix: string;
  readonly workspace: string;
  readonly scopes: ReadonlySet<string>;
  /** Unix ms; `null` = never. */
  readonly expiresAtMs: number | null;
  /** Canonical model ids the key may see; empty = all. */
  readonly models: readonly string[];
  /** Providers the key may use; empty = all. */
  readonly providers: readonly string[];
  /** Requests a minute; `null` = unlimited. */
  readonly rateLimitRpm: number | null;
  /** Unix ms; `null` = as old as the process: the configuration holds it. */
  readonly createdAtMs: number | null;
};

/** A key as the operator gave it. */
export type KeyEntry = Omit<Principal, "keyId" | "keyPrefix" | "createdAtMs"> & {
  readonly secret: string;
};

/** How keys are kept: never the text itself. */
export const digestOfKey = (secret: string): string => hash("sha256", secret);

const prefixLength = 12;
/** A prefix shows at most a third of a key. */
const shortestShown = 3 * prefixLength;

/** What of a key may be shown. */
export const prefixOfKey = (secret: string): string =>
  secret.slice(0, secret.length < shortestShown ? Math.floor(secret.length / 3) : prefixLength);

/** Names a key that a configuration holds: the same at every start, and tells nothing of it. */
export const configuredKeyId = (secret: string): string =>
  `key_${digestOfKey(secret).slice(0, 24)}`;

/** Keys at rest: only SHA-256 digests are kept. */
export interface KeyRing {
  /**
   * At once for a key of the configuration; a promise where the store is asked.
   *
   * @param connection what the headers came by: its key is hashed once
   */
  authenticate(
    headers: AuthHeaders,
    nowMs: number,
    connection: object,
  ): AuthResult | Promise<AuthResult>;
  /** Whether a key of the configuration has this id, and is of this workspace. */
  isConfigured(workspaceId: string, keyId: string): boolean;
}

export type AuthHeaders = {
  readonly authorization?: string | undefined;
  readonly "x-api-key"?: string | string[] | undefined;
};

export type AuthResult =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly error: GatewayError };

const refused = (message: string, code: "invalid_api_key" | "expired_api_key"): AuthResult => ({
  ok: false,
  error: { code, message, param: null },
});

const unknownKey = refused("The API key is not known here.", "invalid_api_key");

const bearer = /^Bearer +(\S+) *$/i;

const secretOf = (headers: AuthHeaders): string | null => {
  if (headers.authorization !== undefined) return bearer.exec(headers.authorization)?.[1] ?? null;
  const other = headers["x-api-key"];
  return typeof other === "string" && other !== "" ? other : null;
};

const admitted = (principal: Principal, nowMs: number): AuthResult =>
  principal.expiresAtMs !== null && principal.expiresAtMs <= nowMs
    ? refused("The API key has expired.", "expired_api_key")
    : { ok: true, principal };

const principalOf = (key: ApiKey): Principal => ({
  keyId: key.id,
  keyName: key.name,
  keyPrefix: key.keyPrefix,
  workspace: key.workspaceId,
  scopes: new Set(key.scopes),
  expiresAtMs: key.expiresAtMs,
  models: key.models,
  providers: key.providers,
  rateLimitRpm: key.rateLimitRpm,
  createdAtMs: key.createdAtMs,
});

/** Keys that the store holds. */
export type StoredKeys = {
  readonly keys: KeyStore;
  /** Whether there is such a workspace; afterwards requests find it. */
  readonly knowsWorkspace: (id: string) => Promise<boolean>;
};

type StoredKey = { readonly digest: Buffer; readonly principal: Principal };

/** A use is noted at most so often, ms. */
const touchEveryMs = 60_000;

/**
 * A ring of the keys given, and of those in the store: what is changed there holds from the next request.
 *
 * @param stored @default none
 */
export const createKeyRing = (entries: readonly KeyEntry[], stored?: StoredKeys): KeyRing => {
  // The map is keyed by the digest's hex, so a look-up's timing tells nothing of a secret.
  const byDigest = new Map<string, StoredKey>();
  for (const { secret, ...entry } of entries) {
    const digest = hash("sha256", secret, "buffer");
    const keyId = configuredKeyId(secret);
    const principal = { ...entry, keyId, keyPrefix: prefixOfKey(secret), createdAtMs: null };
    byDigest.set(digest.toString("hex"), { digest, principal });
  }

  const fromStore = async (
    { keys, knowsWorkspace }: StoredKeys,
    digest: string,
    nowMs: number,
  ): Promise<AuthResult> => {
    const key = await keys.findByHash(digest);
    if (key === null || !key.isActive || !(await knowsWorkspace(key.workspaceId))) {
      return unknownKey;
    }
    if (nowMs - (key.lastUsedAtMs ?? 0) > touchEveryMs) await keys.touch(key.id, nowMs);
    return admitted(principalOf(key), nowMs);
  };

  const digests = new KeyDigests();

  const ids = new Map(
    [...byDigest.values()].map(({ principal: { keyId, workspace } }) => [keyId, workspace]),
  );

  return {
    isConfigured: (workspaceId, keyId) => ids.get(keyId) === workspaceId,
    authenticate: (headers, nowMs, connection) => {
      const secret = secretOf(headers);
      if (secret === null) {
        return refused("No API key: send it as 'Authorization: Bearer <key>'.", "invalid_api_key");
      }
      const { digest, hex } = digests.of(secret, connection);
      const known = byDigest.get(hex);
      if (known !== undefined && timingSafeEqual(known.digest, digest)) {
        return admitted(known.principal, nowMs);
      }
      return stored === undefined ? unknownKey : fromStore(stored, hex, nowMs);
    },
  };
};

/** Whether a key's scopes hold one; `admin` implies all, a write scope its read scope. */
export const hasScope = ({ scopes }: Principal, scope: string): boolean =>
  scopes.has("admin") ||
  scopes.has(scope) ||
  (scope.endsWith(":read") && scopes.has(`${scope.slice(0, -":read".length)}:write`));
