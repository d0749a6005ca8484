import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type Command = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Besides this process's own. @default none */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

const run = promisify(execFile);

/**
 * Runs a command to its end; resolves to its standard output.
 *
 * @throws Error with the command's standard error if it fails or the signal fires.
 */
export const execute = async (command: Command): Promise<string> => {
  const { args, cwd, env, signal } = command;
  const { stdout } = await run(command.command, args, {
    cwd,
    signal,
    env: { ...process.env, ...env },
    maxBuffer: 64 * 2 ** 20,
  });
  return stdout;
};
