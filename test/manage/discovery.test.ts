import { createMemoryStores } from "@pointsman/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { createClient } from "./client.ts";
import type { Json } from "./client.ts";

let lab: Lab;
beforeAll(async () => {
  const anthropic = { more: { models: { "claude-sonnet-4-5": {}, lab: { id: "x" } } } };
  lab = await startLab(["chat", { wire: "messages", ...anthropic }], {
    stores: createMemoryStores(),
  });
});
afterAll(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: "pk-lab" }));
const list = (value: unknown): readonly Json[] => value as readonly Json[];

test("the registry tells models and providers to anybody, a wrong key too", async () => {
  for (const key of ["pk-lab", "nobody's"]) {
    const { status, json } = await call("GET", "/registry/models", { key });
    expect(status).toBe(200);
    expect(json["count"]).toBe(2);
    expect(list(json["models"])).toMatchObject([
      {
        id: "claude-sonnet-4-5",
        display_name: expect.stringContaining("Sonnet 4.5"),
        family: expect.stringContaining("claude"),
        input_modalities: expect.arrayContaining(["text", "image"]),
        output_modalities: ["text"],
        providers: ["p1"],
        has_free_provider: false,
        capabilities: { streaming: true, tools: true, vision: true, reasoning: true },
      },
      { id: "lab", family: "lab", providers: ["p0", "p1"], capabilities: { tools: false } },
    ]);
  }
  const { json } = await call("GET", "/registry/providers");
  expect(json).toMatchObject({ count: 2 });
  for (const provider of list(json["providers"])) {
    for (const value of Object.values(provider)) expect(typeof value).toBe("string");
  }
});

test("the directory tells prices, tiers and limits of every place", async () => {
  const { json } = await call("GET", "/directory/models");
  expect(json["generated_at"]).toMatch(/^\d{4}-\d\d-\d\dT/u);
  const models = json["models"] as Readonly<Record<string, Json>>;
  expect(models["lab"]).toMatchObject({
    family: "lab",
    aliases: [],
    providers: [
      {
        provider: "p0",
        provider_model_id: "upstream-model",
        context_window: 100_000,
        max_output_tokens: 8000,
        tiers: [{ name: "standard", input_price: 1, output_price: 2, latency_hint: "standard" }],
        supported_endpoints: ["chat_completions", "responses", "messages"],
        shutdown_at: null,
        data_policy: "none",
      },
      { provider: "p1", provider_model_id: "x" },
    ],
  });
  const [sonnet] = list(models["claude-sonnet-4-5"]?.["providers"]);
  const [tier] = list(sonnet?.["tiers"]);
  // https://platform.claude.com/docs/en/about-claude/pricing
  expect(tier).toMatchObject({
    input_price: 3,
    output_price: 15,
    cache_read_price: 0.3,
    cache_write_price: 3.75,
  });
  expect(list(tier?.["price_variants"])).toContainEqual({
    role: "cache_write_1h",
    price: 6,
    constraints: {},
  });
  expect(sonnet?.["supported_parameters"]).toEqual(
    expect.arrayContaining(["tools", "temperature", "reasoning_effort"]),
  );
});

test("Anthropic's clients find their own fields in the models", async () => {
  const headers = { "anthropic-version": "2023-06-01" };
  const { json } = await call("GET", "/models", { headers });
  expect(json).toMatchObject({ has_more: false, first_id: "claude-sonnet-4-5", last_id: "lab" });
  const model = await call("GET", "/models/claude-sonnet-4-5", { headers });
  expect(model.json).toMatchObject({ type: "model", object: "model", id: "claude-sonnet-4-5" });
  expect(model.json["created_at"]).toMatch(/^2025-/u);
  expect((await call("GET", "/models")).json).not.toHaveProperty("has_more");
});
