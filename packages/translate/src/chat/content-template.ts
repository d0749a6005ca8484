import type { Segment } from "../bytes/segment.ts";
import { createSegment, segmentStandsAt } from "../bytes/segment.ts";
import { lineSeparatorLengthAt } from "../bytes/line-separators.ts";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asRecord } from "../json/read.ts";
import { skipSpace } from "../json/skip.ts";
import type { TopLevelSpan, TopLevelSpans } from "../json/top-level-spans.ts";
import { findSpan, scanObjectAt } from "../json/top-level-spans.ts";

/**
 * The bytes of a content event of one stream with its strings cut out. Events of a stream differ in the
 * text they carry (and in padding) alone, so an event that equals the template outside these strings,
 * and whose strings are proper JSON strings, is known to be a content event without being parsed.
 */
export type ContentTemplate = {
  /** What stands around the strings: one more than there are strings. */
  readonly segments: readonly Segment[];
  /** Which of the strings is the content. */
  readonly contentString: number;
};

type Range = { readonly start: number; readonly end: number };

/** Inside of a string value. */
const inside = ({ valueStart, valueEnd }: TopLevelSpan): Range => ({
  start: valueStart + 1,
  end: valueEnd - 1,
});

const firstElement = (json: string, list: TopLevelSpan | undefined): TopLevelSpans | null => {
  if (list === undefined || json.charCodeAt(list.valueStart) !== 0x5b) return null;
  return scanObjectAt(json, skipSpace(json, list.valueStart + 1));
};

const member = (json: string, object: TopLevelSpans | null, key: string): TopLevelSpans | null => {
  const span = object === null ? undefined : findSpan(object, key);
  return span === undefined ? null : scanObjectAt(json, span.valueStart);
};

const textKeys = new Set(["content", "reasoning_content", "reasoning", "refusal"]);

const onlyArguments = (delta: JsonRecord): boolean => {
  const calls = asArray(delta["tool_calls"]);
  const definition = asRecord(asRecord(calls[0])?.["function"]);
  return (
    calls.length === 1 &&
    definition !== null &&
    typeof definition["arguments"] === "string" &&
    Object.keys(definition).length === 1
  );
};

/** Where the one content string of a delta stands; `null` if it carries anything else. */
const contentRange = (json: string, choice: TopLevelSpans, delta: JsonRecord): Range | null => {
  const carried = Object.keys(delta).filter((key) => key !== "role" && delta[key] !== null);
  const [key] = carried;
  if (key === undefined || carried.length !== 1) return null;
  const spans = member(json, choice, "delta");
  if (spans === null) return null;
  if (textKeys.has(key)) {
    const span = findSpan(spans, key);
    return span === undefined || typeof delta[key] !== "string" ? null : inside(span);
  }
  if (key !== "tool_calls" || !onlyArguments(delta)) return null;
  const definition = member(json, firstElement(json, findSpan(spans, key)), "function");
  const span = definition === null ? undefined : findSpan(definition, "arguments");
  return span === undefined ? null : inside(span);
};

/** A content event to learn from. */
export type LearnedEvent = {
  /** It stands here from `start` to `end`, `data: ` in front. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Its JSON as byte text, and parsed. */
  readonly byteText: string;
  readonly chunk: JsonRecord;
};

/** Template of an event; `null` if it is not a plain content event of one choice. */
export const learnTemplate = ({
  bytes,
  start,
  end,
  byteText,
  chunk,
}: LearnedEvent): ContentTemplate | null => {
  const choices = asArray(chunk["choices"]);
  const delta = asRecord(asRecord(choices[0])?.["delta"]);
  if (choices.length !== 1 || delta === null) return null;
  const top = scanObjectAt(byteText, 0);
  const choice = top === null ? null : firstElement(byteText, findSpan(top, "choices"));
  if (top === null || choice === null) return null;
  const content = contentRange(byteText, choice, delta);
  if (content === null) return null;
  const padding = findSpan(top, "obfuscation");
  const strings = [content];
  if (padding !== undefined && byteText.charCodeAt(padding.valueStart) === 0x22)
    strings.push(inside(padding));
  strings.sort((a, b) => a.start - b.start);
  const segments: Segment[] = [];
  const jsonStart = start + "data: ".length;
  let from = start;
  for (const range of strings) {
    segments.push(createSegment(bytes, from, jsonStart + range.start));
    from = jsonStart + range.end;
  }
  segments.push(createSegment(bytes, from, end));
  return { segments, contentString: strings.indexOf(content) };
};

/** End of the string that starts at `start`; −1 if it holds what needs a closer look. */
const plainStringEnd = (bytes: Uint8Array, start: number, limit: number): number => {
  let at = start;
  while (at < limit) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x22) return at;
    if (byte < 0x20) return -1;
    if (byte === 0x5c) {
      if (!isShortEscape(bytes[at + 1] ?? 0)) return -1;
      at++;
    } else if (byte >= 0xc2 && lineSeparatorLengthAt(bytes, at) > 0) {
      return -1;
    }
    at++;
  }
  return -1;
};

/** `" \ / b f n r t`: escapes of one character. */
const isShortEscape = (byte: number): boolean =>
  byte === 0x22 ||
  byte === 0x5c ||
  byte === 0x6e ||
  byte === 0x2f ||
  byte === 0x74 ||
  byte === 0x72 ||
  byte === 0x62 ||
  byte === 0x66;

/**
 * Hot path, allocates nothing: 1 = a content event, 0 = one with an empty text, −1 = no match.
 * `view` shows `bytes`.
 */
export const matchTemplate = (
  { segments, contentString }: ContentTemplate,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): -1 | 0 | 1 => {
  let at = start;
  let content: 0 | 1 = 0;
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index];
    if (segment === undefined || at + segment.length > end) return -1;
    if (!segmentStandsAt(segment, view, at)) return -1;
    at += segment.length;
    if (index === segments.length - 1) break;
    const close = plainStringEnd(bytes, at, end);
    if (close === -1) return -1;
    if (index === contentString && close > at) content = 1;
    at = close;
  }
  return at === end ? content : -1;
};
