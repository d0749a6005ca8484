import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

type Module = { readonly name: string; readonly file: string };

/** Every script of the installed core under its own path, and its two entry points. */
const modulesOf = (folder: string): { readonly files: Module[]; readonly entries: string[] } => {
  const root = join(folder, "node_modules", "@pointsman", "core");
  const scripts = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" });
  const core = scripts
    .filter((name) => name.endsWith(".js"))
    .map((name) => ({
      name: `@pointsman/core/dist/${name}`,
      file: join("node_modules", "@pointsman", "core", "dist", name),
    }));
  const own = ["worker.js", "decisions.js"].map((name) => ({ name, file: name }));
  return {
    files: [...own, ...core],
    entries: [
      `(name = "@pointsman/core", esModule = "export * from './core/dist/index.js';")`,
      `(name = "@pointsman/core/testing", esModule = "export * from './dist/testing.js';")`,
    ],
  };
};

/** A worker of the program `decisions.js` and the installed core, behind a free loopback port. */
export const decisionsConfig = (folder: string): string => {
  const { files, entries } = modulesOf(folder);
  const modules = [
    ...files.map(({ name, file }) => `(name = "${name}", esModule = embed "${file}")`),
    ...entries,
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = "2026-11-01",
    modules = [
      ${modules.join(",\n      ")},
    ],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;
};

/** A worker of one script, with the loopback as all the internet there is, behind a free port. */
export const bundledConfig = (
  script: string,
  bindings: Readonly<Record<string, string>> = {},
): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      compatibilityDate = "2026-11-01",
      modules = [(name = "worker.js", esModule = embed "${script}")],
      bindings = [${Object.entries(bindings)
        .map(([name, value]) => `(name = "${name}", text = "${value}")`)
        .join(", ")}],
    )),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

/** The port workerd says it listens on. */
const listensOn = async (lines: AsyncIterable<string>): Promise<number> => {
  for await (const line of lines) {
    // One JSON object a line on the control descriptor.
    const event = JSON.parse(line) as { readonly event: string; readonly port?: number };
    if (event.event === "listen" && event.port !== undefined) return event.port;
  }
  throw new Error("workerd ended before it listened");
};

/**
 * Serves a configuration in workerd, asks it once, and ends it.
 *
 * @throws Error if workerd does not start or answers with an error.
 */
export const askWorkerd = async (options: {
  readonly binary: string;
  /** What the configuration's paths are relative to. */
  readonly folder: string;
  readonly config: string;
  readonly path: string;
  /** Sent by POST. @default none, asked by GET */
  readonly body?: string;
  readonly signal: AbortSignal;
}): Promise<{ readonly headers: Headers; readonly text: string }> => {
  const { binary, folder, config, path, body, signal } = options;
  await writeFile(join(folder, "config.capnp"), config);
  const child = spawn(binary, ["serve", "config.capnp", "--control-fd=1"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", resolve);
    child.once("error", resolve);
  });
  const stop = (): boolean => child.kill("SIGKILL");
  signal.addEventListener("abort", stop);
  try {
    const port = await listensOn(createInterface({ input: child.stdout }));
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      signal,
      ...(body === undefined ? {} : { method: "POST", body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`workerd answered ${answer.status}: ${text}`);
    return { headers: answer.headers, text };
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
    await ended;
  }
};
