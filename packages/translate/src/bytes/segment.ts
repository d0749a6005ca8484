/** Bytes to compare with, four at a time: reading words is several times faster than reading bytes. */
export type Segment = {
  readonly length: number;
  /** Little-endian words of all bytes but the last `length % 4`. */
  readonly words: Int32Array;
  readonly tail: Uint8Array;
};

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** A copy of `bytes` from `start` to `end`. */
export const createSegment = (bytes: Uint8Array, start: number, end: number): Segment => {
  const length = end - start;
  const view = viewOf(bytes);
  const words = new Int32Array(length >> 2);
  for (let index = 0; index < words.length; index++) {
    words[index] = view.getInt32(start + index * 4, true);
  }
  return { length, words, tail: new Uint8Array(bytes.subarray(start + words.length * 4, end)) };
};

/** Whether the segment stands at `at`; the caller sees to it that it fits. */
export const segmentStandsAt = ({ words, tail }: Segment, view: DataView, at: number): boolean => {
  const wordCount = words.length;
  for (let index = 0; index < wordCount; index++) {
    if (words[index] !== view.getInt32(at + (index << 2), true)) return false;
  }
  const tailAt = at + (wordCount << 2);
  for (let index = 0; index < tail.length; index++) {
    if (tail[index] !== view.getUint8(tailAt + index)) return false;
  }
  return true;
};
