const sentinels: readonly Buffer[] = [Buffer.from("\ndata: [DONE]"), Buffer.from("\ndata:[DONE]")];

/** One byte less than the longest sentinel can lie before a cut. */
const keptBytes = 12;

/** Tells when `data: [DONE]` has gone by at a line's start, wherever the bytes are cut. */
export interface DoneDetector {
  /** `true` from the chunk that completes the sentinel. */
  push(chunk: Uint8Array): boolean;
}

/** Makes a detector at the start of a stream. A line within JSON cannot begin so: its newlines are escaped. */
export const createDoneDetector = (): DoneDetector => {
  let tail: Buffer = Buffer.from("\n");
  let done = false;
  return {
    push: (chunk) => {
      if (done) return true;
      const seam = Buffer.concat([tail, chunk.subarray(0, keptBytes)]);
      const whole = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      done = sentinels.some((sentinel) => seam.includes(sentinel) || whole.includes(sentinel));
      tail =
        whole.length >= keptBytes
          ? Buffer.from(whole.subarray(-keptBytes))
          : Buffer.concat([tail, whole]).subarray(-keptBytes);
      return done;
    },
  };
};
