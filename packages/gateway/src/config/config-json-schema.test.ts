import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configJsonSchema } from "./config-json-schema.ts";

test("the committed schema is up to date (scripts/write-config-schema.ts writes it)", () => {
  const committed = readFileSync(new URL("../../pointsman.schema.json", import.meta.url), "utf8");
  expect(configJsonSchema()).toBe(committed);
});

test("an editor learns defaults, and that other keys are wrong", () => {
  expect(JSON.parse(configJsonSchema())).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    additionalProperties: false,
    required: ["providers"],
    properties: { exploration: { default: 0.02 } },
  });
});
