import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const key = "sk-proj-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA";
const redact = createRedactor([key]);

test.each([
  [`Incorrect API key provided: ${key}.`, "Incorrect API key provided: [redacted]."],
  [
    "Incorrect API key provided: sk-proj-********5MA. Find yours",
    "Incorrect API key provided: [redacted]. Find yours",
  ],
  ["Incorrect key: sk-pr...5MA", "Incorrect key: [redacted]"],
  ["Authorization: Bearer abcdefghijklmnop was refused", "Authorization: [redacted] was refused"],
  ["key ending in 5MA0 is not that", "key ending in 5MA0 is not that"],
  ["key ending in 0MA", "key ending in 0MA"],
  [`key ending in ${key.slice(-4)}`, "key [redacted]"],
  ["the key AIzaSyA1234567890abcdef is wrong", "the key [redacted] is wrong"],
  ["bearer authentication failed", "bearer authentication failed"],
  ["model gpt-5 not found", "model gpt-5 not found"],
])("%s", (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test("no secret survives, wherever it stands", () => {
  const secrets = fc.stringMatching(/^[A-Za-z0-9+/_-]{8,60}$/);
  fc.assert(
    fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
      expect(createRedactor([secret])(`${before}${secret}${after}`)).not.toContain(secret);
    }),
  );
});

test("long text is cut, and hostile text takes no square time", () => {
  expect(redact("word ".repeat(100_000)).length).toBeLessThan(1_100);
  expect(redact("a".repeat(64 * 1024)).length).toBeLessThan(1_100);
});
