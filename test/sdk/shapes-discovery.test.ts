import { Client } from "@pointsman/sdk";
import { createMemoryStores } from "@pointsman/store";
import { afterEach, beforeEach, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { expectKeys } from "./expect-keys.ts";

let lab: Lab;
let client: Client;
beforeEach(async () => {
  lab = await startLab(["chat", "chat"], { stores: createMemoryStores() });
  client = new Client({ apiKey: "pk-lab", baseUrl: lab.url });
});
afterEach(() => lab.close());

test("models and me", async () => {
  const list = await client.models.list();
  expectKeys(list, {
    object: "always",
    data: "always",
    catalog_version: "always",
    catalog_age_seconds: "always",
  });
  const [model] = list.data;
  expectKeys(model, {
    id: "always",
    object: "always",
    created: "always",
    owned_by: "always",
    context_window: "always",
    supported_endpoints: "always",
    providers: "always",
  });
  expectKeys(model?.providers[0], {
    name: "always",
    input_price: "always",
    output_price: "always",
    data_policy: "always",
  });
  const directory = await client.models.listDirectory();
  expectKeys(directory, { models: "always", generated_at: "always" });
  const entry = directory.models["lab"];
  expectKeys(entry, {
    family: "always",
    display_name: "always",
    providers: "always",
    author: "maybe",
    supported_parameters: "maybe",
    aliases: "maybe",
  });
  const provider = entry?.providers[0];
  expectKeys(provider, {
    provider: "always",
    provider_model_id: "always",
    context_window: "always",
    max_output_tokens: "always",
    capabilities: "always",
    input_modalities: "always",
    output_modalities: "always",
    tools: "always",
    tiers: "always",
    updated_at: "always",
    data_policy: "always",
    accepted_params: "always",
    supported_parameters: "always",
    supported_endpoints: "always",
    shutdown_at: "always",
  });
  expectKeys(provider?.tiers[0], {
    name: "always",
    input_price: "always",
    output_price: "always",
    cache_read_price: "always",
    cache_write_price: "always",
    latency_hint: "always",
    price_variants: "always",
  });
  const registry = await client.models.listRegistry();
  expectKeys(registry, { models: "always", count: "always", playground_defaults: "maybe" });
  expectKeys(registry.models[0], {
    id: "always",
    family: "always",
    display_name: "always",
    capabilities: "always",
    input_modalities: "always",
    output_modalities: "always",
    providers: "always",
    has_free_provider: "always",
    author: "maybe",
  });
  const providers = await client.models.listProviders();
  expectKeys(providers, { providers: "always", count: "always" });
  expectKeys(providers.providers[0], {
    id: "always",
    display_name: "always",
    description: "always",
    icon: "always",
    data_policy: "always",
  });
  const me = await client.me.get();
  expectKeys(me, {
    credential_type: "always",
    status: "always",
    profile: "always",
    key_id: "always",
    key_prefix: "always",
    key_name: "always",
    workspace: "always",
    scopes: "always",
    rate_limits: "always",
    expires_at: "always",
    created_at: "always",
  });
  expectKeys(me.rate_limits, {
    inference_rpm: "always",
    management_reads_rpm: "always",
    management_writes_rpm: "always",
  });
});
