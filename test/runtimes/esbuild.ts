import { join } from "node:path";
import { execute } from "./execute.ts";

/** Bundles a script of a folder as one module; resolves to its text. */
export const bundle = (options: {
  readonly script: string;
  readonly cwd: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
}): Promise<string> => {
  const { script, cwd, args, signal } = options;
  const esbuild = join(import.meta.dirname, "node_modules", "esbuild", "bin", "esbuild");
  return execute({
    command: process.execPath,
    args: [esbuild, script, "--bundle", "--format=esm", "--log-level=warning", ...args],
    cwd,
    signal,
  });
};
