import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");
const recipes = join(root, "docs", "clients");
let served: Served;
/** Within `test`, whose packages the recipes use. */
let folder: string;
beforeAll(async () => {
  served = await serve();
  folder = mkdtempSync(join(root, "test", ".recipes-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await served.stop();
});

const env = (): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  POINTSMAN_BASE_URL: served.ready.url,
  POINTSMAN_API_KEY: served.ready.key ?? "",
});

test.each(["openai-node.ts", "anthropic-node.ts", "ai-sdk.ts", "sdk.ts"])(
  "docs/clients/%s runs as it stands",
  async (file) => {
    const copy = join(folder, file);
    writeFileSync(copy, readFileSync(join(recipes, file)));
    const args = ["--conditions=@pointsman/source", copy];
    const { stdout } = await run(process.execPath, args, { env: env(), timeout: 30_000 });
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("ok");
  },
);

test("docs/clients/curl.sh runs as it stands", async () => {
  const { stdout } = await run("sh", [join(recipes, "curl.sh")], { env: env(), timeout: 30_000 });
  expect(stdout).toContain('"routing_metadata"');
  expect(stdout).toContain("data: [DONE]");
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("ok");
});

test("every recipe is in the list", () => {
  const list = readFileSync(join(recipes, "README.md"), "utf8");
  for (const file of readdirSync(recipes)) {
    if (file !== "README.md") expect(list).toContain(`(${file})`);
  }
});
