import { concatBytes } from "../bytes/concat.ts";

const LF = 0x0a;
const CR = 0x0d;
const space = new Uint8Array([0x20]);

/** One SSE event, whatever its framing. */
export type SseEvent = {
  /** Where the next event starts. */
  readonly end: number;
  /** Data lines joined by a space (in JSON as good as the line break); `null` if it has none. */
  readonly data: Uint8Array | null;
  readonly event: string;
};

const ascii = (bytes: Uint8Array, start: number, end: number): string => {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
};

const lineEnd = (bytes: Uint8Array, start: number): number => {
  let at = start;
  while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++;
  return at;
};

/** Field value of a line whose name ends at `colon`, without one space after the colon. */
const valueStart = (bytes: Uint8Array, colon: number, end: number): number =>
  Math.min(bytes[colon + 1] === 0x20 ? colon + 2 : colon + 1, end);

/**
 * Reads the event that starts at `start`, lines ended by LF, CR or CR LF. `null` = it is not whole yet.
 * A CR that ends the bytes may be half a CR LF; the LF then reads as an empty event, which is none.
 * `final`: nothing more will come.
 */
export const readSseEvent = (bytes: Uint8Array, start: number, final: boolean): SseEvent | null => {
  const data: Uint8Array[] = [];
  let event = "";
  let at = start;
  for (;;) {
    const end = lineEnd(bytes, at);
    const isLast = end >= bytes.length;
    if (isLast && !final) return null;
    const next = end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);
    if (end > at) {
      const colon = bytes.subarray(at, end).indexOf(0x3a);
      const nameEnd = colon === -1 ? end : at + colon;
      const name = nameEnd - at > 5 ? "" : ascii(bytes, at, nameEnd);
      const from = colon === -1 ? end : valueStart(bytes, nameEnd, end);
      if (name === "data") {
        if (data.length > 0) data.push(space);
        data.push(bytes.subarray(from, end));
      } else if (name === "event") {
        event = ascii(bytes, from, end);
      }
    }
    if (end === at || isLast) {
      return {
        end: Math.min(next, bytes.length),
        data: data.length === 0 ? null : concatBytes(data),
        event,
      };
    }
    at = next;
  }
};
