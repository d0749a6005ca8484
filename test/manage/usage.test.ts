import { setTimeout as sleep } from "node:timers/promises";
import { createMemoryStores } from "@pointsman/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLab, surfaces } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { answers, endsEarly, fails, hangs, json, openThen } from "../failover/upstream.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
beforeEach(async () => {
  lab = await startLab(["chat", "messages"], {
    stores: createMemoryStores(),
    state: "sqlite:the-stores-are-given",
    keys: [{ key: adminKey, scopes: ["admin"] }],
  });
});
afterEach(() => lab.close());

type Json = Readonly<Record<string, unknown>>;
const get = async (path: string) => {
  const response = await fetch(`${lab.url}${path}`, {
    headers: { authorization: `Bearer ${adminKey}` },
  });
  return { status: response.status, json: (await response.json()) as Json };
};
const usage = async (query = ""): Promise<readonly Json[]> =>
  ((await get(`/workspaces/default/usage${query}`)).json["data"] ?? []) as readonly Json[];

const tagged = (tag: string) => ({ gateway: { metadata: { tags: [tag] } } });

test("what requests used is told by provider, model, key and tag, failures and repeats too", async () => {
  for (const surface of surfaces) {
    expect((await lab.ask({ surface, body: tagged("plain") })).finished).toBe(true);
  }
  // One repeat there, then the next provider, whose prices are five times as high.
  lab.upstreams[0]?.play(fails(500));
  expect((await lab.ask({ body: tagged("rescued") })).finished).toBe(true);
  lab.upstreams[0]?.play(fails(400));
  expect((await lab.ask()).error).toBe("invalid_request");
  const [all] = await usage();
  expect(all).toMatchObject({
    request_count: 5,
    error_count: 1,
    rate_limit_count: 0,
    tokens_input: 44,
    tokens_output: 32,
    tokens_total: 76,
    cost_usd: (3 * (11 + 2 * 8) + 5 * 11 + 10 * 8) / 1e6,
  });
  const byProvider = await usage("?by=provider");
  expect(
    byProvider.map(({ provider, tokens_input, request_count }) => [
      provider,
      tokens_input,
      request_count,
    ]),
  ).toEqual([
    [null, 0, 1],
    ["p0", 33, 3],
    ["p1", 11, 1],
  ]);
  const byTag = await usage("?by=tag");
  expect(byTag.map(({ tag, request_count }) => [tag, request_count])).toEqual([
    [null, 1],
    ["plain", 3],
    ["rescued", 1],
  ]);
  expect((await usage("?by=model")).map(({ model }) => model)).toEqual([null, "lab"]);
  expect(await usage("?by=key")).toHaveLength(1);
  expect(await usage("?interval=day")).toHaveLength(1);
  expect(await usage("?since=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z")).toEqual([]);
});

test("an attempt that failed and was billed counts, whether or not another one answered", async () => {
  lab.upstreams[0]?.play(
    json({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [
        {
          index: 0,
          finish_reason: "content_filter",
          message: { role: "assistant", content: null },
        },
      ],
      usage: { prompt_tokens: 11, completion_tokens: 3, total_tokens: 14 },
    }),
  );
  const refused = await lab.ask({ stream: false });
  expect(refused.error, refused.body).toBe("content_filtered");
  const filteredUsd = (11 + 2 * 3) / 1e6;
  expect((await usage())[0]).toMatchObject({
    request_count: 1,
    error_count: 1,
    tokens_input: 11,
    tokens_output: 3,
    cost_usd: filteredUsd,
  });
  // This wire tells what the prompt costs before any content, and ends before any.
  lab.upstreams[1]?.play(openThen(endsEarly));
  lab.upstreams[0]?.play(answers);
  const rescued = await lab.ask({ routing: { prefer: "p1" } });
  expect(rescued).toMatchObject({ finished: true, metadata: { provider: "p0" } });
  const cutAttempts = lab.upstreams[1]?.attempts.length ?? 0;
  expect(cutAttempts).toBeGreaterThan(0);
  const costUsd = rescued.metadata?.cost.usd ?? 0;
  expect(costUsd).toBeGreaterThan((11 + 2 * 8) / 1e6);
  expect((await usage())[0]?.["cost_usd"]).toBeCloseTo(filteredUsd + costUsd, 12);
});

test("a caller who left is a request that failed", async () => {
  lab.upstreams[0]?.play(hangs);
  await lab.ask({ signal: AbortSignal.timeout(80) }).catch(() => null);
  lab.upstreams[0]?.play(answers);
  let seen: readonly Json[] = [];
  for (let tries = 0; tries < 100 && seen.length === 0; tries += 1) {
    await sleep(10);
    seen = await usage();
  }
  expect(seen[0]).toMatchObject({ request_count: 1, error_count: 1, cost_usd: 0 });
});

test("of one key", async () => {
  const made = await fetch(`${lab.url}/workspaces/default/api-keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ name: "app" }),
  });
  const { id } = (await made.json()) as { id: string };
  const found = await get(`/workspaces/default/api-keys/${id}/usage?period=day`);
  expect(found.json).toMatchObject({ key_id: id, period: "day", request_count: 0, cost_usd: 0 });
  expect((await get("/workspaces/default/api-keys/none/usage")).status).toBe(404);
  expect((await get(`/workspaces/default/api-keys/${id}/usage?period=year`)).status).toBe(400);
});

test.each(["by=colour", "since=then", "interval=minute", "since=2030-01-01&until=2029-01-01"])(
  "refused: %s",
  async (query) => {
    const { status, json } = await get(`/workspaces/default/usage?${query}`);
    expect(status).toBe(400);
    expect(json["error"]).toMatchObject({ code: "invalid_parameter_value" });
  },
);
