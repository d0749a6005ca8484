import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAll } from "./steps.ts";
import type { Step } from "./steps.ts";

/**
 * Holds the reports of what packages export to what was built, packs every published package and tests the
 * tarballs as a user gets them: publint, attw, and an installation into an empty folder where every entry
 * point can be imported, the packed core decides and the packed CLI starts.
 */
const root = join(import.meta.dirname, "..");
const packages = readdirSync(join(root, "packages"));
const folder = mkdtempSync(join(tmpdir(), "pointsman-packed-"));

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, unknown>>;
};

const manifest = (name: string): Manifest =>
  // Written by this project: it has this shape.
  JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as Manifest;

const tarballOf = (name: string): string => {
  const { name: published, version } = manifest(name);
  return join(folder, `${published.replace("@", "").replace("/", "-")}-${version}.tgz`);
};

const surfaces: Step = {
  name: "public surfaces",
  command: "node",
  args: [join(root, "scripts", "api-reports.ts"), "--check"],
};

const pack: readonly Step[] = packages.map((name) => ({
  name: `pack ${name}`,
  command: "npx",
  args: ["-y", "pnpm@12.21.0", "pack", "--pack-destination", folder],
  cwd: join(root, "packages", name),
}));

const lint: readonly Step[] = packages.flatMap((name) => [
  { name: `publint ${name}`, command: "publint", args: ["--strict", tarballOf(name)] },
  // The CLI has no entry points to resolve.
  ...(name === "cli"
    ? []
    : [
        {
          name: `attw ${name}`,
          command: "attw",
          args: ["--profile", "esm-only", "--no-emoji", tarballOf(name)],
        },
      ]),
]);

const user = join(folder, "user");
const files = Object.fromEntries(
  packages.map((name) => [manifest(name).name, `file:${tarballOf(name)}`]),
);

const prepareUser: Step = {
  name: "install the tarballs",
  command: "npm",
  args: ["install", "--prefix", user, "--no-audit", "--no-fund", "--loglevel=error"],
};

const decide = `
import { createRouterState, decide, flatSchedule } from "@pointsman/core";
const offering = (provider, input) => ({
  id: provider + "/m", provider, providerModelId: "m", model: "m", region: null,
  price: flatSchedule({ input, output: 10 }),
  cache: { mode: "none", minimumTokens: 0, blockTokens: 1, ttlSeconds: null, oneHour: false },
  contextWindow: 1000, maxOutputTokens: 100, wires: ["chat_completions"], capabilities: {},
  unsupportedParameters: [], dataPolicy: "none", tier: "standard", quantization: null, enabled: true,
});
const state = createRouterState({ offerings: [offering("dear", 5), offering("cheap", 1)] });
const decision = decide(state, {
  workspace: "w", models: ["m"], mode: "pool",
  needs: { endpoint: "chat_completions", capabilities: [], parameters: [] },
  credentials: ["dear", "cheap"].map((provider) => ({ id: provider, provider, owner: "platform" })),
  prompt: { bytes: 400 }, prefix: [], stream: false, strategy: "cost-focus",
  ttftPercentile: "p50", throughputPercentile: "p50", constraints: {}, maxFallbackAttempts: 3,
}, { nowMs: 0, seed: 1 });
const [first] = decision.candidates;
if (first?.offering.provider !== "cheap") throw new Error("expected cheap first");
console.log("packed core decides:", first.offering.id);
`;

/** Every entry point, by the name its users know it by; what an optional peer is needed for is left out. */
const entries = packages.flatMap((name) => {
  const { name: published, exports = {}, peerDependenciesMeta: peers = {} } = manifest(name);
  return Object.keys(exports)
    .filter((path) => !path.endsWith(".json") && !Object.hasOwn(peers, path.slice(2)))
    .map((path) => `${published}${path.slice(1)}`);
});

const failed: string[] = [];
try {
  failed.push(...(await runAll([surfaces, ...pack])));
  failed.push(...(await runAll(lint)));
  mkdirSync(user, { recursive: true });
  writeFileSync(
    join(user, "package.json"),
    // `overrides` keeps the packages' own dependencies on the tarballs, too.
    JSON.stringify({ private: true, type: "module", dependencies: files, overrides: files }),
  );
  writeFileSync(join(user, "decide.mjs"), decide);
  writeFileSync(
    join(user, "entries.mjs"),
    entries.map((entry) => `await import(${JSON.stringify(entry)});\n`).join(""),
  );
  failed.push(
    ...(await runAll([
      prepareUser,
      { name: "packed entry points", command: "node", args: ["entries.mjs"], cwd: user },
      { name: "packed core", command: "node", args: ["decide.mjs"], cwd: user },
      {
        name: "packed CLI",
        command: "node",
        args: ["node_modules/pointsman/bin/pointsman.js", "explain", "gpt-4o", "Hello"],
        cwd: user,
      },
    ])),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed.length > 0) {
  process.stdout.write(`\nFailed: ${failed.join(", ")}.\n`);
  process.exitCode = 1;
}
