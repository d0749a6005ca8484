import { decodeUtf8 } from "./utf8.ts";

/**
 * A JSON body as it came. `byteText` holds the same bytes as a string of one character each (Latin-1):
 * places in one are places in the other, and parsing, searching and cutting it cost a fraction of what
 * they cost on bytes or on decoded text. Where the body is not ASCII, what stands in strings of
 * `byteText` is not the text that is meant: it may be measured and passed on, never shown or compared.
 */
export type RawBody = {
  readonly bytes: Uint8Array;
  readonly byteText: string;
  readonly isAscii: boolean;
};

/** In byte text; some writers put it before their JSON. */
export const byteOrderMark = "\u00ef\u00bb\u00bf";

/** @throws SyntaxError if it is no JSON */
export const parseByteText = (byteText: string): unknown =>
  JSON.parse(byteText.startsWith(byteOrderMark) ? byteText.slice(3) : byteText);

const beyondAscii = /[^\0-\x7f]/;

export const isAsciiText = (text: string): boolean => !beyondAscii.test(text);

/** Arguments that a call takes at once with room to spare. */
const PIECE = 4096;

/** Bytes as a string of one character each, and back: for short texts, since there is a faster native way. */
export const toByteText = (bytes: Uint8Array): string => {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return text;
};

export const fromByteText = (byteText: string): Uint8Array => {
  const bytes = new Uint8Array(byteText.length);
  for (let at = 0; at < byteText.length; at++) bytes[at] = byteText.charCodeAt(at);
  return bytes;
};

/** The text that is meant by a piece of byte text. */
export const decodeByteText = (byteText: string): string =>
  isAsciiText(byteText) ? byteText : decodeUtf8(fromByteText(byteText));

/** Slow; a server makes the same of its own means (`toString("latin1")`, `isAscii`). */
export const createRawBody = (bytes: Uint8Array): RawBody => {
  const byteText = toByteText(bytes);
  return { bytes, byteText, isAscii: isAsciiText(byteText) };
};

const escapeUnit = (unit: string): string =>
  `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** `JSON.stringify` in ASCII alone, which can be put between pieces of byte text. */
export const stringifyAscii = (value: unknown): string => {
  const json = JSON.stringify(value);
  return isAsciiText(json) ? json : json.replace(/[^\0-\x7f]/g, escapeUnit);
};
