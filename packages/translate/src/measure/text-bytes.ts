/** Texts up to this length are counted, longer ones sampled. */
const COUNTED = 128;
const SAMPLES = 64;

const bytesOfUnit = (unit: number): number => {
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  // Half of a surrogate pair, whose four bytes are two units.
  return unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
};

/** The same for byte text, whose characters are bytes; only escapes make others of it. */
const bytesOfByteUnit = (unit: number): number => (unit < 0x100 ? 1 : bytesOfUnit(unit));

const estimate = (text: string, bytesOf: (unit: number) => number): number => {
  const { length } = text;
  let bytes = 0;
  if (length <= COUNTED) {
    for (let at = 0; at < length; at++) bytes += bytesOf(text.charCodeAt(at));
    return bytes;
  }
  const step = length / SAMPLES;
  for (let sample = 0; sample < SAMPLES; sample++) {
    bytes += bytesOf(text.charCodeAt(Math.floor(sample * step)));
  }
  return Math.round((length * bytes) / SAMPLES);
};

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
/** Places in the bytes of a JSON string that are looked at, and so many bytes at each. */
const PLACES = 16;
const PLACE_BYTES = 64;

/** Bytes that `\uXXXX` stands for. */
const bytesOfEscape = (bytes: Uint8Array, digits: number): number => {
  let unit = 0;
  for (let at = digits; at < digits + 4; at++) {
    const code = bytes[at] ?? 0;
    unit = unit * 16 + (code <= 0x39 ? code - 0x30 : (code & 0x0f) + 9);
  }
  return bytesOfUnit(unit);
};

/** Bytes of the character, or of the escape, that begins at `at`. */
const lengthAt = (bytes: Uint8Array, at: number): number => {
  if (bytes[at] !== BACKSLASH) return 1;
  return bytes[at + 1] === LETTER_U ? 6 : 2;
};

/** `at`, or the end of the escape that it lies in. */
const beyondEscape = (bytes: Uint8Array, start: number, at: number): number => {
  for (let before = at - 1; before >= Math.max(start, at - 5); before--) {
    if (bytes[before] !== BACKSLASH) continue;
    let first = before;
    const earliest = Math.max(start, before - PLACE_BYTES);
    while (first > earliest && bytes[first - 1] === BACKSLASH) first--;
    // An even number of them is escapes of themselves.
    const isEscape = (before - first) % 2 === 0;
    return isEscape ? Math.max(at, before + lengthAt(bytes, before)) : at;
  }
  return at;
};

/**
 * UTF-8 bytes that the bytes of a JSON string stand for: exact where nothing is escaped, else by what is escaped
 * at 16 evenly spaced places.
 */
export const estimateEscapedBytes = (bytes: Uint8Array, start: number, end: number): number => {
  const step = (end - start) / PLACES;
  let seen = 0;
  let meant = 0;
  for (let place = 0; place < PLACES; place++) {
    let at = beyondEscape(bytes, start, Math.floor(start + place * step));
    const to = Math.min(at + PLACE_BYTES, end);
    while (at < to) {
      const length = lengthAt(bytes, at);
      meant += length === 6 ? bytesOfEscape(bytes, at + 2) : 1;
      seen += length;
      at += length;
    }
  }
  return Math.round(((end - start) * meant) / seen);
};

/**
 * UTF-8 bytes of `text`: exact up to 128 characters; longer ones are the length times the mean of 64
 * evenly spaced characters, exact for pure ASCII and within a few per cent for evenly mixed text. It
 * costs the same whatever the length.
 */
export const estimateUtf8Bytes = (text: string): number => estimate(text, bytesOfUnit);

/**
 * UTF-8 bytes that a string parsed from byte text stands for: exact but for `\u` escapes, which are
 * estimated.
 */
export const estimateByteTextBytes = (text: string): number => estimate(text, bytesOfByteUnit);
