import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "./load-config.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/);
const text = fc.string({ minLength: 1, unit: "grapheme" });
const usd = fc.nat({ max: 10 ** 9 }).map((pico) => Number(`${pico}e-6`));
const budget = fc.record(
  { period: fc.constantFrom("daily", "total"), limitUsd: fc.constant(1.5), enforce: fc.boolean() },
  { requiredKeys: ["period", "limitUsd"] },
);
const rates = { input: usd, output: usd, cacheRead: usd };

const file = fc.record(
  {
    server: fc.record(
      { host: fc.constantFrom("localhost", "0.0.0.0", "::", "a.example"), port: fc.nat(65_535) },
      { requiredKeys: [] },
    ),
    workspaces: fc.tuple(
      fc.record(
        {
          id: fc.constant("default"),
          name: text,
          buffer: fc.constantFrom(0, 128, "whole"),
          hedge: fc.constantFrom("off", {}, { budgetShare: 0.1 }),
          routing: fc.record(
            { optimize: fc.constantFrom("cost", "tps"), prefer: name, only_byok: fc.boolean() },
            { requiredKeys: [] },
          ),
          budgets: fc.array(budget, { maxLength: 1 }),
        },
        { requiredKeys: [] },
      ),
    ),
    keys: fc.uniqueArray(
      fc.record({ key: text, name: text, rateLimitRpm: fc.constant(3) }, { requiredKeys: ["key"] }),
      { selector: ({ key }) => key, maxLength: 3 },
    ),
    aliases: fc.constantFrom({}, { "1.0": "2.0", "2.0": "m" }),
    exploration: fc.double({ min: 0, max: 1, noNaN: true }),
    providers: fc.dictionary(
      name,
      fc.record(
        {
          apiKeys: fc.array(text, { maxLength: 2 }),
          baseUrl: fc.constant("https://example.com/v1/"),
          models: fc.dictionary(
            name.map((id) => `m/${id}`),
            fc.record(
              { id: text, price: fc.record(rates), capabilities: fc.constant({ tools: false }) },
              { requiredKeys: [] },
            ),
          ),
        },
        { requiredKeys: [] },
      ),
      { maxKeys: 3 },
    ),
  },
  { requiredKeys: ["providers"] },
);

const escapeTexts = (_key: unknown, value: unknown): unknown =>
  typeof value === "string" ? value.replaceAll("${", () => "$${") : value;

const load = (value: unknown) =>
  loadConfig({ file: "f.yaml", text: stringify(value, escapeTexts), env: {} });

test("a complete configuration, written as a file, loads as itself", () => {
  fc.assert(
    fc.property(file, (value) => {
      const first = load(value);
      if (!first.ok) throw new Error(JSON.stringify(first.faults));
      const again = load(first.config);
      expect(again.ok ? again.config : again.faults).toEqual(first.config);
    }),
  );
});
