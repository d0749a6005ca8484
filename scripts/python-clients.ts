import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Installs the Python clients that the tests drive, from the ordinary index, into a folder of their own:
 * once for a list of requirements.
 */
const root = join(import.meta.dirname, "..");
const folder = join(root, "node_modules", ".cache", "python-clients");
const requirements = join(root, "test", "clients", "requirements.txt");
const mark = join(folder, "requirements.txt");

const run = (command: string, args: readonly string[]): void => {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
};

const wanted = readFileSync(requirements, "utf8");
if (!existsSync(mark) || readFileSync(mark, "utf8") !== wanted) {
  mkdirSync(folder, { recursive: true });
  run("python3", ["-m", "venv", "--clear", folder]);
  run(join(folder, "bin", "pip"), ["install", "--quiet", "--requirement", requirements]);
  writeFileSync(mark, wanted);
}
process.stdout.write(`Python clients are in ${folder}\n`);
