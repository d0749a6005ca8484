import { assert, nat, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "./load-catalog.ts";

const catalog = loadCatalog();

describe("resolve", () => {
  it("takes canonical ids, aliases and providers' own ids", () => {
    const idOf = (name: string): string | undefined => catalog.resolve(name)?.id;
    expect(idOf("gpt-4o")).toBe("gpt-4o");
    expect(idOf("gpt-4o-2024-08-06")).toBe("gpt-4o-2024-08-06");
    expect(idOf("gpt-4o-mini-2024-07-18")).toBe("gpt-4o-mini-2024-07-18");
    expect(idOf("claude-sonnet-4-0")).toBe("claude-sonnet-4-20250514");
    expect(idOf("mistral-large-latest")).toBe("mistral-large-2512");
    expect(idOf("deepseek-ai/DeepSeek-V3.2")).toBe("deepseek-v3.2");
    expect(idOf("deepseek-ai/deepseek-v3.2")).toBe("deepseek-v3.2");
    expect(idOf("accounts/fireworks/models/kimi-k2p6")).toBe("kimi-k2.6");
    expect(idOf("openai/gpt-oss-120b")).toBe("gpt-oss-120b");
    expect(idOf("MiniMax-M2.5")).toBe("minimax-m2.5");
    expect(idOf("gpt-4o-nonsense")).toBeUndefined();
    expect(idOf("")).toBeUndefined();
    expect(idOf("__proto__")).toBeUndefined();
  });

  it("every canonical id and every alias names exactly one model", () => {
    const owner = new Map<string, string>();
    for (const model of catalog.models.values()) {
      for (const name of [model.id, ...model.aliases]) {
        expect(owner.get(name), name).toBeUndefined();
        owner.set(name, model.id);
        expect(catalog.resolve(name)?.id, name).toBe(model.id);
      }
    }
    expect(owner.size).toBe(catalog.models.size + catalog.aliases.size);
  });

  it("canonical ids are lower-case and without provider prefix", () => {
    for (const id of catalog.models.keys()) expect(id).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
  });
});

describe("suggest", () => {
  it("finds what was probably meant", () => {
    expect(catalog.suggest("gpt-4oo")[0]).toBe("gpt-4o");
    expect(catalog.suggest("claude-sonet-4-6")[0]).toBe("claude-sonnet-4-6");
    expect(catalog.suggest("openai/gpt-4.1-mni")[0]).toBe("gpt-4.1-mini");
    expect(catalog.suggest("Kimi-K2.6")[0]).toBe("kimi-k2.6");
    expect(catalog.suggest("deepseek-v4", 2).toSorted()).toEqual([
      "deepseek-v4-flash",
      "deepseek-v4-pro",
    ]);
    expect(catalog.suggest("zzzzzzzzzzzz")).toEqual([]);
    expect(catalog.suggest("")).toEqual([]);
  });

  it("answers any name with known ids, at most as many as asked for", () => {
    assert(
      property(string({ maxLength: 200 }), nat({ max: 10 }), (name, count) => {
        const ids = catalog.suggest(name, count);
        expect(ids.length).toBeLessThanOrEqual(count);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of ids) expect(catalog.models.has(id)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
