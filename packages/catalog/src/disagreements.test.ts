import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describePrices } from "./describe-prices.ts";
import { loadCatalog } from "./load-catalog.ts";
import { providerTable } from "./provider/provider-table.ts";

/**
 * Every pair of prices in which the two sources differ, and the rule that settles it:
 *
 * - `later`     the later source's value holds (the rule; what is not named below)
 * - `no rate`   a cache rate of 0 beside a positive input price is no rate
 * - `as …`      priced as another model, by an override
 * - `earlier`   the later source's entry is not of this model, by an override
 * - `removed`   the rate is not there, by an override
 * - `pinned …`  an alias: requests go to the model named
 * - `left out`  no chat model
 */
const exceptions: Readonly<Record<string, string>> = {
  "openai gpt-3.5-turbo cache_read": "no rate",
  "zai glm-5.2 cache_write": "no rate",
  "google gemini-2.5-flash-image cache_read": "removed",
  "deepseek deepseek-chat": "as deepseek-v4-flash",
  "deepseek deepseek-reasoner": "as deepseek-v4-flash",
  "groq openai/gpt-oss-safeguard-20b": "earlier",
  "mistral mistral-large-latest": "pinned mistral-large-2512",
  "mistral mistral-medium-latest": "pinned mistral-medium-2604",
  "mistral mistral-small-latest": "pinned mistral-small-2603",
  "mistral ministral-8b-latest": "pinned ministral-8b-2512",
  "mistral mistral-embed": "left out",
};

const value = z.union([z.number(), z.string()]).nullable();
const { rows } = z
  .object({
    rows: z.array(
      z.object({
        provider: z.string(),
        model: z.string(),
        diffs: z.array(z.object({ field: z.string(), models_dev: value, genai: value })),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("fixtures/disagreements.json", import.meta.url), "utf8")));

const catalog = loadCatalog();
const cases = rows.flatMap(({ provider, model, diffs }) =>
  diffs.map((diff) => ({
    provider: providerTable.find(({ modelsDevId }) => modelsDevId === provider)?.id ?? provider,
    model,
    ...diff,
    rule:
      exceptions[`${provider} ${model} ${diff.field}`] ??
      exceptions[`${provider} ${model}`] ??
      "later",
  })),
);

const offeringOf = (provider: string, id: string) => {
  for (const model of catalog.models.values()) {
    const offering = model.offerings.find(({ offering }) => offering.id === `${provider}/${id}`);
    if (offering !== undefined) return { model, offering };
  }
  return null;
};

/** What the catalogue says at the later source's day, outside peak hours. */
const statedValue = (provider: string, id: string, field: string): number | string | null => {
  const model = offeringOf(provider, id)?.model;
  const row =
    model === undefined
      ? undefined
      : describePrices(model, catalog.dateMs + 12 * 3_600_000).find(
          (row) => row.provider === provider && row.providerModelId === id,
        );
  if (row?.rates === undefined || row.rates === null) throw new Error(`no price of ${id}`);
  switch (field) {
    case "input":
      return row.rates.input;
    case "output":
      return row.rates.output;
    case "cache_read":
      return row.rates.cacheRead;
    case "cache_write":
      return row.rates.cacheWrite5m;
    case "tier thresholds":
      return row.tiers.map(({ abovePromptTokens }) => abovePromptTokens).join(",") || null;
    default:
      throw new Error(`unknown field ${field}`);
  }
};

describe("where the two sources disagree", () => {
  it("every exception is used", () => {
    expect(rows).toHaveLength(37);
    const used = new Set(cases.filter(({ rule }) => rule !== "later").map(({ rule }) => rule));
    expect(used).toEqual(new Set(Object.values(exceptions)));
  });

  it.each(cases)("$provider $model $field: $rule", (disagreement) => {
    const { provider, model, field, rule } = disagreement;
    const [kind = "", other] = rule.split(" ");
    switch (kind) {
      case "later":
        expect(statedValue(provider, model, field)).toBe(disagreement.genai);
        break;
      case "earlier":
        expect(statedValue(provider, model, field)).toBe(disagreement.models_dev);
        break;
      case "no":
      case "removed":
        expect(statedValue(provider, model, field)).toBeNull();
        break;
      case "as":
        expect(offeringOf(provider, model)?.offering.offering.price).toEqual(
          offeringOf(provider, other ?? "")?.offering.offering.price,
        );
        break;
      case "pinned":
        expect(offeringOf(provider, model)).toBeNull();
        expect(catalog.resolve(model)?.id).toBe(other);
        break;
      default:
        expect(catalog.resolve(model)).toBeNull();
        expect(catalog.leftOut.map(({ id }) => id)).toContain(model);
    }
  });
});
