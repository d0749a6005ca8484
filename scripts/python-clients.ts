import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Installs the Python clients that the tests drive, from the ordinary index: each list of requirements into a
 * folder of its own, once. There are two, since CrewAI and the Agents SDK want other versions of the same packages.
 */
const root = join(import.meta.dirname, "..");

const run = (command: string, args: readonly string[]): void => {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
};

for (const list of ["clients", "crewai"]) {
  const folder = join(root, "node_modules", ".cache", "python", list);
  const requirements = join(root, "test", "clients", "requirements", `${list}.txt`);
  const mark = join(folder, "requirements.txt");
  const wanted = readFileSync(requirements, "utf8");
  if (!existsSync(mark) || readFileSync(mark, "utf8") !== wanted) {
    mkdirSync(folder, { recursive: true });
    run("python3", ["-m", "venv", "--clear", folder]);
    run(join(folder, "bin", "pip"), ["install", "--quiet", "--requirement", requirements]);
    writeFileSync(mark, wanted);
  }
  process.stdout.write(`Python clients of ${list}.txt are in ${folder}\n`);
}
