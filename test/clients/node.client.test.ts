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

test("by the environment alone", async () => {
  const list = readFileSync(join(recipes, "README.md"), "utf8");
  const exported = list.matchAll(/(?<name>[A-Z_]+)=(?<value>\S+)/gu);
  const given = Object.fromEntries(
    [...exported].map(({ groups: { name = "", value = "" } = {} }) => [
      name,
      value
        .replace("http://127.0.0.1:8787", new URL(served.ready.url).origin)
        .replace("$POINTSMAN_API_KEY", served.ready.key ?? ""),
    ]),
  );
  const program = join(folder, "environment.ts");
  writeFileSync(
    program,
    `import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
const messages = [{ role: "user", content: "Hello!" }];
await new OpenAI().chat.completions.create({ model: "gpt-4o", messages });
for (const name of ["ANTHROPIC_MODEL", "ANTHROPIC_DEFAULT_HAIKU_MODEL"]) {
  const model = process.env[name];
  await new Anthropic().messages.create({ model, max_tokens: 99, messages });
}
`,
  );
  const options = { env: { ...env(), ...given }, timeout: 30_000 };
  await expect(run(process.execPath, [program], options)).resolves.toMatchObject({ stderr: "" });
});

test("every recipe is in the list", () => {
  const list = readFileSync(join(recipes, "README.md"), "utf8");
  for (const file of readdirSync(recipes)) {
    if (file !== "README.md") expect(list).toContain(`(${file})`);
  }
});
