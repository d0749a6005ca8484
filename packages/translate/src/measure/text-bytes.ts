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
