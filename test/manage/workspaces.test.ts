import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { answers, fails } from "../failover/upstream.ts";
import { createClient, faultOf } from "./client.ts";
import type { Json } from "./client.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
let stores: Stores;
const open = (): Promise<Lab> =>
  startLab(["chat", "chat"], {
    stores,
    keys: [{ key: adminKey, scopes: ["admin"] }],
  });
beforeEach(async () => {
  stores = createMemoryStores();
  lab = await open();
});
afterEach(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: adminKey }));

const make = async (slug: string, name = "Signal box"): Promise<string> => {
  const { status, json } = await call("POST", "/workspaces", { body: { name, slug } });
  expect(status, JSON.stringify(json)).toBe(201);
  return String(json["id"]);
};
const keyIn = async (workspace: string, scopes: readonly string[]): Promise<string> => {
  const path = `/workspaces/${workspace}/api-keys`;
  const { json } = await call("POST", path, { body: { name: "k", scopes } });
  return String(json["api_key"]);
};
const chat = { model: "lab", messages: [{ role: "user", content: "Which track?" }] };
const providerOf = async (key: string, body: Json = {}): Promise<unknown> => {
  const { json } = await call("POST", "/chat/completions", { key, body: { ...chat, ...body } });
  return (json["routing_metadata"] as Json | undefined)?.["provider"] ?? json;
};

test("a workspace is made, listed, renamed, and its keys are its own", async () => {
  const made = await call("POST", "/workspaces", { body: { name: "Signal box", slug: "signals" } });
  expect(made.json).toMatchObject({
    name: "Signal box",
    slug: "signals",
    tier: "self_hosted",
    user_role: "owner",
    member_count: 1,
    can_use_paid_models: true,
  });
  const id = String(made.json["id"]);
  const key = await keyIn(id, ["inference", "workspaces:write", "routing:write"]);
  expect(await providerOf(key)).toBe("p0");
  const listed = (await call("GET", "/workspaces")).json["data"] as readonly Json[];
  expect(listed.map((one) => one["id"])).toEqual(["default", id]);
  const seen = (await call("GET", "/workspaces", { key })).json["data"] as readonly Json[];
  expect(seen.map((one) => one["id"])).toEqual([id]);
  const renamed = await call("PATCH", `/workspaces/${id}`, { key, body: { name: "Box" } });
  expect(renamed.json).toMatchObject({ id, name: "Box", slug: "signals" });
  expect((await call("GET", "/me", { key })).json["workspace"]).toEqual({ id, name: "Box" });
  expect(faultOf(await call("GET", "/workspaces/default", { key }))).toEqual([
    404,
    "resource_not_found",
    null,
  ]);
});

test("a configured workspace keeps its new name, and what was made, over a restart", async () => {
  const id = await make("signals");
  await call("PATCH", "/workspaces/default", { body: { name: "Main line" } });
  await call("PUT", "/workspaces/default/routing", {
    body: { routing: { exclude_providers: ["p0"] } },
  });
  const key = await keyIn(id, ["inference"]);
  await lab.close();
  lab = await open();
  expect((await call("GET", "/workspaces/default")).json).toMatchObject({ name: "Main line" });
  expect(await providerOf("pk-lab")).toBe("p1");
  expect(await providerOf(key)).toBe("p0");
});

test.each([
  [{ name: "x" }, "missing_required_parameter", "slug"],
  [{ name: "x", slug: "Not a slug" }, "invalid_parameter_value", "slug"],
  [{ name: "x", slug: "a", colour: 1 }, "unknown_field", "colour"],
  [{ name: "x", slug: "default" }, "duplicate_resource", "slug"],
  [{ name: "x", slug: "taken" }, "duplicate_resource", "slug"],
] as const)("%j makes none", async (body, code, param) => {
  await make("taken");
  expect(faultOf(await call("POST", "/workspaces", { body })).slice(1)).toEqual([code, param]);
});

test("only admin makes workspaces; a slug stays", async () => {
  const key = await keyIn("default", ["workspaces:write"]);
  const refused = await call("POST", "/workspaces", { key, body: { name: "x", slug: "x" } });
  expect(faultOf(refused)).toEqual([403, "insufficient_permissions", null]);
  const fixed = await call("PATCH", "/workspaces/default", { key, body: { slug: "y" } });
  expect(faultOf(fixed)).toEqual([400, "field_immutable", "slug"]);
  const empty = await call("PATCH", "/workspaces/default", { key, body: {} });
  expect(faultOf(empty)).toEqual([400, "missing_required_parameter", "name"]);
});

describe("routing defaults", () => {
  const path = "/workspaces/default/routing";
  const routing = async (): Promise<unknown> => (await call("GET", path)).json["routing"];

  test("hold from the next request on; PUT replaces, PATCH merges, null clears", async () => {
    expect(await call("GET", path)).toMatchObject({
      status: 200,
      json: { object: "routing_defaults", workspace_id: "default", routing: { optimize: "cost" } },
    });
    expect(await providerOf("pk-lab")).toBe("p0");
    const put = await call("PUT", path, { body: { routing: { prefer: "p1" } } });
    expect(put.json["routing"]).toEqual({ prefer: "p1" });
    expect(await providerOf("pk-lab")).toBe("p1");
    const merged = await call("PATCH", path, {
      body: { routing: { prefer: null, exclude_providers: ["p0"], max_fallback_attempts: 1 } },
    });
    expect(merged.json["routing"]).toEqual({ exclude_providers: ["p0"], max_fallback_attempts: 1 });
    expect(await providerOf("pk-lab")).toBe("p1");
    expect(
      await providerOf("pk-lab", { gateway: { routing: { providers: ["p0"] } } }),
    ).toMatchObject({ error: { code: "provider_blocked" } });
    await call("PUT", path, { body: { routing: {} } });
    expect(await routing()).toEqual({});
  });

  test("the stricter data policy counts, and the request wins else", async () => {
    await call("PUT", path, { body: { routing: { data_policy: "zdr" } } });
    expect(await providerOf("pk-lab")).toMatchObject({
      error: { code: "no_compatible_endpoint", param: "gateway.routing.data_policy" },
    });
    const laxer = { gateway: { routing: { data_policy: "none" } } };
    expect(await providerOf("pk-lab", laxer)).toMatchObject({
      error: { code: "no_compatible_endpoint" },
    });
  });

  test("limits of time are in force", async () => {
    await call("PUT", path, { body: { routing: { allow_fallbacks: false } } });
    lab.upstreams[0]?.play(fails(400));
    expect(await providerOf("pk-lab")).toMatchObject({ error: { code: "invalid_request" } });
    expect(lab.upstreams[1]?.attempts).toEqual([]);
  });

  test.each([
    ["PUT", {}, "missing_required_parameter", "routing"],
    ["PUT", { routing: { optimise: "cost" } }, "unknown_field", "routing.optimise"],
    ["PATCH", { routing: { optimize: "fastest" } }, "invalid_parameter_value", "routing.optimize"],
    ["PATCH", { routing: {} }, "missing_required_parameter", "routing"],
    [
      "PATCH",
      { routing: { only_byok: true, only_platform: true } },
      "invalid_parameter_value",
      "routing.only_platform",
    ],
  ] as const)("%s %j is refused, and nothing changes", async (method, body, code, param) => {
    expect(faultOf(await call(method, path, { body }))).toEqual([400, code, param]);
    expect(await routing()).toEqual({ optimize: "cost" });
  });
});

describe("credits", () => {
  const billing = "/workspaces/default/billing";

  test("there are none until some are bought, and then they pay to the last", async () => {
    expect((await call("GET", `${billing}/balance`)).json).toMatchObject({
      object: "balance",
      balance_microdollars: null,
      balance_usd: null,
      auto_reload: { enabled: false },
      byok_monthly_cap: null,
    });
    expect(await providerOf("pk-lab")).toBe("p0");
    const added = await call("POST", `${billing}/credits`, { body: { amount_microdollars: 40 } });
    expect(added).toMatchObject({
      status: 201,
      json: {
        balance_microdollars: 40,
        balance_cents: 0,
        balance_usd: "0.000040",
        credits_purchased_microdollars: 40,
        credits_used_microdollars: 0,
      },
    });
    const short = { max_tokens: 8 };
    const got = await lab.ask({ stream: false, body: short });
    expect([got.status, got.headers.get("x-credits-balance-microdollars")]).toEqual([200, "40"]);
    // 11 tokens in, 8 out.
    expect((await call("GET", `${billing}/balance`)).json).toMatchObject({
      balance_microdollars: 13,
      credits_used_microdollars: 27,
    });
    const refused = await lab.ask({ stream: false, body: short });
    expect([refused.status, refused.error]).toEqual([429, "insufficient_quota"]);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(refused.headers.get("x-error-type")).toBe("quota");
    expect(refused.headers.get("x-budget-exceeded")).toBe(null);
    await call("POST", `${billing}/credits`, { body: { amount_microdollars: 100 } });
    expect((await lab.ask({ stream: false, body: short })).status).toBe(200);
    const budgets = await call("GET", "/workspaces/default/budgets");
    expect(budgets.json["count"]).toBe(0);
  });

  test("many purchases at once are all counted", async () => {
    await Promise.all(
      Array.from({ length: 30 }, () =>
        call("POST", `${billing}/credits`, { body: { amount_microdollars: 7 } }),
      ),
    );
    const { json } = await call("GET", `${billing}/balance`);
    expect(json["balance_microdollars"]).toBe(210);
  });

  test.each([
    [{}, "missing_required_parameter"],
    [{ amount_microdollars: 0 }, "invalid_parameter_value"],
    [{ amount_microdollars: 1.5 }, "invalid_parameter_value"],
  ])("%j buys none", async (body, code) => {
    const reply = await call("POST", `${billing}/credits`, { body });
    expect(faultOf(reply)).toEqual([400, code, "amount_microdollars"]);
  });
});

describe("idempotency", () => {
  const credits = "/workspaces/default/billing/credits";
  const body = { amount_microdollars: 7 };
  const balance = async (): Promise<unknown> =>
    (await call("GET", "/workspaces/default/billing/balance")).json["balance_microdollars"];

  test("a repeated key gets its answer again, and nothing is done twice", async () => {
    const headers = { "idempotency-key": "purchase-1" };
    const first = await call("POST", credits, { body, headers });
    const again = await call("POST", credits, { body, headers });
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(first.headers.get("idempotent-replayed")).toBe(null);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await balance()).toBe(7);
    const other = await call("POST", credits, { body: { amount_microdollars: 8 }, headers });
    expect(faultOf(other)).toEqual([409, "idempotency_conflict", null]);
    expect(other.headers.get("x-should-retry")).toBe("false");
    expect(await balance()).toBe(7);
  });

  test("of many at once one is done, and the others are told to wait or get its answer", async () => {
    const headers = { "idempotency-key": "purchase-2" };
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => call("POST", credits, { body, headers })),
    );
    for (const reply of replies) {
      if (reply.status === 201) continue;
      expect(faultOf(reply)).toEqual([409, "idempotency_conflict", null]);
      expect(reply.headers.get("retry-after")).toBe("1");
      expect(reply.headers.get("x-should-retry")).toBe("true");
    }
    expect(await balance()).toBe(7);
  });

  test("what failed frees its key, and a bad key is refused", async () => {
    const headers = { "idempotency-key": "purchase-3" };
    const failed = await call("POST", credits, { body: { amount_microdollars: 0 }, headers });
    expect(failed.status).toBe(400);
    expect((await call("POST", credits, { body, headers })).status).toBe(201);
    for (const key of ["no spaces", "x".repeat(256), "é"]) {
      const response = call("POST", credits, { body, headers: { "idempotency-key": key } });
      expect(faultOf(await response)).toEqual([400, "invalid_parameter_value", "Idempotency-Key"]);
    }
  });

  test.each(["chat", "responses", "messages"] as const)(
    "an answer on %s is made once and not kept; one that failed frees its key",
    async (surface) => {
      const ask = async (stream: boolean, key: string) => {
        const { url, init } = lab.request({ surface, stream });
        const headers = new Headers(init.headers);
        headers.set("idempotency-key", key);
        const response = await fetch(url, { ...init, headers });
        return { status: response.status, text: await response.text() };
      };
      for (const upstream of lab.upstreams) upstream.play(fails(400));
      expect((await ask(false, "a")).status).toBe(400);
      for (const upstream of lab.upstreams) upstream.play(answers);
      // A key is let go of beside the answer: whoever is faster is told that it runs.
      const settled = async (stream: boolean, key: string) => {
        for (;;) {
          const got = await ask(stream, key);
          if (!got.text.includes("idempotency_conflict")) return got;
        }
      };
      expect((await settled(false, "a")).status).toBe(200);
      const again = await settled(false, "a");
      expect(again.status).toBe(409);
      expect(again.text).toContain("idempotency_replay_unavailable");
      expect((await ask(true, "b")).status).toBe(200);
      expect((await settled(true, "b")).text).toContain("idempotency_replay_unavailable");
    },
  );
});
