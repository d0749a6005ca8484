import { lineSeparatorLengthAt } from "../bytes/line-separators.ts";
import { toByteText } from "../bytes/raw-body.ts";
import type { Segment } from "../bytes/segment.ts";
import { createSegment, segmentStandsAt, viewOf } from "../bytes/segment.ts";
import type { TopLevelSpan } from "../json/top-level-spans.ts";
import type { FramedEvent } from "./event-splitter.ts";

/** Text, reasoning, tool arguments, refusal: the kinds of event a stream mixes. */
const MOST_TEMPLATES = 6;

/** What differs between the content events of one stream: the inside of a string, or a whole number. */
export type Hole = {
  /** In byte text of the event's JSON; quotes are outside. */
  readonly start: number;
  readonly end: number;
  readonly kind: "content" | "string" | "digits";
};

/** The inside of a string value; `null` if the value is none. */
export const stringHole = (
  json: string,
  { valueStart, valueEnd }: TopLevelSpan,
  kind: "content" | "string",
): Hole | null =>
  json.charCodeAt(valueStart) === 0x22 ? { start: valueStart + 1, end: valueEnd - 1, kind } : null;

/**
 * The bytes of a content event of one stream with its holes cut out. Events of a stream differ in the
 * text they carry (and in padding and counters) alone, so an event that equals the template outside its
 * holes, and whose holes hold proper JSON, is known to be a content event without being parsed.
 */
type Template = {
  /** What stands around the holes: one more than there are holes. */
  readonly segments: readonly Segment[];
  readonly kinds: readonly Hole["kind"][];
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

/** End of the string that starts at `start`; −1 if it holds what needs a closer look. */
const plainStringEnd = (bytes: Uint8Array, start: number): number => {
  const limit = bytes.length;
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

/** End of the whole number that starts at `start`; −1 if none does. */
const digitsEnd = (bytes: Uint8Array, start: number): number => {
  let at = start;
  while (at < bytes.length && (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at++;
  return at === start || (bytes[start] === 0x30 && at > start + 1) ? -1 : at;
};

/** Content events of one stream, known by their bytes once one of a kind has been read. */
export class EventTemplates {
  readonly #templates: Template[] = [];
  #viewed: Uint8Array = new Uint8Array();
  #view = viewOf(this.#viewed);

  /** Whether the event matched last carries a text that is not empty. */
  matchedContent = false;

  /** Hot path, allocates nothing: where the event at `start` ends, −1 if it is not known. */
  match(bytes: Uint8Array, start: number): number {
    if (this.#viewed !== bytes) {
      this.#viewed = bytes;
      this.#view = viewOf(bytes);
    }
    const templates = this.#templates;
    for (let index = 0; index < templates.length; index++) {
      const template = templates[index];
      const end = template === undefined ? -1 : this.#matchOne(template, bytes, start);
      if (end !== -1) return end;
    }
    return -1;
  }

  /** Learns from an event that carries content and nothing else, and can go out as it is. */
  learn(
    source: FramedEvent,
    text: string,
    holes: (byteText: string) => readonly Hole[] | null,
  ): void {
    const { bytes, start, dataStart, end } = source;
    // As many characters as bytes: each is one of the other.
    const plain = text.length === end - 2 - dataStart;
    const found = holes(plain ? text : toByteText(bytes.subarray(dataStart, end - 2)));
    if (found === null || !found.some(({ kind }) => kind === "content")) return;
    const segments: Segment[] = [];
    const kinds: Hole["kind"][] = [];
    let from = start;
    for (const hole of found.toSorted((a, b) => a.start - b.start)) {
      segments.push(createSegment(bytes, from, dataStart + hole.start));
      kinds.push(hole.kind);
      from = dataStart + hole.end;
    }
    segments.push(createSegment(bytes, from, end));
    this.#templates.unshift({ segments, kinds });
    if (this.#templates.length > MOST_TEMPLATES) this.#templates.pop();
  }

  #matchOne({ segments, kinds }: Template, bytes: Uint8Array, start: number): number {
    let at = start;
    let content = false;
    for (let index = 0; index < segments.length; index++) {
      const segment = segments[index];
      if (segment === undefined || at + segment.length > bytes.length) return -1;
      if (!segmentStandsAt(segment, this.#view, at)) return -1;
      at += segment.length;
      const kind = kinds[index];
      if (kind === undefined) break;
      const end = kind === "digits" ? digitsEnd(bytes, at) : plainStringEnd(bytes, at);
      if (end === -1) return -1;
      if (kind === "content" && end > at) content = true;
      at = end;
    }
    this.matchedContent = content;
    return at;
  }
}
