import { concatBytes } from "../bytes/concat.ts";
import { readSseEvent } from "./read-event.ts";

const LF = 0x0a;
const CR = 0x0d;

export interface SseSplitterHandler {
  /**
   * An event framed exactly `data: …\n\n`; it stands in `bytes` from `start` to `end`, frame included.
   * `false` = there is a CR in it, which ends a line too: it is not one event.
   */
  plain(bytes: Uint8Array, start: number, end: number): boolean;
  /** An event with any other frame. */
  other(data: Uint8Array, event: string): void;
}

export interface SseSplitter {
  /** `chunk` is kept and must not change afterwards. */
  push(chunk: Uint8Array): void;
  /** Hands over an event that lacks its empty line. */
  end(): void;
}

const startsWithData = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x64 &&
  bytes[at + 1] === 0x61 &&
  bytes[at + 2] === 0x74 &&
  bytes[at + 3] === 0x61 &&
  bytes[at + 4] === 0x3a &&
  bytes[at + 5] === 0x20;

/** Where the plain event at `start` ends, −1 if it has another frame, −2 if more bytes are needed. */
const plainEnd = (bytes: Uint8Array, start: number): number => {
  if (!startsWithData(bytes, start)) return -1;
  const lineFeed = bytes.indexOf(LF, start + 6);
  if (lineFeed === -1) return bytes.indexOf(CR, start + 6) === -1 ? -2 : -1;
  if (bytes[lineFeed - 1] === CR) return -1;
  if (lineFeed + 1 === bytes.length) return -2;
  return bytes[lineFeed + 1] === LF ? lineFeed + 2 : -1;
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
      const end = plainEnd(bytes, at);
      if (end > 0 && handler.plain(bytes, at, end)) {
        at = end;
        continue;
      }
      if (end === -2 && !final) return at;
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
