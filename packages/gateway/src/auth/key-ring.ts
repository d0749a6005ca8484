import { hash, timingSafeEqual } from "node:crypto";
import type { GatewayError } from "@pointsman/translate";

/** Who a key speaks for. */
export type Principal = {
  readonly keyId: string;
  readonly keyName: string;
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
};

/** A key as the operator gave it. */
export type KeyEntry = Omit<Principal, "keyId"> & { readonly secret: string };

/** Names a key that a configuration holds: the same at every start, and tells nothing of it. */
export const configuredKeyId = (secret: string): string =>
  `key_${hash("sha256", secret).slice(0, 24)}`;

/** Keys at rest: only SHA-256 digests are kept. */
export interface KeyRing {
  authenticate(headers: AuthHeaders, nowMs: number): AuthResult;
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

const bearer = /^Bearer +(\S+) *$/i;

const secretOf = (headers: AuthHeaders): string | null => {
  if (headers.authorization !== undefined) return bearer.exec(headers.authorization)?.[1] ?? null;
  const other = headers["x-api-key"];
  return typeof other === "string" && other !== "" ? other : null;
};

type StoredKey = { readonly digest: Buffer; readonly principal: Principal };

/** A ring of the keys given. */
export const createKeyRing = (entries: readonly KeyEntry[]): KeyRing => {
  // The map is keyed by the digest's hex, so a look-up's timing tells nothing of a secret.
  const byDigest = new Map<string, StoredKey>();
  for (const { secret, ...principal } of entries) {
    const digest = hash("sha256", secret, "buffer");
    const keyId = configuredKeyId(secret);
    byDigest.set(digest.toString("hex"), { digest, principal: { ...principal, keyId } });
  }
  return {
    authenticate: (headers, nowMs) => {
      const secret = secretOf(headers);
      if (secret === null) {
        return refused("No API key: send it as 'Authorization: Bearer <key>'.", "invalid_api_key");
      }
      const digest = hash("sha256", secret, "buffer");
      const stored = byDigest.get(digest.toString("hex"));
      if (stored === undefined || !timingSafeEqual(stored.digest, digest)) {
        return refused("The API key is not known here.", "invalid_api_key");
      }
      const { principal } = stored;
      if (principal.expiresAtMs !== null && principal.expiresAtMs <= nowMs) {
        return refused("The API key has expired.", "expired_api_key");
      }
      return { ok: true, principal };
    },
  };
};

/** Whether a key's scopes hold one; `admin` implies all, a write scope its read scope. */
export const hasScope = ({ scopes }: Principal, scope: string): boolean =>
  scopes.has("admin") ||
  scopes.has(scope) ||
  (scope.endsWith(":read") && scopes.has(`${scope.slice(0, -":read".length)}:write`));
