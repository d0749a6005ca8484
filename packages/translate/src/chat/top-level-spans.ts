import { asString } from "../json/read.ts";
import { closingQuote, skipSpace, valueEnd } from "../json/skip.ts";
import { decodeUtf8 } from "../bytes/utf8.ts";

/** One member of a JSON object: where its key (with quotes) and its value stand. */
export type TopLevelSpan = {
  /** Decoded. */
  readonly key: string;
  readonly keyStart: number;
  readonly valueStart: number;
  /** Exclusive. */
  readonly valueEnd: number;
};

/** The members of a JSON object in their order, duplicates included: the last of a key counts. */
export type TopLevelSpans = readonly TopLevelSpan[];

/** `start` and `end` without the quotes. */
const decodeKey = (bytes: Uint8Array, start: number, end: number): string => {
  let key = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80 || byte === 0x5c) {
      return asString(JSON.parse(decodeUtf8(bytes.subarray(start - 1, end + 1)))) ?? "";
    }
    key += String.fromCharCode(byte);
  }
  return key;
};

/** Members of the object that starts at `start` in JSON known to be valid; `null` if none does. */
export const scanObjectAt = (bytes: Uint8Array, start: number): TopLevelSpan[] | null => {
  if (bytes[start] !== 0x7b) return null;
  const spans: TopLevelSpan[] = [];
  let at = skipSpace(bytes, start + 1);
  while (bytes[at] === 0x22) {
    const keyStart = at;
    const keyEnd = closingQuote(bytes, at + 1);
    if (keyEnd === -1) return null;
    const colon = skipSpace(bytes, keyEnd + 1);
    const valueStart = skipSpace(bytes, colon + 1);
    const end = valueEnd(bytes, valueStart);
    if (end === -1) return null;
    spans.push({
      key: decodeKey(bytes, keyStart + 1, keyEnd),
      keyStart,
      valueStart,
      valueEnd: end,
    });
    at = skipSpace(bytes, end);
    if (bytes[at] === 0x2c) at = skipSpace(bytes, at + 1);
  }
  return bytes[at] === 0x7d ? spans : null;
};

/**
 * Members of a body that is known to be valid JSON with an object at its top. Long strings cost what
 * `indexOf` costs.
 *
 * @throws Error if the body is no JSON object
 */
export const scanTopLevel = (body: Uint8Array): TopLevelSpans => {
  const bom = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  const spans = scanObjectAt(body, skipSpace(body, bom));
  if (spans === null) throw new Error("The body is not a JSON object.");
  return spans;
};

/** The member that counts for `key`: the last one. */
export const findSpan = (spans: TopLevelSpans, key: string): TopLevelSpan | undefined =>
  spans.findLast((span) => span.key === key);
