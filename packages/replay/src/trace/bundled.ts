import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parseWorld } from "@pointsman/simulator";
import type { ReplayWorld } from "@pointsman/simulator";
import { readTrace } from "./read-trace.ts";
import type { Trace } from "./read-trace.ts";

/** Traces and worlds that come with the package, by the names they can be asked for with. */
export const bundledTraces = ["mooncake-conversation", "made-sessions", "azure-conv-2023"] as const;

const worldFiles: Readonly<Record<string, string>> = {
  A: "A-deepseek-v3.2.json",
  B: "B-claude-sonnet-4.6.json",
  C: "C-deepseek-v3.2.json",
};

export const bundledWorlds: readonly string[] = Object.keys(worldFiles);

const dataFile = (path: string): string =>
  fileURLToPath(new URL(`../../data/${path}`, import.meta.url));

const existing = (file: string, what: string, names: readonly string[]): string => {
  if (!existsSync(file)) {
    throw new RangeError(`no ${what} "${file}"; give a file or one of ${names.join(", ")}`);
  }
  return file;
};

/**
 * A trace by the name of a bundled one or by file.
 *
 * @throws RangeError if there is none, or as `readTrace`.
 */
export const openTrace = (
  nameOrFile: string,
  options: { readonly limit?: number } = {},
): Promise<Trace> => {
  const isBundled = bundledTraces.some((name) => name === nameOrFile);
  const file = isBundled
    ? dataFile(`traces/${nameOrFile}.jsonl.gz`)
    : existing(nameOrFile, "trace", bundledTraces);
  const name = basename(file).replace(/\.jsonl(\.gz)?$/, "");
  return readTrace(file, { ...options, name });
};

/**
 * A world by the letter of a bundled one or by file.
 *
 * @throws RangeError if there is none, or if it is no world file.
 */
export const openWorld = (nameOrFile: string): ReplayWorld => {
  const bundled = worldFiles[nameOrFile];
  const file =
    bundled === undefined
      ? existing(nameOrFile, "world", bundledWorlds)
      : dataFile(`worlds/${bundled}`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new RangeError(`${file} is not JSON`, { cause: error });
  }
  return parseWorld(content);
};
