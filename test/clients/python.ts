import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** A list of `requirements`, each of which has a folder of its own. */
type List = "clients" | "crewai";

const programOf = (list: List, name: string): string =>
  join(root, "node_modules", ".cache", "python", list, "bin", name);

/** Whether `npm run test:clients` has put the Python clients where they are looked for. */
export const hasPythonClients = existsSync(programOf("clients", "python"));

export type Ran = { readonly code: number | null; readonly output: string };

/** Runs a program of a Python folder to its end. */
export const runPython = (options: {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** @default "python" */
  readonly program?: string;
  /** @default "clients" */
  readonly list?: List;
  /** Folder it runs in. @default the repository's */
  readonly cwd?: string;
}): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const { args, env, program = "python", list = "clients", cwd = root } = options;
    const child = spawn(programOf(list, program), args, {
      cwd,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
