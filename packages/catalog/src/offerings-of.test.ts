import { describe, expect, it } from "vitest";
import { loadCatalog } from "./load-catalog.ts";
import { offeringsOf } from "./offerings-of.ts";

const catalog = loadCatalog();

const ids = (...providers: Parameters<typeof offeringsOf>[1]): readonly string[] =>
  offeringsOf(catalog, providers).map(({ id }) => id);

describe("the offerings of providers", () => {
  it("are the catalogue's own, provider by provider", () => {
    const all = [...catalog.models.values()].flatMap(({ offerings }) =>
      offerings.map(({ offering }) => offering),
    );
    for (const id of catalog.providers.keys()) {
      expect(offeringsOf(catalog, [id])).toEqual(all.filter(({ provider }) => provider === id));
    }
    const two = offeringsOf(catalog, ["anthropic", { id: "openai" }]);
    expect([...new Set(two.map(({ provider }) => provider))]).toEqual(["anthropic", "openai"]);
    expect(new Set(two.map(({ id }) => id)).size).toBe(two.length);
  });

  it("are those of some models, by any of their names, in every tier", () => {
    expect(ids({ id: "deepinfra", models: ["deepseek-ai/DeepSeek-V3.2"] })).toEqual([
      "deepinfra/deepseek-ai/DeepSeek-V3.2",
    ]);
    expect(ids({ id: "openai", models: ["gpt-5.5"] })).toEqual([
      "openai/gpt-5.5",
      "openai/gpt-5.5#priority",
    ]);
  });

  it("may go under another name", () => {
    const [own] = offeringsOf(catalog, [{ id: "mirror", like: "openai", models: ["gpt-4o"] }]);
    const [known] = offeringsOf(catalog, [{ id: "openai", models: ["gpt-4o"] }]);
    expect(own).toEqual({ ...known, id: "mirror/gpt-4o", provider: "mirror" });
  });

  it("of what nobody knows are a mistake that is told, with what was perhaps meant", () => {
    expect(() => ids("antropic")).toThrow(
      new RangeError("The catalogue has no provider 'antropic'. Did you mean anthropic?"),
    );
    expect(() => ids({ id: "openai", models: ["gpt-4oo"] })).toThrow(
      /^The catalogue knows no model 'gpt-4oo' at 'openai'. Did you mean gpt-4o,/u,
    );
    expect(() => ids({ id: "anthropic", models: ["gpt-4o"] })).toThrow(
      "The catalogue knows no model 'gpt-4o' at 'anthropic'.",
    );
  });
});
