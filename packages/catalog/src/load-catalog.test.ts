import { describe, expect, it } from "vitest";
import type { CatalogModel } from "./catalog.ts";
import { listProviders } from "./provider/list-providers.ts";
import { loadCatalog } from "./load-catalog.ts";

const catalog = loadCatalog();

const modelOf = (name: string): CatalogModel => {
  const model = catalog.resolve(name);
  if (model === null) throw new Error(`no model ${name}`);
  return model;
};

const providersOf = (name: string): readonly string[] =>
  modelOf(name)
    .offerings.filter(({ offering }) => offering.enabled && offering.tier === "standard")
    .map(({ offering }) => offering.provider);

const offerings = [...catalog.models.values()].flatMap((model) => model.offerings);

describe("loadCatalog", () => {
  it("tells version and date of the data, the same each time", () => {
    expect(catalog.version).toMatch(/^2026-09-23-[0-9a-f]{8}$/);
    expect(catalog.dateMs).toBe(Date.UTC(2026, 8, 23));
    expect(loadCatalog().version).toBe(catalog.version);
  });

  it("has as many models, offerings and left-out entries as were reviewed", () => {
    expect({
      models: catalog.models.size,
      offerings: offerings.length,
      leftOut: catalog.leftOut.length,
    }).toMatchInlineSnapshot(`
      {
        "leftOut": 231,
        "models": 292,
        "offerings": 380,
      }
    `);
  });

  it("offers open models at every provider that serves them", () => {
    expect(providersOf("deepseek-v3.2")).toEqual(["deepinfra", "siliconflow"]);
    expect(providersOf("gpt-oss-120b").toSorted()).toEqual([
      "deepinfra",
      "fireworks_ai",
      "groq",
      "siliconflow",
      "together_ai",
    ]);
    expect(providersOf("kimi-k2.6").toSorted()).toEqual([
      "deepinfra",
      "fireworks_ai",
      "moonshot",
      "siliconflow",
      "together_ai",
    ]);
    expect(providersOf("glm-5.2")).toHaveLength(5);
    expect(providersOf("deepseek-v4-pro")).toHaveLength(5);
    expect(providersOf("gpt-4o")).toEqual(["openai"]);
    expect(providersOf("claude-sonnet-4-6")).toEqual(["anthropic"]);
  });

  it("keeps offerings apart by id and bound to their model", () => {
    expect(new Set(offerings.map(({ offering }) => offering.id)).size).toBe(offerings.length);
    for (const model of catalog.models.values()) {
      expect(model.offerings.length).toBeGreaterThan(0);
      for (const { offering } of model.offerings) {
        expect(offering.model).toBe(model.id);
        expect(catalog.providers.has(offering.provider)).toBe(true);
      }
    }
  });

  it("states the origin of every rate it states", () => {
    for (const { offering, provenance } of offerings) {
      if (offering.price === null) continue;
      const [period] = offering.price.periods;
      expect(provenance["price.input"], offering.id).toBeDefined();
      expect(provenance["price.output"], offering.id).toBeDefined();
      if (period.rates.cacheReadPicoUsd !== null) {
        expect(provenance["price.cacheRead"], offering.id).toBeDefined();
      }
    }
  });

  it("knows limits and abilities as far as the sources do", () => {
    const [gpt5] = modelOf("gpt-5").offerings;
    expect(gpt5?.offering).toMatchObject({
      contextWindow: 400_000,
      maxOutputTokens: 128_000,
      unsupportedParameters: ["temperature"],
      wires: ["chat_completions", "responses"],
      capabilities: { tools: true, vision: true, reasoning: true, reasoning_disable: false },
    });
    const [pro] = modelOf("gpt-5-pro").offerings;
    expect(pro?.offering.wires).toEqual(["responses"]);
    const [unlisted] = modelOf("gpt-6-sol").offerings;
    expect(unlisted).toMatchObject({ listedByModelsDev: false, reasoningOptions: [] });
    expect(unlisted?.offering.capabilities.tools).toBeUndefined();
    const [sonnet] = modelOf("claude-sonnet-4-6").offerings;
    expect(sonnet?.offering.wires).toEqual(["messages"]);
    expect(sonnet?.offering.capabilities.prefill).toBe(false);
    expect(modelOf("claude-sonnet-4-5").offerings[0]?.offering.capabilities.prefill).toBe(true);
    expect(modelOf("gemini-2.5-flash").offerings[0]?.offering.capabilities).toMatchObject({
      reasoning_disable: true,
      audio_input: true,
    });
    expect(modelOf("gemini-2.5-pro").offerings[0]?.offering.capabilities.reasoning_disable).toBe(
      false,
    );
  });

  it.each([
    ["claude-sonnet-4-5", "explicit", 1024, 1, true],
    ["claude-sonnet-4-20250514", "explicit", 1024, 1, true],
    ["claude-3-7-sonnet-20250219", "explicit", 1024, 1, true],
    ["claude-opus-4-1", "explicit", 1024, 1, true],
    ["claude-sonnet-4-6", "explicit", 2048, 1, true],
    ["claude-3-haiku-20240307", "explicit", 2048, 1, true],
    ["claude-haiku-4-5", "explicit", 4096, 1, true],
    ["claude-opus-4-6", "explicit", 4096, 1, true],
    ["gpt-4o", "auto", 1024, 128, false],
    ["deepseek-v4-flash", "auto", 64, 64, false],
    ["gemini-2.5-flash", "auto", 1024, 1, false],
    ["gpt-4-turbo", "none", 0, 1, false],
    ["gemini-2.0-flash", "none", 0, 1, false],
    ["glm-4.7", "auto", 0, 1, false],
  ] as const)("caches %s: %s from %i tokens, blocks of %i", (name, mode, minimum, block, hour) => {
    expect(modelOf(name).offerings[0]?.offering.cache).toMatchObject({
      mode,
      minimumTokens: minimum,
      blockTokens: block,
      oneHour: hour,
    });
  });

  it("switches off what a reseller no longer lists, keeping its price", () => {
    const gone = modelOf("kimi-k2.5").offerings.find(
      ({ offering }) => offering.provider === "fireworks_ai",
    );
    expect(gone?.offering.enabled).toBe(false);
    expect(gone?.offering.price).not.toBeNull();
    for (const model of catalog.models.values()) {
      expect(
        model.offerings.some(({ offering }) => offering.enabled),
        model.id,
      ).toBe(true);
    }
  });

  it("tells quantization, shutdown days and premium tiers", () => {
    const turbo = modelOf("llama-3.3-70b-instruct-turbo").offerings;
    expect(turbo.map(({ offering }) => offering.quantization)).toEqual(["fp8", "fp8"]);
    expect(modelOf("deepseek-chat").offerings[0]?.shutdownAtMs).toBe(Date.UTC(2026, 6, 24, 15, 59));
    const priority = modelOf("gpt-5.5").offerings.find(
      ({ offering }) => offering.tier === "priority",
    );
    expect(priority?.offering.id).toBe("openai/gpt-5.5#priority");
    expect(priority?.offering.price?.periods[0].rates.inputPicoUsd).toBe(12_500_000);
  });

  it("gives every model a family, an author and a day", () => {
    for (const model of catalog.models.values()) {
      expect(model.family, model.id).not.toBe("");
      expect(model.author, model.id).not.toBe("");
      expect(Number.isInteger(model.createdSeconds), model.id).toBe(true);
      expect(model.createdSeconds, model.id).toBeGreaterThan(Date.UTC(2022, 0) / 1000);
      expect(model.outputModalities, model.id).toContain("text");
    }
  });

  it("lists the contract's providers", () => {
    const listed = listProviders(catalog);
    expect(listed.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "openai",
        "anthropic",
        "google_ai_studio",
        "deepseek",
        "xai",
        "fireworks_ai",
        "together_ai",
        "z_ai",
        "minimax",
        "moonshot",
        "deepinfra",
        "siliconflow",
      ]),
    );
    for (const { id, modelCount, baseUrl, envKeys } of listed) {
      expect(modelCount, id).toBeGreaterThan(0);
      expect(baseUrl).toMatch(/^https:\/\/.*[^/]$/);
      expect(envKeys.length, id).toBeGreaterThan(0);
    }
  });
});
