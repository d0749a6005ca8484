import { systemClock } from "@pointsman/engine";
import { createMemoryStores } from "@pointsman/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { createClient, faultOf } from "./client.ts";
import type { Json } from "./client.ts";

const nowMs = Date.parse("2026-11-27T12:00:00Z");
const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
beforeEach(async () => {
  lab = await startLab(["chat", "messages"], {
    stores: createMemoryStores(),
    clock: { ...systemClock, nowMs: () => nowMs },
    keys: [{ key: adminKey, scopes: ["admin"] }],
    workspace: { routing: { optimize: "cost", data_policy: "none", deadline_ms: 60_000 } },
  });
});
afterEach(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: "pk-lab" }));

const secretWord = "Xylophone";
const messages = [{ role: "user", content: `Which track is the express ${secretWord} on today?` }];
const chat = { model: "lab", messages, max_tokens: 100 };
const bodies = {
  chat_completions: chat,
  responses: { model: "lab", input: messages[0]?.content, max_output_tokens: 100 },
  messages: chat,
} as const;
const list = (value: unknown): readonly Json[] => value as readonly Json[];
const object = (value: unknown): Json => value as Json;

test.each(Object.entries(bodies))(
  "route tells the order of a %s call, and calls nobody",
  async (endpoint, body) => {
    const { status, json } = await call("POST", `/route?endpoint=${endpoint}&seed=7`, { body });
    expect(status, JSON.stringify(json)).toBe(200);
    expect(json).toMatchObject({
      object: "route.decision",
      created: nowMs / 1000,
      endpoint,
      routing_strategy: "cost",
      weights: { cost: 0.6, ttft: 0.2, throughput: 0.2 },
      seed: 7,
      cache_directive: null,
      warnings: [],
    });
    expect(json["id"]).toMatch(/^dec_\w{24}$/u);
    const candidates = list(json["candidates"]);
    expect(candidates.map(({ provider }) => provider)).toEqual(["p0", "p1"]);
    expect(candidates[0]).toMatchObject({ credential: "platform", tier: "standard" });
    expect(object(candidates[0]?.["expected"])["cost_usd"]).toBeGreaterThan(0);
    expect(json["hold_usd"]).toBeGreaterThan(0);
    for (const upstream of lab.upstreams) expect(upstream.attempts).toEqual([]);
  },
);

test("a seed repeats a decision byte for byte, another one has another id", async () => {
  for (const path of ["/route", "/route/explain"]) {
    const first = await call("POST", `${path}?seed=41`, { body: chat });
    const again = await call("POST", `${path}?seed=41`, { body: chat });
    const other = await call("POST", `${path}?seed=42`, { body: chat });
    expect(again.text).toBe(first.text);
    expect(other.json["id"]).not.toBe(first.json["id"]);
  }
});

test("explain gives every candidate's terms, the sources of constraints, and no prompt", async () => {
  const gateway = { routing: { max_ttft_ms: 60_000 } };
  const { json, text } = await call("POST", "/route/explain?seed=3", {
    body: { ...chat, model: "lab:tps", gateway },
  });
  expect(json).toMatchObject({ object: "route.explanation", error: null, seed: 3 });
  const explanation = object(json["explanation"]);
  expect(explanation).toMatchObject({
    decision_id: json["id"],
    seed: 3,
    at: "2026-11-27T12:00:00.000Z",
    output: { cap: 100 },
    constraints: {
      optimize: { value: "tps", source: "suffix" },
      max_ttft_ms: { value: 60_000, source: "request" },
      deadline_ms: { value: 60_000, source: "workspace" },
      max_fallback_attempts: { value: 3, source: "default" },
    },
    rejected: [],
    cache_directive: null,
    hold: { usd: json["hold_usd"], scopes: [] },
  });
  const [first] = list(explanation["candidates"]);
  expect(first).toMatchObject({ rank: 1, state: "closed", credential: "platform" });
  const terms = object(first?.["terms"]);
  const shares = ["cost", "ttft", "throughput"].map((name) =>
    Number(object(terms[name])["contribution"]),
  );
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(Number(first?.["score"]), 9);
  expect(Object.keys(object(terms["cost"]))).toEqual(
    expect.arrayContaining(["value", "weight", "contribution", "now", "to_go", "time"]),
  );
  expect(text).not.toContain(secretWord);
});

test("route fails as the call would; explain tells the failure with status 200", async () => {
  const body = { ...chat, gateway: { routing: { max_cost_per_1m: 0.01 } } };
  const refused = await call("POST", "/route", { body });
  expect(faultOf(refused)).toEqual([
    400,
    "cost_constraint_exceeded",
    "gateway.routing.max_cost_per_1m",
  ]);
  const told = await call("POST", "/route/explain", { body });
  expect(told.status).toBe(200);
  expect(told.json["error"]).toMatchObject({
    code: "cost_constraint_exceeded",
    type: "invalid_request_error",
    status: 400,
  });
  expect(told.json["candidates"]).toEqual([]);
  const rejected = list(object(told.json["explanation"])["rejected"]);
  expect(rejected.map(({ provider, code }) => [provider, code])).toEqual([
    ["p0", "cost_constraint_exceeded"],
    ["p1", "cost_constraint_exceeded"],
  ]);
});

test("a budget that cannot pay is told before the call, with what it has left", async () => {
  const budget = { scope_type: "workspace", period: "daily", limit_usd: 0.000_002 };
  await call("POST", "/workspaces/default/budgets", { key: adminKey, body: budget });
  const refused = await call("POST", "/route", { body: chat });
  expect(faultOf(refused)).toEqual([429, "budget_exhausted", null]);
  expect(refused.headers.get("x-budget-exceeded-scope")).toBe("workspace");
  const told = await call("POST", "/route/explain", { body: chat });
  expect(told.json["error"]).toMatchObject({ code: "budget_exhausted" });
  expect(object(told.json["explanation"])["hold"]).toMatchObject({
    scopes: [{ scope_type: "workspace", period: "daily", remaining_usd: 0.000_002 }],
  });
});

test.each([
  ["/route?seed=-1", chat, "invalid_parameter_value", "seed"],
  ["/route?endpoint=embeddings", chat, "invalid_parameter_value", "endpoint"],
  ["/route", { ...chat, model: "nobody" }, "model_not_found", "model"],
  ["/route", { messages }, "missing_required_parameter", "model"],
] as const)("%s refuses what is wrong: %#", async (path, body, code, param) => {
  const reply = await call("POST", path, { body });
  expect(faultOf(reply).slice(1)).toEqual([code, param]);
});

test.each(["body", "header"])(
  "an answer tells why it came from where it did, asked by %s",
  async (by) => {
    for (const stream of [false, true]) {
      for (const surface of ["chat", "responses", "messages"] as const) {
        const asked = lab.request({
          surface,
          stream,
          ...(by === "body" ? { body: { gateway: { explain: true } } } : {}),
        });
        const headers = new Headers(asked.init.headers);
        if (by === "header") headers.set("x-pointsman-explain", "true");
        const response = await fetch(asked.url, { ...asked.init, headers });
        const text = await response.text();
        expect(response.status, text).toBe(200);
        const decisionId = response.headers.get("x-pointsman-decision-id");
        expect(text, `${surface} ${stream}`).toContain(
          `"explanation":{"decision_id":"${decisionId}"`,
        );
        expect(text).toContain('"credential":"platform","outcome":"success"');
      }
    }
  },
);

test("nobody is told where explanations are off", async () => {
  await lab.close();
  lab = await startLab(["chat"], { stores: createMemoryStores(), explain: false });
  expect(faultOf(await call("POST", "/route/explain", { body: chat }))).toEqual([
    403,
    "feature_disabled",
    null,
  ]);
  expect((await call("POST", "/route", { body: chat })).status).toBe(200);
  const got = await lab.ask({ body: { gateway: { explain: true } } });
  expect([got.status, got.error]).toEqual([403, "feature_disabled"]);
});
