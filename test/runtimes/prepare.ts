import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "./execute.ts";
import { writeProgram } from "./program.ts";

const here = import.meta.dirname;
const root = join(here, "..", "..");

const contentOf = (file: string): string | null => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
};

/** Installs the runtimes as the lock file says, unless exactly those are there already. */
export const installRuntimes = async (signal: AbortSignal): Promise<void> => {
  const lock = readFileSync(join(here, "package-lock.json"), "utf8");
  const wanted = `${process.platform} ${process.arch}\n${lock}`;
  const stamp = join(here, "node_modules", ".installed");
  if (contentOf(stamp) === wanted) return;
  await execute({ command: "npm", args: ["ci", "--loglevel=error"], cwd: here, signal });
  writeFileSync(stamp, wanted);
};

/** Builds core and the client, packs core, installs the tarball, and nothing else, into a folder, and writes the program there. */
export const installCore = async (folder: string, signal: AbortSignal): Promise<void> => {
  const core = join(root, "packages", "core");
  const sdk = join(root, "packages", "sdk");
  await execute({ command: "tsc", args: ["-b", core, sdk], cwd: root, signal });
  await execute({
    command: "npx",
    args: ["-y", "pnpm@12.21.0", "pack", "--out", join(folder, "core.tgz")],
    cwd: core,
    signal,
  });
  const manifest = { private: true, type: "module", dependencies: {} };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  await execute({
    command: "npm",
    args: ["install", "./core.tgz", "--no-audit", "--no-fund", "--loglevel=error"],
    cwd: folder,
    signal,
  });
  await writeProgram(folder, signal);
};
