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

/** Whether the text stands for itself: ASCII without an escape. */
const isPlain = (json: string, start: number, end: number): boolean => {
  for (let at = start; at < end; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x5c || code > 0x7e) return false;
  }
  return true;
};

/** `start` and `end` (exclusive) are those of the key with its quotes. */
const decodeKey = (json: string, start: number, end: number): string =>
  isPlain(json, start, end)
    ? json.slice(start + 1, end - 1)
    : (asString(JSON.parse(decodeByteText(json.slice(start, end)))) ?? "");

/**
 * Members of the object that starts at `start` in byte text of JSON known to be valid; `null` if none
 * does. `longStrings` is as `valueEnd` has it.
 */
export const scanObjectAt = (
  json: string,
  start: number,
  longStrings: number[] | null = null,
): TopLevelSpan[] | null => {
  if (json.charCodeAt(start) !== 0x7b) return null;
  const spans: TopLevelSpan[] = [];
  let at = skipSpace(json, start + 1);
  while (json.charCodeAt(at) === 0x22) {
    const keyStart = at;
    const keyEnd = closingQuote(json, at + 1);
    if (keyEnd === -1) return null;
    const colon = skipSpace(json, keyEnd + 1);
    const valueStart = skipSpace(json, colon + 1);
    const end = valueEnd(json, valueStart, longStrings);
    if (end === -1) return null;
    spans.push({
      key: decodeKey(json, keyStart, keyEnd + 1),
      keyStart,
      valueStart,
      valueEnd: end,
    });
    at = skipSpace(json, end);
    if (json.charCodeAt(at) === 0x2c) at = skipSpace(json, at + 1);
  }
  return json.charCodeAt(at) === 0x7d ? spans : null;
};

const scanBody = (json: string, longStrings: number[] | null): TopLevelSpans | null =>
  scanObjectAt(json, skipSpace(json, json.startsWith(byteOrderMark) ? 3 : 0), longStrings);

/**
 * Members of the byte text of a body that is known to be valid JSON with an object at its top. Long
 * strings cost what `indexOf` costs.
 *
 * @throws Error if the body is no JSON object
 */
export const scanTopLevel = (json: string): TopLevelSpans => {
  const spans = scanBody(json, null);
  if (spans === null) throw new Error("The body is not a JSON object.");
  return spans;
};

/**
 * The same of a body of which nothing is known, and its long strings as `valueEnd` tells them. What is found in
 * a body that is no JSON means nothing; `null` = it cannot be one, or has no object at its top.
 */
export const scanUnread = (
  json: string,
): { readonly spans: TopLevelSpans; readonly longStrings: readonly number[] } | null => {
  const longStrings: number[] = [];
  const spans = scanBody(json, longStrings);
  return spans === null ? null : { spans, longStrings };
};

/** The member that counts for `key`: the last one. */
export const findSpan = (spans: TopLevelSpans, key: string): TopLevelSpan | undefined =>
  spans.findLast((span) => span.key === key);
