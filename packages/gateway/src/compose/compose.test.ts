import { loadCatalog } from "@pointsman/catalog";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../config/load-config.ts";
import { composeOfferings } from "./compose-offerings.ts";
import { createModelDirectory } from "./model-directory.ts";

const catalog = loadCatalog();

const composed = (file: object) => {
  const loaded = loadConfig({ file: "pointsman.yaml", text: JSON.stringify(file), env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const { config } = loaded;
  const offerings = composeOfferings({ config, catalog });
  return { config, offerings, directory: createModelDirectory(config, catalog, offerings) };
};

const openai = { kind: "openai", apiKey: "k" };

describe("the offerings of a configured provider", () => {
  it("are the catalogue's, under ids of their own", () => {
    const { offerings } = composed({ providers: { openai } });
    expect(offerings.length).toBeGreaterThan(20);
    expect(new Set(offerings.map(({ id }) => id)).size).toBe(offerings.length);
    const known = offerings.find(({ id }) => id === "openai/gpt-4o");
    expect(known).toMatchObject({ contextWindow: 128_000, capabilities: { vision: true } });
    expect(known?.price?.periods[0].rates.inputPicoUsd).toBe(2_500_000);
    expect(offerings.filter(({ tier }) => tier === "priority").map(({ id }) => id)).toContain(
      "openai/gpt-5.5#priority",
    );
  });

  it("are exactly the models it names, each filled up from the catalogue", () => {
    const models = {
      "gpt-4o": { price: { input: 1, output: 2 }, capabilities: { vision: false } },
      "home-made": { id: "v1", contextWindow: 1000 },
    };
    const { offerings } = composed({ providers: { openai: { ...openai, models } } });
    expect(offerings.map(({ id, model }) => [id, model])).toEqual([
      ["openai/gpt-4o", "gpt-4o"],
      ["openai/v1", "home-made"],
    ]);
    const [known, unknown] = offerings;
    expect(known).toMatchObject({
      contextWindow: 128_000,
      capabilities: { vision: false, tools: true },
    });
    expect(known?.price?.periods[0].rates.inputPicoUsd).toBe(1_000_000);
    expect(unknown).toMatchObject({ price: null, contextWindow: 1000, capabilities: {} });
  });

  it("may come from a vendor's catalogue under another name, data policy and region", () => {
    const mirror = {
      ...openai,
      baseUrl: "http://127.0.0.1:1/v1",
      region: "eu",
      dataPolicy: "zdr",
      models: { "gpt-4o": {} },
    };
    const { offerings } = composed({ providers: { mirror } });
    expect(offerings).toMatchObject([
      { id: "mirror/gpt-4o", provider: "mirror", region: "eu", dataPolicy: "zdr" },
    ]);
    expect(offerings[0]?.price).not.toBeNull();
  });

  it("leave out quantizations that are excluded", () => {
    const providers = { deepinfra: { apiKey: "k" }, together_ai: { apiKey: "k" } };
    const all = composed({ providers }).offerings;
    const quantizations = [...new Set(all.flatMap(({ quantization }) => quantization ?? []))];
    expect(quantizations.length).toBeGreaterThan(0);
    const some = composed({ providers, excludeQuantizations: quantizations }).offerings;
    expect(some).toEqual(all.filter(({ quantization }) => quantization === null));
  });
});

describe("the directory", () => {
  it("knows models, aliases of both sides, and nothing that is not served", () => {
    const models = { "gpt-4o": {}, "gpt-4o-mini": {} };
    const { directory } = composed({
      aliases: { best: "gpt-4o", gone: "claude-sonnet-4-6" },
      providers: { openai: { ...openai, models } },
    });
    expect(directory.resolve("gpt-4o")).toBe("gpt-4o");
    expect(directory.resolve("best")).toBe("gpt-4o");
    expect(directory.resolve("gone")).toBeNull();
    expect(directory.resolve("claude-sonnet-4-6")).toBeNull();
    expect(directory.suggest("gpt-4oo")).toEqual(["gpt-4o"]);
    expect(directory.suggest("gpt-4o-min")).toEqual(["gpt-4o-mini", "gpt-4o"]);
    expect(directory.suggest("claude-sonnet-4-6")).toEqual([]);
    expect(directory.isProvider("openai")).toBe(true);
    expect(directory.isProvider("anthropic")).toBe(true);
    expect(directory.isProvider("nobody")).toBe(false);
  });
});
