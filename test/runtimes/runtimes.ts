import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromiumBinary, chromiumEnvironment, runInPage } from "./chromium.ts";
import { execute } from "./execute.ts";
import { askWorkerd, decisionsConfig } from "./workerd.ts";

type Place = {
  /** Holds the program and the installed core. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** @default "print.js" */
  readonly script?: string;
};

/** A JavaScript runtime the program can be run in. */
export type Runtime = {
  readonly name: string;
  readonly binary: string;
  /** What the binary needs, beside this process's own. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves to what the program prints. */
  readonly run: (place: Place) => Promise<string>;
};

const { arch, platform } = process;
const packageFile = (...path: readonly string[]): string =>
  join(import.meta.dirname, "node_modules", ...path);

/** A runtime that takes a script on its command line. */
const script = (
  name: string,
  binary: string,
  args: readonly string[] = [],
  env: (folder: string) => Readonly<Record<string, string>> = () => ({}),
): Runtime => ({
  name,
  binary,
  run: ({ folder, signal, script: file = "print.js" }) =>
    execute({
      command: binary,
      args: [...args, file],
      cwd: folder,
      env: env(folder),
      signal,
    }),
});

/** The Node this runs on: 24 wherever the workspace brings its own. All others are held to it. */
export const reference: Runtime = script(
  `Node ${process.versions.node.split(".")[0] ?? ""}`,
  process.execPath,
);

const bunArch = arch === "arm64" ? "aarch64" : arch;
const workerdArch = arch === "x64" ? "64" : arch;

export const workerd: Runtime = {
  name: "workerd",
  binary: packageFile("@cloudflare", `workerd-${platform}-${workerdArch}`, "bin", "workerd"),
  run: async ({ folder, signal }) => {
    const config = decisionsConfig(folder);
    const { text } = await askWorkerd({
      binary: workerd.binary,
      folder,
      config,
      path: "/",
      signal,
    });
    return text;
  },
};

export const chromium: Runtime = {
  name: "Chromium",
  binary: chromiumBinary,
  env: chromiumEnvironment,
  run: ({ script: file = "print.js", ...place }) => runInPage({ ...place, script: file }),
};

/** All but the reference, whether they are there or not. */
export const others: readonly Runtime[] = [
  script("Node 22", packageFile(`node-22-${platform}-${arch}`, "bin", "node")),
  script("Node 26", packageFile(`node-26-${platform}-${arch}`, "bin", "node")),
  script("Bun", packageFile("@oven", `bun-${platform}-${bunArch}`, "bin", "bun"), ["--no-install"]),
  script(
    "Deno",
    packageFile("@deno", `${platform}-${arch}-glibc`, "deno"),
    // Only what the tarball's installation holds: nothing is fetched.
    [
      "run",
      "--no-prompt",
      "--no-remote",
      "--cached-only",
      "--node-modules-dir=manual",
      "--allow-net=127.0.0.1",
    ],
    (folder) => ({ DENO_DIR: join(folder, ".deno"), DENO_NO_UPDATE_CHECK: "1" }),
  ),
  workerd,
  chromium,
];

/** On this platform every runtime is published, so one that is missing is a fault. */
export const allMustRun = platform === "linux" && arch === "x64";

/** Why a runtime cannot be run here; `null` = it can. */
export const absenceOf = ({ name, binary }: Runtime): string | null =>
  existsSync(binary) ? null : `no ${name} for ${platform} ${arch} is installed (${binary})`;
