import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultsOf, readDocument } from "../contract/document.ts";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { until } from "../failover/until.ts";
import { answers, fails, resets } from "../failover/upstream.ts";
import type { Act } from "../failover/upstream.ts";
import { createClient, faultOf } from "./client.ts";
import type { Json } from "./client.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
const ownKey = "sk-own-0123456789abcdefghijklmnopqrstuvwxyz";
const secretKey = "operator-secret-0123456789abcdef";
const path = "/workspaces/default/byok-keys";
let lab: Lab;
let stores: Stores;
const open = (specs: Parameters<typeof startLab>[0] = ["chat", "chat"]): Promise<Lab> =>
  startLab(specs, {
    stores,
    secretKey,
    keys: [{ key: adminKey, scopes: ["admin"] }],
  });
beforeEach(async () => {
  stores = createMemoryStores();
  lab = await open();
});
afterEach(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: adminKey }));

const make = async (body: Json = {}): Promise<Json> => {
  const asked = { provider: "p0", api_key: ownKey, ...body };
  const { status, json } = await call("POST", path, { body: asked });
  expect(status, JSON.stringify(json)).toBe(201);
  return json;
};
const keysSeen = (at: number): readonly (string | undefined)[] =>
  (lab.upstreams[at]?.attempts ?? []).map(({ headers }) =>
    String(headers.authorization ?? headers["x-api-key"] ?? headers["x-goog-api-key"]).replace(
      "Bearer ",
      "",
    ),
  );
const platformKey = "sk-upstream-0123456789abcdefghijklmnop";
/** What is done where the caller's own key comes; all others are answered. */
const toOwnKey =
  (act: Act): Act =>
  (scene) =>
    (scene.request.headers.authorization?.includes(ownKey) === true ? act : answers)(scene);

test.each(["chat", "responses", "messages", "gemini"] as const)(
  "a key is checked with its provider over the wire of %s, sealed, and used before the platform's",
  async (wire) => {
    await lab.close();
    lab = await open([wire]);
    const made = await make();
    expect(lab.upstreams[0]?.attempts).toMatchObject([
      { path: wire === "gemini" ? "/v1beta/models" : "/v1/models" },
    ]);
    expect(keysSeen(0)).toEqual([ownKey]);
    expect(made).toMatchObject({
      provider: "p0",
      name: "p0 Key",
      key_prefix: "sk-own-01234",
      is_default: false,
      disabled: false,
      validation_status: "valid",
      account_tier: "standard",
      tier_source: "fallback",
    });
    const kept = await stores.byokKeys.get("default", String(made["id"]));
    expect(JSON.stringify(kept)).not.toContain(ownKey.slice(12));
    lab.upstreams[0]?.play(answers);
    const surface = wire === "responses" ? "responses" : "chat";
    const got = await lab.ask({ surface, stream: false });
    expect(got.metadata?.cost, got.body).toMatchObject({ byok: true });
    expect(keysSeen(0)).toEqual([ownKey]);
  },
);

test("own keys cost no credits, and count where a budget says so", async () => {
  await make();
  await call("POST", "/workspaces/default/billing/credits", { body: { amount_microdollars: 1 } });
  const short = { max_tokens: 8 };
  expect((await lab.ask({ stream: false, body: short })).status).toBe(200);
  const platform = { gateway: { routing: { only_platform: true } }, ...short };
  expect(await lab.ask({ stream: false, body: platform })).toMatchObject({
    status: 429,
    error: "insufficient_quota",
  });
  const budget = { period: "daily", limit_usd: 0.000_027, scope_type: "byok_provider" };
  await call("POST", "/workspaces/default/budgets", {
    body: { ...budget, scope_provider: "p0" },
  });
  const own = { gateway: { routing: { only_byok: true } }, ...short };
  // 11 tokens in, 8 out.
  expect((await lab.ask({ stream: false, body: { ...own, max_tokens: 1 } })).status).toBe(200);
  const refused = await lab.ask({ stream: false, body: own });
  expect([refused.status, refused.error]).toEqual([429, "budget_exhausted"]);
  expect(refused.headers.get("x-budget-exceeded-scope")).toBe("byok_provider");
});

test("a rate-limited own key gives way to the platform's of that provider", async () => {
  await make();
  lab.upstreams[0]?.play(toOwnKey(fails(429, { headers: { "retry-after": "60" } })));
  const got = await lab.ask({ stream: false });
  expect(got).toMatchObject({ status: 200, metadata: { provider: "p0" } });
  expect(keysSeen(0)).toEqual([ownKey, platformKey]);
  expect(lab.upstreams[1]?.attempts).toEqual([]);
});

test("a refused own key is marked, the platform answers; under only_byok it is an error", async () => {
  const { id } = await make();
  lab.upstreams[0]?.play(toOwnKey(fails(401, { message: `no such key: ${ownKey}` })));
  const only = { gateway: { routing: { only_byok: true } } };
  const refused = await lab.ask({ stream: false, body: only });
  expect([refused.status, refused.error]).toEqual([502, "upstream_error"]);
  expect(refused.headers.get("x-should-retry")).toBe("false");
  expect(refused.body).not.toContain(ownKey.slice(12));
  const got = await lab.ask({ stream: false });
  expect(got).toMatchObject({ status: 200, metadata: { provider: "p0" } });
  await until(() => lab.gateway.book.get("default")?.own.length === 0);
  const shown = await call("GET", `${path}/${String(id)}`);
  expect(shown.json["validation_status"]).toBe("invalid");
  // It is tried again once it was validated.
  lab.upstreams[0]?.play(answers);
  const validated = await call("POST", `${path}/${String(id)}/validate`);
  expect(validated.json["validation_status"]).toBe("valid");
  expect(lab.gateway.book.get("default")?.own).toHaveLength(1);
});

test("only_byok and only_platform", async () => {
  const ask = (routing: Json) => lab.ask({ stream: false, routing });
  expect((await ask({ only_byok: true })).error).toBe("byok_keys_required");
  await make();
  lab.upstreams[0]?.play(answers);
  expect((await ask({ only_byok: true })).status).toBe(200);
  expect((await ask({ only_platform: true })).status).toBe(200);
  expect(keysSeen(0)).toEqual([ownKey, platformKey]);
  await lab.close();
  lab = await open([{ wire: "chat", more: { apiKey: null, kind: "openai" } }]);
  expect((await ask({ only_platform: true })).error).toBe("platform_keys_unavailable");
  expect((await ask({})).status, "sealed keys are opened again").toBe(200);
});

test("the default is preferred, then the oldest; a disabled one is not used", async () => {
  const second = `${ownKey}-second`;
  const { id } = await make();
  await make({ api_key: second, is_default: true, name: "Team" });
  const usedFirst = async (): Promise<unknown> => {
    lab.upstreams[0]?.play(answers);
    await lab.ask({ stream: false });
    return keysSeen(0)[0];
  };
  expect(await usedFirst()).toBe(second);
  const crowned = await call("PATCH", `${path}/${String(id)}`, { body: { is_default: true } });
  expect(crowned.json["is_default"]).toBe(true);
  const listed = (await call("GET", path)).json["data"] as readonly Json[];
  expect(listed.map((key) => key["is_default"])).toEqual([true, false]);
  expect(await usedFirst()).toBe(ownKey);
  await call("PATCH", `${path}/${String(id)}`, { body: { disabled: true } });
  expect(await usedFirst()).toBe(second);
  const removed = await call("DELETE", `${path}/${String(id)}`);
  expect(removed.json).toEqual({ id, deleted: true });
  expect(faultOf(await call("GET", `${path}/${String(id)}`))[0]).toBe(404);
});

test("the same creation twice under a key is one; the key's text is in no answer", async () => {
  const body = { provider: "p0", api_key: ownKey };
  const headers = { "idempotency-key": "make-1" };
  const first = await call("POST", path, { body, headers });
  const again = await call("POST", path, { body, headers });
  expect(again.text).toBe(first.text);
  expect(first.text).not.toContain(ownKey.slice(12));
  expect((await call("GET", path)).json["count"]).toBe(1);
});

test("a key that was saved while the store gave way is told to be on its way, and then used", async () => {
  await lab.close();
  const { byokKeys } = stores;
  let isDown = false;
  lab = await startLab(["chat"], {
    stores: {
      ...stores,
      byokKeys: {
        create: (key) => byokKeys.create(key),
        get: (...values) => byokKeys.get(...values),
        update: (...values) => byokKeys.update(...values),
        delete: (...values) => byokKeys.delete(...values),
        list: (...values) =>
          isDown ? Promise.reject(new Error("the store is down")) : byokKeys.list(...values),
      },
    },
    state: "sqlite:given",
    secretKey,
    keys: [{ key: adminKey, scopes: ["admin"] }],
  });
  isDown = true;
  const reply = await call("POST", path, { body: { provider: "p0", api_key: ownKey } });
  expect(reply.status, reply.text).toBe(202);
  expect(reply.json).toMatchObject({ validation_status: "valid", propagation_status: "pending" });
  const described = (await readDocument(lab.url)).operations.get("createByokKey");
  expect(described?.accepted && faultsOf(described.accepted, reply.json)).toEqual([]);
  isDown = false;
  await until(() => lab.gateway.book.get("default")?.own.length === 1);
});

describe("nothing is saved", () => {
  afterEach(async () => {
    expect((await call("GET", path)).json["count"]).toBe(0);
  });

  test.each([
    ["refused", fails(401), 400, "invalid_parameter_value", "api_key"],
    ["not answered", resets, 502, "upstream_error", null],
    ["answered by an outage", fails(503), 502, "upstream_error", null],
  ] as const)("of a key that is %s", async (_case, act, status, code, param) => {
    lab.upstreams[0]?.play(act);
    const reply = await call("POST", path, { body: { provider: "p0", api_key: ownKey } });
    expect(faultOf(reply)).toEqual([status, code, param]);
  });

  test.each([
    [{ api_key: ownKey }, "missing_required_parameter", "provider"],
    [{ provider: "p0", api_key: "short" }, "invalid_parameter_value", "api_key"],
    [{ provider: "nobody", api_key: ownKey }, "invalid_parameter_value", "provider"],
    [
      { provider: "p0", api_key: ownKey, account_tier: "gold" },
      "invalid_parameter_value",
      "account_tier",
    ],
    [{ provider: "p0", api_key: ownKey, data_policy: "zdr" }, "unknown_field", "data_policy"],
  ] as const)("of %j", async (body, code, param) => {
    expect(faultOf(await call("POST", path, { body })).slice(1)).toEqual([code, param]);
  });

  test("where no secret is set", async () => {
    await lab.close();
    lab = await startLab(["chat"], { stores, keys: [{ key: adminKey, scopes: ["admin"] }] });
    const reply = await call("POST", path, { body: { provider: "p0", api_key: ownKey } });
    expect(faultOf(reply)).toEqual([403, "feature_disabled", null]);
  });
});

test("providers and their tiers are told to anybody", async () => {
  const { json } = await call("GET", "/byok/providers", { key: "nobody's" });
  expect(json).toMatchObject({
    object: "list",
    data: [
      { provider: "p0", display_name: "p0", default_tier: "standard", data_policy: "none" },
      {},
    ],
    count: 2,
  });
  const tiers = await call("GET", "/byok/providers/p0/tiers");
  expect(tiers.json).toMatchObject({ object: "list", provider: "p0", count: 1 });
  expect((await call("GET", "/byok/providers/nobody/tiers")).status).toBe(404);
});
