import { hash } from "node:crypto";

/** SHA-256 of a key, and the same in hex. */
export type KeyDigest = { readonly digest: Buffer; readonly hex: string };

const digestOf = (secret: string): KeyDigest => {
  const digest = hash("sha256", secret, "buffer");
  return { digest, hex: digest.toString("hex") };
};

/** Takes as long whatever differs: connections of unlike callers may come through one proxy. */
const isSameSecret = (one: string, other: string): boolean => {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at += 1) {
    difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  }
  return difference === 0;
};

/**
 * Digests of keys, hashed once a connection: who keeps one open sends the same key again and again. It is
 * only the hash that is remembered, not whether the key is good.
 */
export class KeyDigests {
  readonly #last = new WeakMap<object, KeyDigest & { readonly secret: string }>();

  of(secret: string, connection: object): KeyDigest {
    const last = this.#last.get(connection);
    if (last !== undefined && isSameSecret(last.secret, secret)) return last;
    const made = { secret, ...digestOf(secret) };
    this.#last.set(connection, made);
    return made;
  }
}
