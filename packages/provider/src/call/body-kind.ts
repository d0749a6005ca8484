/** What an answer's body is, told by its first byte: content types lie too often to be believed. */
export type BodyKind = "json" | "events" | "page";

const isBlank = (byte: number): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

const isByteOrderMark = (byte: number): boolean => byte === 0xef || byte === 0xbb || byte === 0xbf;

/** Judges the first bytes of a body; `null` = only blanks so far, which some vendors send as a sign of life. */
export const bodyKindOf = (bytes: Uint8Array): BodyKind | null => {
  const first = bytes.find((byte) => !isBlank(byte) && !isByteOrderMark(byte));
  switch (first) {
    case undefined:
      return null;
    case 0x7b: // {
    case 0x5b: // [
      return "json";
    case 0x3c: // <
      return "page";
    default:
      return "events";
  }
};
