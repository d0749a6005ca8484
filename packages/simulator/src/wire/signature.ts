import { createHmac } from "node:crypto";

const macOf = (vendor: string, text: string): string =>
  createHmac("sha256", `simulated ${vendor}`).update(text).digest("base64url");

/** Proves that a vendor's simulated models wrote `text`, as vendors sign reasoning and calls. */
export const sign = (vendor: string, text: string): string =>
  Buffer.from(`${vendor}:${macOf(vendor, text)}`).toString("base64");

/** Whether a signature is this vendor's, of just this text. */
export const isSignedBy = (vendor: string, text: string, signature: string): boolean =>
  signature === sign(vendor, text);

/** A text sealed with its signature, opaque to the caller. */
export const seal = (vendor: string, text: string): string =>
  Buffer.from(`${macOf(vendor, text)}.${text}`).toString("base64");

/** What was sealed; `null` if the seal is not this vendor's, or was changed. */
export const unseal = (vendor: string, sealed: string): string | null => {
  const opened = Buffer.from(sealed, "base64").toString("utf8");
  const text = opened.slice(opened.indexOf(".") + 1);
  return seal(vendor, text) === sealed ? text : null;
};

/** Length of the proof at the end of a call's id. */
const proofLength = 8;

const proofOf = (vendor: string, id: string): string =>
  createHmac("sha256", `simulated id ${vendor}`).update(id).digest("hex").slice(0, proofLength);

/** An id of `length` characters after its prefix whose end proves the rest. */
export const provenId = (vendor: string, prefix: string, random: string): string => {
  const id = `${prefix}${random.slice(0, 24 - proofLength)}`;
  return `${id}${proofOf(vendor, id)}`;
};

/** Whether an id that looks like the vendor's own is one, unchanged. Ids of other looks may pass. */
export const isUnchangedId = (vendor: string, prefix: string, id: string): boolean =>
  !new RegExp(`^${prefix}[0-9a-f]{24}$`, "u").test(id) ||
  proofOf(vendor, id.slice(0, -proofLength)) === id.slice(-proofLength);
