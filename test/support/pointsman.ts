import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "..", "..");
/** The command as a checkout has it. */
export const launcher = join(root, "packages", "cli", "bin", "pointsman.js");

/** The line `serve --json` prints. */
export type Ready = {
  readonly type: "ready";
  readonly url: string;
  readonly key: string | null;
  readonly admin_key: string | null;
  readonly simulated: boolean;
  readonly providers: readonly string[];
  readonly models: readonly string[];
};

/** A finished command. */
export type Finished = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** No variable of the machine's own may turn the simulated world into real providers. */
const cleanEnvironment = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  ...extra,
});

const launch = (
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; cwd?: string } = {},
): ChildProcess =>
  spawn(process.execPath, [launcher, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: cleanEnvironment(options.env),
    stdio: ["pipe", "pipe", "pipe"],
  });

const collect = (child: ChildProcess): { stdout: () => string; stderr: () => string } => {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return { stdout: () => stdout, stderr: () => stderr };
};

const exited = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once("exit", (code) => resolve(code));
  });

/** Runs a command of the CLI to its end. */
export const pointsman = async (
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; cwd?: string; input?: string } = {},
): Promise<Finished> => {
  const child = launch(args, options);
  const output = collect(child);
  child.stdin?.end(options.input ?? "");
  const code = await exited(child);
  return { code, stdout: output.stdout(), stderr: output.stderr() };
};

/** A gateway in a process of its own. */
export type Served = {
  readonly ready: Ready;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends SIGTERM and waits; resolves to the exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  readonly isRunning: () => boolean;
};

/** Starts `pointsman serve --port 0 --json`, with a configuration file of the text given. */
export const serve = async (
  options: { config?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Served> => {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-test-"));
  const file = join(folder, "pointsman.yaml");
  if (options.config !== undefined) writeFileSync(file, options.config);
  const child = launch(
    ["serve", "--port", "0", "--json", ...(options.config === undefined ? [] : ["--config", file])],
    { cwd: folder, ...(options.env === undefined ? {} : { env: options.env }) },
  );
  const output = collect(child);
  const line = await new Promise<string>((resolve, reject) => {
    if (child.stdout === null) throw new TypeError("stdout is piped");
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => {
      reject(new Error(`serve ended with ${code}: ${output.stderr()}`));
    });
  });
  return {
    // The line is checked by the test of the command itself.
    ready: JSON.parse(line) as Ready,
    stdout: output.stdout,
    stderr: output.stderr,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      const code = await exited(child);
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
};
