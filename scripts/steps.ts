import { spawn } from "node:child_process";

/** One command of a longer job. */
export type Step = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
};

/** Runs a command with its output shown; resolves to its exit code. */
export const run = ({ command, args, cwd }: Step): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...(cwd === undefined ? {} : { cwd }) });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      resolve(code ?? (signal === null ? 1 : 128));
    });
  });

/** Runs every step even if one fails; resolves to the names of those that did. */
export const runAll = async (steps: readonly Step[]): Promise<readonly string[]> => {
  const failed: string[] = [];
  for (const step of steps) {
    const startedAt = performance.now();
    process.stdout.write(`\n== ${step.name}\n`);
    const code = await run(step);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(
      `== ${step.name}: ${code === 0 ? "ok" : `FAILED (${code})`}, ${seconds} s\n`,
    );
    if (code !== 0) failed.push(step.name);
  }
  return failed;
};
