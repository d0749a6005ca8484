import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const probes: string[] = [];

type Diagnostic = { readonly message: string; readonly code: string };

/** Lints a file of the given source as if it stood in a package. */
const lint = async (name: string, source: string): Promise<readonly Diagnostic[]> => {
  const folder = join(root, "packages", name, "src", `lint-probe-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  probes.push(folder);
  const file = join(folder, "probe.ts");
  writeFileSync(file, source);
  const run = promisify(execFile)(
    process.execPath,
    [join(root, "node_modules", "oxlint", "bin", "oxlint"), "--format=json", file],
    { cwd: root },
  );
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
  const report = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] };
  return report.diagnostics;
};

const codes = (found: readonly Diagnostic[]): readonly string[] => found.map(({ code }) => code);

afterEach(() => {
  for (const folder of probes.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("the arrows between packages", () => {
  it.each([
    ["core", 'import { parseChatRequest } from "@pointsman/translate";\nparseChatRequest({});\n'],
    ["core", 'import { readFileSync } from "node:fs";\nreadFileSync("x");\n'],
    ["core", 'import { z } from "zod";\nz.string();\n'],
    ["translate", 'import { decide } from "@pointsman/core";\ndecide();\n'],
    ["translate", 'import { readFileSync } from "node:fs";\nreadFileSync("x");\n'],
    ["engine", 'import { loadCatalog } from "@pointsman/catalog";\nloadCatalog();\n'],
    ["store", 'import { readFileSync } from "node:fs";\nreadFileSync("x");\n'],
    ["store", 'import { loadCatalog } from "@pointsman/catalog";\nloadCatalog();\n'],
    ["provider", 'import { createEngine } from "@pointsman/engine";\ncreateEngine();\n'],
    [
      "gateway",
      'import { startSimulatedWorld } from "@pointsman/simulator";\nstartSimulatedWorld();\n',
    ],
    ["simulator", 'import { createProgram } from "pointsman";\ncreateProgram();\n'],
  ])("%s may not import what the table does not allow: %s", async (name, source) => {
    expect(codes(await lint(name, source))).toContain("eslint(no-restricted-imports)");
  });

  it.each([
    ["translate", 'import type { Usage } from "@pointsman/core";\nexport type U = Usage;\n'],
    ["store", 'import { reserveHold } from "@pointsman/core";\nexport const r = reserveHold;\n'],
    ["engine", 'import { decide } from "@pointsman/core";\nexport const d = decide;\n'],
  ])("%s may import what the table allows: %s", async (name, source) => {
    expect(await lint(name, source)).toEqual([]);
  });
});

describe("the purity of core", () => {
  it.each([
    "export const now = (): number => Date.now();\n",
    "export const f = (): unknown => fetch('http://127.0.0.1');\n",
    "export const t = (): unknown => setTimeout(() => {}, 1);\n",
    "export const p = (): unknown => process.env;\n",
    "export const r = (): number => performance.now();\n",
  ])("forbids clocks, timers and I/O: %s", async (source) => {
    expect(codes(await lint("core", source))).toContain("eslint(no-restricted-globals)");
  });

  it("forbids Math.random", async () => {
    const found = await lint("core", "export const r = (): number => Math.random();\n");
    expect(codes(found)).toContain("eslint(no-restricted-properties)");
  });
});
