import { createMemoryStores } from "@pointsman/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLab, surfaces } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { answers, fails, hangs } from "../failover/upstream.ts";
import type { Act } from "../failover/upstream.ts";
import { createClient } from "../manage/client.ts";
import type { Json, Reply } from "../manage/client.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
const rpm = 50;
let lab: Lab;
beforeAll(async () => {
  lab = await startLab([{ wire: "chat", more: { health: { openAfter: 100 } } }], {
    stores: createMemoryStores(),
    key: { rateLimitRpm: rpm },
    keys: [{ key: adminKey, scopes: ["admin"] }],
  });
});
afterAll(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: adminKey }));

type Row = {
  readonly status: number;
  readonly body?: Json;
  readonly act?: Act;
  readonly headers?: Readonly<Record<string, string>>;
};

const rows: readonly Row[] = [
  { status: 200 },
  { status: 400, body: { temperature: "warm" } },
  { status: 404, body: { model: "nobody" } },
  { status: 400, headers: { "idempotency-key": "not a key" } },
  { status: 504, act: hangs, body: { gateway: { routing: { timeout_ms: 50 } } } },
  { status: 502, act: fails(500) },
];
const cases = rows.flatMap((row) => surfaces.map((surface) => ({ ...row, surface })));

test.each(cases)(
  "a limited key is told how it stands beside a $status on $surface",
  async ({ surface, status, body = {}, act = answers, headers = {} }) => {
    lab.upstreams[0]?.play(act);
    const asked = lab.request({ surface, stream: false, body });
    const all = new Headers(asked.init.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    const response = await fetch(asked.url, { ...asked.init, headers: all });
    expect(response.status, await response.text()).toBe(status);
    expect(response.headers.get("x-ratelimit-limit-requests")).toBe(String(rpm));
    expect(response.headers.get("x-ratelimit-remaining-requests")).toMatch(/^\d+$/u);
    const reset = response.headers.get("x-ratelimit-reset-requests") ?? "";
    expect(new Date(reset).toISOString()).toBe(reset);
  },
);

test("counting tokens counts against the same limit", async () => {
  const left = async (): Promise<number> => {
    const asked = lab.request({ surface: "messages", stream: false });
    const response = await fetch(`${asked.url}/count_tokens`, asked.init);
    expect(response.status, await response.text()).toBe(200);
    return Number(response.headers.get("x-ratelimit-remaining-requests") ?? Number.NaN);
  };
  const before = await left();
  expect(await left()).toBe(before - 1);
});

describe("always there", () => {
  const expectAlways = ({ headers, status }: Reply): void => {
    expect(headers.get("x-request-id")).toMatch(/^[A-Za-z0-9_-]{1,128}$/u);
    expect(headers.get("request-id")).toBe(headers.get("x-request-id"));
    if (status < 400) return;
    expect(headers.get("x-error-type")).not.toBeNull();
    expect(headers.get("x-error-retryable")).toMatch(/^(?:true|false)$/u);
    expect(headers.get("x-should-retry")).toBe(headers.get("x-error-retryable"));
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  };
  const w = "/workspaces/default";

  test.each([
    [200, "GET", "/models", {}],
    [200, "GET", "/registry/providers", { key: "nobody" }],
    [401, "GET", "/me", { key: "nobody" }],
    [401, "POST", "/chat/completions", { key: "nobody", body: {} }],
    [401, "POST", "/messages", { key: "nobody", body: {} }],
    [403, "GET", w, { key: "pk-lab" }],
    [404, "GET", "/nowhere", {}],
    [404, "GET", "/workspaces/another", {}],
    [404, "GET", "/models/nobody", {}],
    [404, "GET", "/byok/providers/nobody/tiers", {}],
    [405, "DELETE", "/messages", {}],
    [400, "POST", `${w}/budgets`, { body: {} }],
    [400, "POST", "/route", { body: {} }],
    [400, "GET", `${w}/api-keys?limit=0`, {}],
    [400, "GET", `${w}/usage?by=colour`, {}],
  ] as const)("beside a %i to %s %s", async (status, method, path, options) => {
    const reply = await call(method, path, options);
    expect(reply.status, reply.text).toBe(status);
    expectAlways(reply);
  });

  test("beside a management call over the limit, which tells whose limit it was", async () => {
    let reply = await call("PATCH", w, { body: {} });
    for (let count = 0; count < 70 && reply.status !== 429; count += 1) {
      reply = await call("PATCH", w, { body: {} });
    }
    expect(reply.status).toBe(429);
    expectAlways(reply);
    expect(reply.headers.get("x-rate-limit-source")).toBe("gateway");
    const seconds = Number(reply.headers.get("retry-after"));
    expect(Number.isInteger(seconds) && seconds >= 1).toBe(true);
    expect(reply.headers.get("retry-after-ms")).toBe(String(seconds * 1000));
  });

  test("a caller's own id is kept, also where the key is unknown", async () => {
    const headers = { "x-request-id": "mine-1" };
    const reply = await call("GET", "/me", { key: "nobody", headers });
    expect([reply.headers.get("x-request-id"), reply.headers.get("request-id")]).toEqual([
      "mine-1",
      "mine-1",
    ]);
  });
});
