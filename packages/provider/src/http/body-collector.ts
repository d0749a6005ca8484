/** Largest whole answer that is read, bytes. */
export const maxReplyBytes: number = 64 * 1024 * 1024;

/** As much of an error body as is read, bytes. */
export const maxErrorBytes: number = 64 * 1024;

/** Gathers a body up to a bound. */
export interface BodyCollector {
  /** `false` = the bound is passed; what fitted stays. */
  push(chunk: Buffer): boolean;
  bytes(): Buffer;
}

/** Makes a collector that keeps at most `maxBytes` bytes. */
export const createBodyCollector = (maxBytes: number): BodyCollector => {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    push: (chunk) => {
      const fits = size + chunk.length <= maxBytes;
      const kept = fits ? chunk : chunk.subarray(0, maxBytes - size);
      chunks.push(kept);
      size += kept.length;
      return fits;
    },
    bytes: () => {
      const [only] = chunks;
      return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size);
    },
  };
};
