import { concatBytes } from "../bytes/concat.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { readSseEvent } from "./read-event.ts";

const LF = 0x0a;
const CR = 0x0d;

/** An event framed `data: …\n\n` or `event: …\ndata: …\n\n`, where it stands in the bytes of a read. */
export type FramedEvent = {
  readonly bytes: Uint8Array;
  /** Frame included. */
  readonly start: number;
  /** Where the data begins; it ends two bytes before `end`. */
  readonly dataStart: number;
  readonly end: number;
};

export interface SseSplitterHandler {
  /** Hot path: handles an event known by its bytes and gives back where it ends; −1 = not known. */
  known(bytes: Uint8Array, start: number): number;
  /** An event in one of the two plain frames. `event` is "" where it has no name. */
  framed(source: FramedEvent, event: string): void;
  /** An event with any other frame. */
  other(data: Uint8Array, event: string): void;
}

export interface SseSplitter {
  /** `chunk` is kept and must not change afterwards. */
  push(chunk: Uint8Array): void;
  /** Hands over an event that lacks its empty line. */
  end(): void;
}

const dataField = [...encodeUtf8("data: ")];
const eventField = [...encodeUtf8("event: ")];

const standsAt = (bytes: Uint8Array, at: number, field: readonly number[]): boolean => {
  for (let index = 0; index < field.length; index++) {
    if (bytes[at + index] !== field[index]) return false;
  }
  return true;
};

/** The framed event at `start`; `null` if it has another frame or is not whole. */
const framedAt = (bytes: Uint8Array, start: number): FramedEvent | null => {
  const nameEnd = standsAt(bytes, start, eventField) ? bytes.indexOf(LF, start) : start - 1;
  const field = nameEnd + 1;
  if (field < start || !standsAt(bytes, field, dataField)) return null;
  const dataStart = field + dataField.length;
  const lineFeed = bytes.indexOf(LF, dataStart);
  if (lineFeed === -1 || bytes[lineFeed + 1] !== LF) return null;
  // A CR ends a line too.
  if (bytes.subarray(start, lineFeed).includes(CR)) return null;
  return { bytes, start, dataStart, end: lineFeed + 2 };
};

/** Whether an event ends anywhere from `start` on; quick to say no of a part of one. */
const mayEnd = (bytes: Uint8Array, start: number): boolean => {
  if (bytes[start] === LF) return true;
  let at = bytes.indexOf(LF, start);
  while (at !== -1) {
    if (bytes[at + 1] === LF) return true;
    at = bytes.indexOf(LF, at + 1);
  }
  return bytes.indexOf(CR, start) !== -1;
};

const nameOf = ({ bytes, start, dataStart }: FramedEvent): string => {
  let name = "";
  const end = dataStart - dataField.length - 1;
  for (let at = start + eventField.length; at < end; at++) {
    name += String.fromCharCode(bytes[at] ?? 0);
  }
  return name;
};

/** Cuts a byte stream into SSE events without decoding it. */
export const createSseSplitter = (handler: SseSplitterHandler): SseSplitter => {
  let pending: Uint8Array[] = [];
  let atStart = true;

  /** Gives back where the first event starts that is not whole. */
  const split = (bytes: Uint8Array, final: boolean): number => {
    let at = 0;
    if (atStart) {
      if (bytes[0] === 0xef && bytes.length < 3 && !final) return 0;
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
      atStart = false;
    }
    while (at < bytes.length) {
      const knownEnd = handler.known(bytes, at);
      if (knownEnd !== -1) {
        at = knownEnd;
        continue;
      }
      const framed = framedAt(bytes, at);
      if (framed !== null) {
        handler.framed(framed, nameOf(framed));
        at = framed.end;
        continue;
      }
      if (!final && !mayEnd(bytes, at)) return at;
      const event = readSseEvent(bytes, at, final);
      if (event === null) return at;
      if (event.data !== null) handler.other(event.data, event.event);
      at = event.end;
    }
    return at;
  };

  const push = (chunk: Uint8Array): void => {
    if (chunk.length === 0) return;
    const waits =
      pending.length > 0 && !atStart && chunk.indexOf(LF) === -1 && chunk.indexOf(CR) === -1;
    pending.push(chunk);
    if (waits) return;
    const bytes = concatBytes(pending);
    const rest = split(bytes, false);
    pending = rest < bytes.length ? [bytes.subarray(rest)] : [];
  };

  return {
    push,
    end: () => {
      const bytes = concatBytes(pending);
      pending = [];
      split(bytes, true);
    },
  };
};
