import { Client } from "@pointsman/sdk";
import { createMemoryStores } from "@pointsman/store";
import { afterEach, beforeEach, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { answers, fails } from "../failover/upstream.ts";
import { expectKeys } from "./expect-keys.ts";

let lab: Lab;
let client: Client;
beforeEach(async () => {
  lab = await startLab(["chat", "chat"], { stores: createMemoryStores() });
  client = new Client({ apiKey: "pk-lab", baseUrl: lab.url });
});
afterEach(() => lab.close());

const messages = [{ role: "user" as const, content: "Which track?" }];
const chat = { model: "lab", messages, max_tokens: 20 };

const decided = {
  object: "always",
  id: "always",
  created: "always",
  endpoint: "always",
  routing_strategy: "always",
  weights: "always",
  seed: "always",
  candidates: "always",
  cache_directive: "always",
  hold_usd: "always",
  warnings: "always",
} as const;
const candidate = {
  provider: "always",
  provider_model_id: "always",
  model_canonical: "always",
  tier: "always",
  credential: "always",
  score: "always",
  expected: "always",
} as const;
const detail = {
  decision_id: "always",
  seed: "always",
  snapshot_version: "always",
  at: "always",
  prompt: "always",
  output: "always",
  constraints: "always",
  candidates: "always",
  rejected: "always",
  cache_directive: "always",
  hold: "always",
} as const;

test("route", async () => {
  const decision = await client.route.decide(chat);
  expectKeys(decision, decided);
  expectKeys(decision.candidates[0], candidate);
  expectKeys(decision.candidates[0]?.expected, {
    cost_usd: "always",
    ttft_ms: "always",
    throughput_tps: "always",
  });
  const gateway = { routing: { exclude_providers: ["p1"] } };
  const explained = await client.route.explain({ ...chat, gateway });
  expectKeys(explained, { ...decided, error: "always", explanation: "always" });
  const { explanation } = explained;
  expectKeys(explanation, detail);
  expectKeys(explanation.prompt, {
    tokens: "always",
    tokens_low: "always",
    tokens_high: "always",
  });
  expectKeys(explanation.output, {
    tokens_mean: "always",
    tokens_p50: "always",
    tokens_p95: "always",
    cap: "always",
  });
  const [first] = explanation.candidates;
  expectKeys(first, {
    ...candidate,
    rank: "always",
    terms: "always",
    observations: "always",
    state: "always",
    reasons: "always",
  });
  const term = { value: "always", weight: "always", contribution: "always" } as const;
  expectKeys(first?.terms.ttft, term);
  expectKeys(first?.terms.cost, { ...term, now: "always", to_go: "always", time: "always" });
  expectKeys(first?.expected, {
    cost_usd: "always",
    cost_usd_p95: "always",
    ttft_ms: "always",
    ttft_ms_p95: "always",
    throughput_tps: "always",
    throughput_tps_p95: "always",
    cached_tokens: "always",
    cache_hit_probability: "always",
    cache_write_tokens: "always",
    success_probability: "always",
  });
  expectKeys(explanation.rejected[0], {
    provider: "always",
    provider_model_id: "always",
    model_canonical: "always",
    code: "always",
    param: "always",
    message: "always",
    suggestion: "maybe",
    retry_after_seconds: "maybe",
  });
  expectKeys(explanation.hold, { usd: "always", scopes: "always" });
  const nobody = { routing: { exclude_providers: ["p0", "p1"] } };
  const { error } = await client.route.explain({ ...chat, gateway: nobody });
  expectKeys(error, {
    message: "always",
    type: "always",
    code: "always",
    param: "always",
    status: "always",
    provider: "maybe",
    suggestion: "maybe",
  });
});

test("routing metadata, with attempts and explanation", async () => {
  lab.upstreams[0]?.play(fails(500), answers);
  const answer = await client.chat.completions.create({
    ...chat,
    top_k: 5,
    gateway: { explain: true, routing: { providers: ["p0", "p1", "nobody"] } },
  });
  const metadata = answer.routing_metadata;
  expectKeys(metadata, {
    provider: "always",
    provider_model_id: "always",
    model_canonical: "always",
    routing_strategy: "always",
    cost: "always",
    ttft_ms: "maybe",
    throughput_tps: "maybe",
    warnings: "maybe",
    attempts: "maybe",
    explanation: "maybe",
  });
  expectKeys(metadata.cost, {
    usd: "always",
    cache_savings_usd: "maybe",
    cache_savings_percent: "maybe",
    hosted_tool_usd: "maybe",
    estimated: "maybe",
    byok: "maybe",
  });
  expectKeys(metadata.warnings?.[0], { type: "always", code: "always", message: "always" });
  expectKeys(metadata.attempts?.[0], {
    provider: "always",
    provider_model_id: "always",
    outcome: "always",
    status: "maybe",
    duration_ms: "always",
  });
  expectKeys(metadata.explanation, { ...detail, attempts: "always" });
  expectKeys(metadata.explanation?.attempts[0], {
    provider: "always",
    provider_model_id: "always",
    credential: "always",
    outcome: "always",
    status: "always",
    duration_ms: "always",
    cost_usd: "always",
  });
});
