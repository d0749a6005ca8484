import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWireWorld } from "../support/wire-world.ts";
import type { WireModel, WireWorld } from "../support/wire-world.ts";

const models = [
  { wire: "messages", provider: "anthropic", kind: "anthropic", model: "claude-sonnet-4-5" },
  { wire: "chat", provider: "openai", kind: "openai", model: "gpt-4.1" },
  { wire: "responses", provider: "openai", kind: "openai", model: "gpt-5-codex" },
  { wire: "chat", provider: "fireworks_ai", kind: "openai-compatible", model: "gpt-oss-120b" },
  { wire: "chat", provider: "xai", kind: "openai-compatible", model: "grok-4.3" },
] as const satisfies readonly WireModel[];

/** Some 3,000 tokens. */
const system = "You keep the signal box of a long branch line, and you write down all. ".repeat(
  190,
);

let place: WireWorld;
let client: OpenAI;
beforeAll(async () => {
  place = await startWireWorld(models);
  client = new OpenAI({ baseURL: place.served.ready.url, apiKey: "test-key", maxRetries: 0 });
});
afterAll(async () => {
  expect(await place.served.stop()).toBe(0);
  await place.world.close();
});

type Message = OpenAI.ChatCompletionMessageParam;

/** A conversation of so many turns; cached tokens of each. */
const converse = async (model: string, turns: number, extra: object = {}) => {
  const messages: Message[] = [{ role: "system", content: system }];
  const cached: number[] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    messages.push({ role: "user", content: `What of train ${turn}?` });
    const { choices, usage } = await client.chat.completions.create({
      model,
      messages,
      ...extra,
    });
    messages.push({ role: "assistant", content: choices[0]?.message.content ?? "" });
    cached.push(usage?.prompt_tokens_details?.cached_tokens ?? 0);
  }
  return cached;
};

const lastBody = (provider: string, back = 1) => {
  const entry = place.world.lastRequests(provider).at(-back);
  if (entry === undefined) throw new Error(`${provider} was not asked`);
  // What simulated providers take is an object.
  return { headers: entry.headers, body: entry.body as Readonly<Record<string, unknown>> };
};

describe("Anthropic's cache", () => {
  test("is written where it pays and read on every further turn", async () => {
    const [first, ...later] = await converse("claude-sonnet-4-5", 4);
    expect(first).toBe(0);
    for (const tokens of later) expect(tokens).toBeGreaterThan(2500);
    const text = JSON.stringify(lastBody("anthropic").body);
    expect(text.split("cache_control").length - 1).toBeGreaterThanOrEqual(1);
    expect(text.split("cache_control").length - 1).toBeLessThanOrEqual(4);
  });

  test("is left alone for prompts under the model's minimum", async () => {
    await client.chat.completions.create({
      model: "claude-sonnet-4-5",
      messages: [{ role: "user", content: "Which way?" }],
    });
    expect(JSON.stringify(lastBody("anthropic").body)).not.toContain("cache_control");
  });

  test("is the caller's own affair where the caller marks", async () => {
    const marked = { type: "text" as const, text: system, cache_control: { type: "ephemeral" } };
    await client.chat.completions.create({
      model: "claude-sonnet-4-5",
      messages: [
        { role: "system", content: [marked] },
        { role: "user", content: "Which way?" },
      ],
    });
    expect(JSON.stringify(lastBody("anthropic").body).split("cache_control")).toHaveLength(2);
  });
});

describe("a conversation keeps its name", () => {
  test("at OpenAI as prompt_cache_key, kept a day where it can be", async () => {
    await converse("gpt-4.1", 2);
    const [last, before] = [lastBody("openai"), lastBody("openai", 2)];
    expect(last.body["prompt_cache_key"]).toMatch(/^[0-9a-f]{32}$/u);
    expect(last.body["prompt_cache_key"]).toBe(before.body["prompt_cache_key"]);
    expect(last.body["prompt_cache_retention"]).toBe("24h");
    await client.responses.create({ model: "gpt-5-codex", input: system });
    expect(lastBody("openai").body["prompt_cache_key"]).toMatch(/^[0-9a-f]{32}$/u);
    expect(lastBody("openai").body["prompt_cache_retention"]).toBe("24h");
  });

  test("but not over the caller's own, nor where the prompt is too short", async () => {
    await converse("gpt-4.1", 1, { prompt_cache_key: "mine" });
    expect(lastBody("openai").body).toMatchObject({ prompt_cache_key: "mine" });
    expect(lastBody("openai").body).not.toHaveProperty("prompt_cache_retention");
    await client.chat.completions.create({
      model: "gpt-4.1",
      messages: [{ role: "user", content: "Too short to be cached." }],
    });
    expect(lastBody("openai").body).not.toHaveProperty("prompt_cache_key");
  });

  test("at Fireworks as user, at xAI as a UUID in a header", async () => {
    await converse("gpt-oss-120b", 1);
    expect(lastBody("fireworks_ai").body["user"]).toMatch(/^[0-9a-f]{32}$/u);
    await converse("gpt-oss-120b", 1, { user: "me" });
    expect(lastBody("fireworks_ai").body["user"]).toBe("me");
    await converse("grok-4.3", 2);
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u;
    const { headers } = lastBody("xai");
    expect(headers["x-grok-conv-id"]).toMatch(uuid);
    expect(headers["x-grok-conv-id"]).toBe(lastBody("xai", 2).headers["x-grok-conv-id"]);
  });

  test("under trace_id, of which only a hash goes out", async () => {
    const gateway = { metadata: { trace_id: "trip-42" } };
    await converse("gpt-4.1", 1, { gateway });
    const { body } = lastBody("openai");
    expect(body["prompt_cache_key"]).toMatch(/^[0-9a-f]{32}$/u);
    expect(JSON.stringify(body)).not.toContain("trip-42");
    await client.chat.completions.create({
      model: "gpt-4.1",
      messages: [{ role: "user", content: system }],
      gateway,
    } as OpenAI.ChatCompletionCreateParamsNonStreaming);
    expect(lastBody("openai").body["prompt_cache_key"]).toBe(body["prompt_cache_key"]);
  });
});
