import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { unpackChromium } from "./chromium.ts";
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
  await unpackChromium(signal);
  writeFileSync(stamp, wanted);
};

/** Builds and packs core and the client, installs the tarballs, and nothing else, into a folder, and writes the program there. */
export const installPacked = async (folder: string, signal: AbortSignal): Promise<void> => {
  const packages = ["core", "sdk"].map((name) => join(root, "packages", name));
  await execute({ command: "tsc", args: ["-b", ...packages], cwd: root, signal });
  const tarballs = packages.map((cwd) => ({ cwd, file: `${basename(cwd)}.tgz` }));
  for (const { cwd, file } of tarballs) {
    const args = ["-y", "pnpm@12.21.0", "pack", "--out", join(folder, file)];
    await execute({ command: "npx", args, cwd, signal });
  }
  const manifest = { private: true, type: "module", dependencies: {} };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const files = tarballs.map(({ file }) => `./${file}`);
  await execute({
    command: "npm",
    args: ["install", ...files, "--no-audit", "--no-fund", "--loglevel=error"],
    cwd: folder,
    signal,
  });
  await writeProgram(folder, signal);
};
