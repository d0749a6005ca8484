// Installs what pnpm-lock.yaml says, unless exactly that is installed already. Plain JavaScript, since
// it runs on whatever Node the machine has. Everything it says goes to standard error.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const pnpm = "pnpm@12.21.0";

/** What an installation follows from. */
const inputs = [
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "package.json",
  "bench/package.json",
  "examples/package.json",
  "test/package.json",
  ...readdirSync(join(root, "packages"))
    .sort()
    .map((name) => `packages/${name}/package.json`),
].filter((file) => existsSync(join(root, file)));

const digest = createHash("sha256");
for (const file of inputs) digest.update(file).update(readFileSync(join(root, file)));
const wanted = `${process.platform} ${process.arch} ${digest.digest("hex")}\n`;

/** Holds the digest of the last installation that succeeded. */
const stamp = join(root, "node_modules", ".setup-done");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  const { status, error } = spawnSync("npx", ["-y", pnpm, "install", "--frozen-lockfile"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (error) process.stderr.write(`Cannot run npx: ${error.message}\n`);
  if (status === 0) writeFileSync(stamp, wanted);
  process.exitCode = status ?? 1;
}
