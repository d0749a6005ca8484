import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** A process of the benchmark that speaks lines of JSON on stdin and stdout. */
export type Child = {
  readonly name: string;
  readonly pid: number;
  /** The next line of stdout that is a JSON object; rejects if the process ends or stays silent. */
  readonly nextMessage: (timeoutMs: number) => Promise<Readonly<Record<string, unknown>>>;
  readonly send: (message: unknown) => void;
  /** SIGTERM, after two seconds SIGKILL; resolves when the process is gone. */
  readonly stop: () => Promise<void>;
};

type Process = ChildProcessByStdio<Writable, Readable, Readable>;

const running = new Set<Process>();

// The last net: whatever way this process ends, no child outlives it.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  process.once(signal, () => process.exit(code));

const parseObject = (line: string): Readonly<Record<string, unknown>> | null => {
  if (!line.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
};

const stopProcess = async (child: Process): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 2000);
  await gone;
  clearTimeout(timer);
};

/** Starts `node ...args` with this Node; throws if it cannot be started. */
export const startChild = (name: string, args: readonly string[], cwd?: string): Child => {
  const child: Process = spawn(process.execPath, [...args], {
    stdio: ["pipe", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  running.add(child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} could not be started`);

  let tail = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (chunk: string) => {
    tail = (tail + chunk).slice(-4000);
  });
  child.stdin.on("error", () => {
    // The process is gone; `exit` below tells whoever waits.
  });

  const queue: Readonly<Record<string, unknown>>[] = [];
  let wake: (() => void) | null = null;
  let ended = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = parseObject(line);
    if (message === null) return;
    queue.push(message);
    // A server's request log comes this way too; nobody reads it.
    if (queue.length > 64) queue.shift();
    wake?.();
  });
  child.on("exit", () => {
    running.delete(child);
    ended = true;
    wake?.();
  });

  const nextMessage: Child["nextMessage"] = async (timeoutMs) => {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const message = queue.shift();
      if (message !== undefined) return message;
      const left = deadline - performance.now();
      if (ended) throw new Error(`${name} ended (exit ${child.exitCode}):\n${tail}`);
      if (left <= 0) throw new Error(`${name} said nothing for ${timeoutMs} ms:\n${tail}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = null;
    }
  };

  return {
    name,
    pid,
    nextMessage,
    send: (message) => {
      child.stdin.write(`${JSON.stringify(message)}\n`);
    },
    stop: () => stopProcess(child),
  };
};
