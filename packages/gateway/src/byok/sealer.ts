import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Encrypts provider keys at rest (docs/contract.md §2): a key of its own for every workspace. */
export interface Sealer {
  /** @param name what is sealed: it cannot be opened under another name */
  seal(workspaceId: string, name: string, text: string): string;
  /** @throws Error if it was sealed under another secret, workspace or name, or was changed */
  open(workspaceId: string, name: string, sealed: string): string;
}

const version = "v1";
const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under keys that HKDF-SHA-256 makes of `secret`. */
export const createSealer = (secret: string): Sealer => {
  const keyOf = (workspaceId: string): Buffer =>
    Buffer.from(hkdfSync("sha256", secret, workspaceId, "pointsman provider keys", 32));
  return {
    seal: (workspaceId, name, text) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv("aes-256-gcm", keyOf(workspaceId), iv);
      cipher.setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return `${version}:${Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open: (workspaceId, name, sealed) => {
      const [made, text = ""] = sealed.split(":");
      if (made !== version) throw new Error("a sealed key of an unknown version");
      const bytes = Buffer.from(text, "base64url");
      const iv = bytes.subarray(0, ivBytes);
      const decipher = createDecipheriv("aes-256-gcm", keyOf(workspaceId), iv);
      decipher.setAAD(Buffer.from(name));
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      const body = bytes.subarray(ivBytes + tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
    },
  };
};
