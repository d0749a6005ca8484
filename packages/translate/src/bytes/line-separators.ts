import { encodeUtf8 } from "./utf8.ts";

const separator = /[\u0085\u2028\u2029]/gu;

const escapes: Readonly<Record<string, string>> = {
  "\u0085": "\\u0085",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * JSON text with U+0085, U+2028 and U+2029 written as escapes: some clients split SSE data at them
 * (docs/contract.md §16). In valid JSON they stand inside strings only.
 */
export const escapeLineSeparators = (json: string): string =>
  json.replace(separator, (character) => escapes[character] ?? character);

/** `JSON.stringify` fit for SSE data. */
export const stringifyForSse = (value: unknown): string =>
  escapeLineSeparators(JSON.stringify(value));

/** Length in bytes of the separator that starts at `at`: 3 (E2 80 A8, E2 80 A9), 2 (C2 85) or 0. */
export const lineSeparatorLengthAt = (bytes: Uint8Array, at: number): number => {
  const first = bytes[at];
  if (first === 0xe2 && bytes[at + 1] === 0x80) {
    const last = bytes[at + 2];
    return last === 0xa8 || last === 0xa9 ? 3 : 0;
  }
  return first === 0xc2 && bytes[at + 1] === 0x85 ? 2 : 0;
};

const asEscape = (bytes: Uint8Array, at: number): string => {
  if (bytes[at] === 0xc2) return "\\u0085";
  return bytes[at + 2] === 0xa8 ? "\\u2028" : "\\u2029";
};

/** The same for UTF-8 bytes of JSON; gives back `bytes` itself if there is nothing to escape. */
export const escapeLineSeparatorBytes = (bytes: Uint8Array): Uint8Array => {
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (lineSeparatorLengthAt(bytes, at) > 0) found.push(at);
  }
  if (found.length === 0) return bytes;
  const growth = found.reduce((sum, at) => sum + 6 - lineSeparatorLengthAt(bytes, at), 0);
  const out = new Uint8Array(bytes.length + growth);
  let read = 0;
  let write = 0;
  for (const at of found) {
    out.set(bytes.subarray(read, at), write);
    write += at - read;
    out.set(encodeUtf8(asEscape(bytes, at)), write);
    write += 6;
    read = at + lineSeparatorLengthAt(bytes, at);
  }
  out.set(bytes.subarray(read), write);
  return out;
};
