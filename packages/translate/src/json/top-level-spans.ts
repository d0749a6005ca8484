import { byteOrderMark, decodeByteText } from "../bytes/raw-body.ts";
import { asString } from "./read.ts";
import { closingQuote, skipSpace, valueEnd } from "./skip.ts";

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

const plainKey = /^[\w-]*$/;

const decodeKey = (quoted: string): string => {
  const inside = quoted.slice(1, -1);
  return plainKey.test(inside) ? inside : (asString(JSON.parse(decodeByteText(quoted))) ?? "");
};

/**
 * Members of the object that starts at `start` in byte text of JSON known to be valid; `null` if none
 * does.
 */
export const scanObjectAt = (json: string, start: number): TopLevelSpan[] | null => {
  if (json.charCodeAt(start) !== 0x7b) return null;
  const spans: TopLevelSpan[] = [];
  let at = skipSpace(json, start + 1);
  while (json.charCodeAt(at) === 0x22) {
    const keyStart = at;
    const keyEnd = closingQuote(json, at + 1);
    if (keyEnd === -1) return null;
    const colon = skipSpace(json, keyEnd + 1);
    const valueStart = skipSpace(json, colon + 1);
    const end = valueEnd(json, valueStart);
    if (end === -1) return null;
    spans.push({
      key: decodeKey(json.slice(keyStart, keyEnd + 1)),
      keyStart,
      valueStart,
      valueEnd: end,
    });
    at = skipSpace(json, end);
    if (json.charCodeAt(at) === 0x2c) at = skipSpace(json, at + 1);
  }
  return json.charCodeAt(at) === 0x7d ? spans : null;
};

/**
 * Members of the byte text of a body that is known to be valid JSON with an object at its top. Long
 * strings cost what `indexOf` costs.
 *
 * @throws Error if the body is no JSON object
 */
export const scanTopLevel = (json: string): TopLevelSpans => {
  const spans = scanObjectAt(json, skipSpace(json, json.startsWith(byteOrderMark) ? 3 : 0));
  if (spans === null) throw new Error("The body is not a JSON object.");
  return spans;
};

/** The member that counts for `key`: the last one. */
export const findSpan = (spans: TopLevelSpans, key: string): TopLevelSpan | undefined =>
  spans.findLast((span) => span.key === key);
