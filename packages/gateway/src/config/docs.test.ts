import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatFault } from "./fault.ts";
import { loadConfig } from "./load-config.ts";

const docs = join(import.meta.dirname, "../../../../docs");
const page = ["adding-a-provider.md", "failover.md"]
  .map((name) => readFileSync(join(docs, name), "utf8"))
  .join("\n");
const blocks = [...page.matchAll(/```yaml\n(?<text>.*?)```/gsu)].map(
  ({ groups }) => groups?.["text"] ?? "",
);

test.each(blocks)("a configuration in the docs loads: %s", (text) => {
  const names = [...text.matchAll(/\$\{(?<name>\w+)\}/gu)].map(
    ({ groups }) => [groups?.["name"] ?? "", "sk-1"] as const,
  );
  const loaded = loadConfig({ file: "pointsman.yaml", text, env: Object.fromEntries(names) });
  expect(loaded.ok ? [] : loaded.faults.map(formatFault)).toEqual([]);
});

test("there are some", () => {
  expect(blocks.length).toBeGreaterThanOrEqual(2);
});
