import { createMemoryStores } from "@pointsman/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { createClient } from "../manage/client.ts";
import type { Json } from "../manage/client.ts";
import { expectShape } from "./shape.ts";
import type { Shape } from "./shape.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
beforeAll(async () => {
  const known = { models: { "claude-sonnet-4-5": {}, lab: { id: "x" } } };
  lab = await startLab(["chat", { wire: "messages", more: known }], {
    stores: createMemoryStores(),
    keys: [{ key: adminKey, name: "operator", scopes: ["admin"] }],
  });
});
afterAll(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: adminKey }));

const policy = ["none", "no_training", "zdr"];

const model: Shape = {
  id: "string",
  object: ["model"],
  created: "int",
  owned_by: ["pointsman"],
  context_window: "int",
  supported_endpoints: "strings",
  providers: "list",
};
test("models, and providers of the registry", async () => {
  const { json } = await call("GET", "/models");
  expectShape(json, {
    object: ["list"],
    data: "list",
    catalog_version: "string",
    catalog_age_seconds: "int",
  });
  for (const one of json["data"] as readonly Json[]) expectShape(one, model);
  expectShape((await call("GET", "/models/lab")).json, model);
  const registry = await call("GET", "/registry/providers");
  expectShape(registry.json, { providers: "list", count: "int" });
  for (const one of registry.json["providers"] as readonly Json[]) {
    expectShape(one, {
      id: "string",
      display_name: "string",
      description: "string",
      icon: "string",
      data_policy: policy,
    });
  }
});

test("models list their places", async () => {
  const { json } = await call("GET", "/models");
  for (const { providers } of json["data"] as readonly { readonly providers: unknown[] }[]) {
    for (const one of providers) {
      expectShape(one, {
        name: "string",
        input_price: "number",
        output_price: "number",
        data_policy: policy,
      });
    }
  }
});

const capabilities = [
  "streaming",
  "tools",
  "parallel_tool_calls",
  "tool_choice_required",
  "vision",
  "json_mode",
  "structured_output",
  "tools_with_structured_output",
  "reasoning",
  "reasoning_disable",
  "prefill",
  "prompt_caching",
  "logprobs",
  "web_search",
];

test("the registry's models, with every capability", async () => {
  const { json } = await call("GET", "/registry/models");
  expectShape(json, { models: "list", count: "int" });
  const models = json["models"] as readonly Json[];
  for (const one of models) {
    const author: Shape = Object.hasOwn(one, "author") ? { author: "string" } : {};
    expectShape(one, {
      id: "string",
      family: "string",
      display_name: "string",
      capabilities: "booleans",
      input_modalities: "strings",
      output_modalities: "strings",
      providers: "strings",
      has_free_provider: "boolean",
      ...author,
    });
    expect(Object.keys(one["capabilities"] as Json)).toEqual(capabilities);
  }
});

test("the directory's models, providers, tiers and price variants", async () => {
  const { json } = await call("GET", "/directory/models");
  expectShape(json, { models: "object", generated_at: "time" });
  const roles = ["context_tier", "cache_write_1h", "cache_storage_hour", "audio_input", "batch"];
  const seen = new Set<unknown>();
  for (const one of Object.values(json["models"] as Readonly<Record<string, Json>>)) {
    const author: Shape = Object.hasOwn(one, "author") ? { author: "string" } : {};
    expectShape(one, {
      family: "string",
      display_name: "string",
      providers: "list",
      supported_parameters: "strings",
      aliases: "strings",
      ...author,
    });
    for (const place of one["providers"] as readonly Json[]) {
      expectShape(place, {
        provider: "string",
        provider_model_id: "string",
        context_window: "int?",
        max_output_tokens: "int?",
        capabilities: "booleans",
        input_modalities: "strings",
        output_modalities: "strings",
        tools: "strings",
        tiers: "list",
        updated_at: "time",
        data_policy: policy,
        accepted_params: "strings",
        supported_parameters: "strings",
        supported_endpoints: "strings",
        shutdown_at: "time?",
      });
      expect(Object.keys(place["capabilities"] as Json)).toEqual(capabilities);
      for (const tier of place["tiers"] as readonly Json[]) {
        expectShape(tier, {
          name: ["standard", "priority"],
          input_price: "number?",
          output_price: "number?",
          cache_read_price: "number?",
          cache_write_price: "number?",
          latency_hint: ["fast", "standard", "slow"],
          price_variants: "list",
        });
        for (const variant of tier["price_variants"] as readonly Json[]) {
          expect(roles).toContain(variant["role"]);
          expect(typeof variant["price"]).toBe("number");
          for (const value of Object.values(variant["constraints"] as Json)) {
            expect(typeof value).toBe("string");
          }
          seen.add(variant["role"]);
        }
      }
    }
  }
  expect(seen.size).toBeGreaterThan(1);
});

test("Anthropic's fields, in the list and of one", async () => {
  const headers = { "anthropic-version": "2026-10-21" };
  const more: Shape = { type: ["model"], display_name: "string", created_at: "time" };
  const list = await call("GET", "/models", { headers });
  expectShape(list.json, {
    object: ["list"],
    data: "list",
    has_more: "boolean",
    first_id: "string",
    last_id: "string",
    catalog_version: "string",
    catalog_age_seconds: "int",
  });
  for (const one of list.json["data"] as readonly Json[]) expectShape(one, { ...model, ...more });
  const one = await call("GET", "/models/lab", { headers });
  expectShape(one.json, { ...model, ...more });
});
