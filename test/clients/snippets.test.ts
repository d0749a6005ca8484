import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadCatalog, offeringsOf } from "@pointsman/catalog";
import { startSimulatedWorld } from "@pointsman/simulator";
import type { SimulatedWorld } from "@pointsman/simulator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";
import { blocksOf, checked } from "./snippets.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** What the documents say, as programs; what they take for granted stands before it. */
const question = 'const messages = [{ role: "user" as const, content: "Hello!" }];\n';
const documents = {
  "sdk.ts": ["packages/sdk/README.md", `const model = "gpt-4o";\n${question}`],
  "ai-sdk.ts": ["packages/ai-sdk-provider/README.md", ""],
  "core.ts": ["packages/core/README.md", ""],
  "engine.ts": ["packages/engine/README.md", ""],
  "start.js": ["README.md", ""],
} as const;

let served: Served;
/** Providers that documents reach with keys of their own. */
let world: SimulatedWorld;
/** Within `test`, whose packages the documents use. */
let folder: string;
beforeAll(async () => {
  served = await serve();
  const catalog = loadCatalog();
  world = await startSimulatedWorld({
    pace: 0,
    providers: ["deepinfra", "groq"].map((id) => ({ id, offerings: offeringsOf(catalog, [id]) })),
  });
  folder = mkdtempSync(join(root, "test", ".snippets-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await served.stop();
  await world.close();
});

/** A program whose gateway and providers are on this machine. */
const here = (code: string): string =>
  world.providers.reduce(
    (program, { id, baseUrl }) =>
      program.replaceAll(`{ id: "${id}", `, `{ id: "${id}", baseUrl: "${baseUrl}", `),
    code.replaceAll("http://127.0.0.1:8787/v1", served.ready.url),
  );

const providerKeys = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    world.providers.map(({ id, apiKey }) => [`${id.toUpperCase()}_API_KEY`, apiKey]),
  );

test.each(Object.entries(documents))(
  "%s: what its document says runs",
  async (file, [document, before]) => {
    const blocks = blocksOf(read(document), ["ts", "js"]).map(checked);
    const code = `${before}${blocks.join("\n")}`;
    const program = join(folder, file);
    writeFileSync(program, here(code));
    const { stderr } = await run(process.execPath, ["--conditions=@pointsman/source", program], {
      env: {
        PATH: process.env["PATH"],
        POINTSMAN_BASE_URL: served.ready.url,
        POINTSMAN_API_KEY: served.ready.key ?? "",
        ...providerKeys(),
      },
      timeout: 30_000,
    });
    expect(stderr).toBe("");
  },
);

test("what documents and recipes say fits the types, as strict as they are", async () => {
  const recipes = join("docs", "clients");
  for (const name of readdirSync(join(root, recipes)).filter((name) => name.endsWith(".ts"))) {
    writeFileSync(join(folder, `recipe-${name}`), read(join(recipes, name)));
  }
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.base.json",
      compilerOptions: {
        composite: false,
        incremental: false,
        noEmit: true,
        types: ["node"],
        rewriteRelativeImportExtensions: false,
        allowImportingTsExtensions: true,
        // Of no use in what is shown for one call.
        noUnusedLocals: false,
        noPropertyAccessFromIndexSignature: false,
      },
      // What a user has of them: their declarations, as `tsc -b` has left them.
      references: [
        "core",
        "catalog",
        "engine",
        "provider-openai-compatible",
        "sdk",
        "ai-sdk-provider",
      ].map((name) => ({ path: `../../packages/${name}` })),
      include: ["*.ts"],
    }),
  );
  const faults = await run("tsc", ["-p", folder]).catch(({ stdout }: { stdout: string }) => stdout);
  expect(faults).toMatchObject({ stdout: "" });
});
