import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** Receives what a decompressor yields; exactly one of `onEnd` and `onError` comes last. */
export type DecompressSink = {
  onData(chunk: Buffer): void;
  onEnd(): void;
  onError(error: Error): void;
};

/** A compressed body on its way to plain bytes. */
export interface Decompressor {
  write(chunk: Buffer): void;
  end(): void;
  pause(): void;
  resume(): void;
  destroy(): void;
}

const makers = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;

const isKnown = (encoding: string): encoding is keyof typeof makers =>
  Object.hasOwn(makers, encoding);

/**
 * Makes the decompressor of a `content-encoding`; `null` if the body is plain, or the coding unknown
 * (its bytes then fail as a bad answer further on).
 */
export const createDecompressor = (
  encoding: string | undefined,
  sink: DecompressSink,
): Decompressor | null => {
  const name = encoding?.trim().toLowerCase() ?? "";
  if (!isKnown(name)) return null;
  const stream = makers[name]();
  stream.on("data", (chunk: Buffer) => sink.onData(chunk));
  stream.on("end", () => sink.onEnd());
  stream.on("error", (error) => sink.onError(error));
  return {
    write: (chunk) => void stream.write(chunk),
    end: () => void stream.end(),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    destroy: () => void stream.destroy(),
  };
};
