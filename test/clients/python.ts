import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, "node_modules", ".cache", "python-clients", "bin");

/** Whether `npm run test:clients` has put the Python clients where they are looked for. */
export const hasPythonClients = existsSync(join(folder, "python"));

export type Ran = { readonly code: number | null; readonly output: string };

/** Runs a program of the Python clients' folder to its end. */
export const runPython = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  /** Folder it runs in. @default the repository's */
  cwd: string = root,
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(join(folder, program), args, {
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
