import { gzipSync } from "node:zlib";
import { bundle } from "./esbuild.ts";

/** Bytes of everything core exports as one minified module, plain and as gzip. */
export const bundleSizeOf = async (
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly minified: number; readonly gzip: number }> => {
  const script = Buffer.from(
    await bundle({ script: "whole.js", cwd: folder, args: ["--minify"], signal }),
  );
  return { minified: script.length, gzip: gzipSync(script, { level: 9 }).length };
};
