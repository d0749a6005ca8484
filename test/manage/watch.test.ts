import { createMemoryStores } from "@pointsman/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { fails, hangs } from "../failover/upstream.ts";
import { until } from "../failover/until.ts";
import { createClient, faultOf } from "./client.ts";
import type { Json } from "./client.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
beforeEach(async () => {
  lab = await startLab(["chat", "messages"], {
    stores: createMemoryStores(),
    keys: [{ key: adminKey, scopes: ["admin"] }],
  });
});
afterEach(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: adminKey }));

const metrics = async (): Promise<readonly string[]> => {
  const response = await fetch(lab.url.replace("/v1", "/metrics"));
  expect(response.headers.get("content-type")).toContain("text/plain");
  return (await response.text()).split("\n");
};

test("metrics count requests, attempts, tokens and money", async () => {
  lab.upstreams[0]?.play(fails(500));
  await lab.ask({ stream: true });
  await lab.ask({ stream: false, body: { model: "lab:tps", max_tokens: -1 } });
  const lines = await metrics();
  const all = expect.arrayContaining([
    'pointsman_requests_total{endpoint="chat_completions",outcome="success"} 1',
    'pointsman_attempts_total{provider="p0",model="lab",outcome="server_error"} 2',
    'pointsman_attempts_total{provider="p1",model="lab",outcome="success"} 1',
    'pointsman_tokens_total{provider="p1",model="lab",direction="input"} 11',
    'pointsman_tokens_total{provider="p1",model="lab",direction="output"} 8',
    // 11 tokens at 5 USD and 8 at 10 USD a million.
    'pointsman_cost_usd_total{provider="p1",model="lab"} 0.000135',
    'pointsman_ttft_seconds_count{provider="p1",model="lab"} 1',
    'pointsman_breaker_state{provider="p0",model="lab",tier="standard"} 0',
    'pointsman_request_duration_seconds_count{endpoint="chat_completions"} 1',
    "pointsman_overhead_seconds_count 1",
  ]);
  expect(lines, lines.join("\n")).toEqual(all);
  // Read twice, counted once.
  expect(await metrics()).toEqual(lines);
});

test("metrics take more values than may wait", async () => {
  const ask = () => lab.ask({ stream: false });
  for (let count = 0; count < 60; count += 1) await Promise.all(Array.from({ length: 10 }, ask));
  expect(await metrics()).toContain(
    'pointsman_request_duration_seconds_count{endpoint="chat_completions"} 600',
  );
});

test("health tells breakers and speeds to admins", async () => {
  lab.upstreams[0]?.play(fails(500));
  for (let count = 0; count < 6; count += 1) await lab.ask({ stream: false });
  const { json } = await call("GET", "/admin/health");
  expect(json).toMatchObject({
    object: "health",
    ttft_prompt_tokens: 1000,
    providers: [
      {
        provider: "p0",
        breaker: "open",
        in_flight: 0,
        offerings: [{ breaker: "open", ready_at: expect.stringMatching(/^\d{4}-/u) }],
      },
      { provider: "p1", breaker: "closed", offerings: [{ ready_at: null, observations: 6 }] },
    ],
  });
  expect(faultOf(await call("GET", "/admin/health", { key: "pk-lab" }))).toEqual([
    403,
    "insufficient_permissions",
    null,
  ]);
});

test("who watches is told of each request that is over, and of no content", async () => {
  const controller = new AbortController();
  const response = await fetch(`${lab.url}/admin/live`, {
    headers: { authorization: `Bearer ${adminKey}` },
    signal: controller.signal,
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  let text = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })();
  const told = (): readonly Json[] =>
    text
      .split("\n\n")
      .filter((event) => event.startsWith("data: "))
      .map((event) => JSON.parse(event.slice(6)) as Json);
  const tags = { gateway: { metadata: { tags: ["a", "b"] } } };
  const got = await lab.ask({ stream: true, body: tags });
  await until(() => told().length === 1);
  expect(told()[0]).toMatchObject({
    request_id: got.headers.get("x-request-id"),
    decision_id: got.headers.get("x-pointsman-decision-id"),
    workspace_id: "default",
    tags: ["a", "b"],
    endpoint: "chat_completions",
    stream: true,
    outcome: "success",
    provider: "p0",
    model: "lab",
    attempts: 1,
    tokens_input: 11,
    tokens_output: 8,
    cost_usd: got.metadata?.cost.usd,
  });
  for (const upstream of lab.upstreams) upstream.play(hangs);
  const leaving = new AbortController();
  const asking = lab.ask({ signal: leaving.signal }).catch(() => null);
  await until(() => lab.upstreams[0]?.attempts.length === 1);
  leaving.abort();
  await asking;
  await until(() => told().length === 2);
  expect(told()[1]).toMatchObject({ outcome: "client_disconnected", provider: null });
  expect(text).not.toContain("express");
  // A gateway that closes lets its watchers go.
  await lab.gateway.close({ drainMs: 5000 });
  await reading;
});
