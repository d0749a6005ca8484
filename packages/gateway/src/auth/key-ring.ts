import { hash } from "node:crypto";
import type { GatewayError } from "@pointsman/translate";

/** Who a key speaks for. */
export type Principal = {
  readonly keyName: string;
  readonly workspace: string;
  readonly scopes: ReadonlySet<string>;
  /** Unix ms; `null` = never. */
  readonly expiresAtMs: number | null;
  /** Canonical model ids the key may see; empty = all. */
  readonly models: readonly string[];
  /** Providers the key may use; empty = all. */
  readonly providers: readonly string[];
};

/** A key as the operator gave it. */
export type KeyEntry = Principal & { readonly secret: string };

/** Keys at rest: only SHA-256 digests are kept. */
export interface KeyRing {
  /**
   * `connection` stands for the caller's connection: what it sent before and was let in with is not
   * hashed again, and forgotten with it.
   */
  authenticate(headers: AuthHeaders, nowMs: number, connection: object): AuthResult;
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

type Admitted = { readonly secret: string; readonly principal: Principal };

/** A ring of the keys given. */
export const createKeyRing = (entries: readonly KeyEntry[]): KeyRing => {
  // The map is keyed by the digest's hex, so a look-up's timing tells nothing of a secret.
  const byDigest = new Map<string, Principal>();
  for (const { secret, ...principal } of entries) {
    byDigest.set(hash("sha256", secret, "hex"), principal);
  }
  const admitted = new WeakMap<object, Admitted>();

  const principalOf = (secret: string, connection: object): Principal | undefined => {
    const before = admitted.get(connection);
    if (before?.secret === secret) return before.principal;
    const principal = byDigest.get(hash("sha256", secret, "hex"));
    if (principal !== undefined) admitted.set(connection, { secret, principal });
    return principal;
  };

  return {
    authenticate: (headers, nowMs, connection) => {
      const secret = secretOf(headers);
      if (secret === null) {
        return refused("No API key: send it as 'Authorization: Bearer <key>'.", "invalid_api_key");
      }
      const principal = principalOf(secret, connection);
      if (principal === undefined) {
        return refused("The API key is not known here.", "invalid_api_key");
      }
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
