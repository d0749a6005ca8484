import type { TopLevelSpans } from "../json/top-level-spans.ts";
import { findSpan } from "../json/top-level-spans.ts";
import type { LongText } from "../measure/prompt-tally.ts";

/** The members of messages and parts that hold what was said. */
const textKeys = ['"content"', '"text"'];

const previous = (json: string, at: number): number => {
  let place = at;
  while (json.charCodeAt(place) <= 0x20) place -= 1;
  return place;
};

/** Whether the string that opens at `quote` is the value of one of `textKeys`. */
const isSaid = (json: string, quote: number): boolean => {
  const colon = previous(json, quote - 1);
  if (json.charCodeAt(colon) !== 0x3a) return false;
  const keyEnd = previous(json, colon - 1) + 1;
  return textKeys.some((key) => json.startsWith(key, keyEnd - key.length));
};

/** A body whose long texts stand elsewhere. */
export type ShortenedBody = {
  /** Byte text of the same JSON, with names in place of the texts. */
  readonly byteText: string;
  readonly texts: ReadonlyMap<string, LongText>;
};

/**
 * Takes the long texts out of the messages of a chat body, so that what is parsed is short: nobody reads them
 * where a request passes through. `null` = there are none.
 *
 * @param longStrings starts and ends in turn, as `scanObjectAt` finds them
 */
export const withoutLongTexts = (
  byteText: string,
  spans: TopLevelSpans,
  longStrings: readonly number[],
): ShortenedBody | null => {
  const messages = findSpan(spans, "messages");
  if (messages === undefined) return null;
  const texts = new Map<string, LongText>();
  let out = "";
  let from = 0;
  for (let at = 0; at < longStrings.length; at += 2) {
    const start = longStrings[at] ?? 0;
    const end = longStrings[at + 1] ?? 0;
    const isWithin = start > messages.valueStart && end < messages.valueEnd;
    if (!isWithin || !isSaid(byteText, start - 1)) continue;
    // A caller who says just this is measured wrongly, and answered all the same.
    const name = `\u007f${texts.size} long text`;
    texts.set(name, { start, end });
    out += byteText.slice(from, start) + name;
    from = end;
  }
  return texts.size === 0 ? null : { byteText: out + byteText.slice(from), texts };
};
