import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { createClient } from "./client.ts";
import type { Json, Reply } from "./client.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
let stores: Stores;
beforeEach(async () => {
  stores = createMemoryStores();
  lab = await startLab(["chat"], {
    stores,
    keys: [{ key: adminKey, name: "operator", scopes: ["admin"] }],
  });
});
afterEach(() => lab.close());

const question = "Which track is the express on today?";

const call = createClient(() => ({ url: lab.url, key: adminKey }));

const keysPath = "/workspaces/default/api-keys";
const make = async (body: Json = {}, key?: string): Promise<{ id: string; secret: string }> => {
  const asked = { name: "app", ...body };
  const { status, json } = await call("POST", keysPath, { body: asked, ...(key ? { key } : {}) });
  expect(status, JSON.stringify(json)).toBe(201);
  return { id: String(json["id"]), secret: String(json["api_key"]) };
};
const errorOf = ({ json }: Reply): unknown => (json["error"] as Json | undefined)?.["code"];
const statusWith = async (key: string): Promise<number> =>
  (await call("GET", "/me", { key })).status;

test("a key is made, shown once, listed, changed and revoked at once", async () => {
  const { id, secret } = await make({ rate_limit_rpm: 60, expires_at: "2099-01-01T00:00:00Z" });
  expect(secret).toMatch(/^pm_live_[\w-]{43}$/u);
  const shown = await call("GET", `${keysPath}/${id}`);
  expect(shown.json).toMatchObject({
    id,
    name: "app",
    workspace_id: "default",
    key_prefix: secret.slice(0, 12),
    scopes: ["inference"],
    is_active: true,
    rate_limit_rpm: 60,
    expires_at: "2099-01-01T00:00:00.000Z",
  });
  expect(JSON.stringify(shown.json)).not.toContain(secret);
  expect(await statusWith(secret)).toBe(200);

  const changed = await call("PATCH", `${keysPath}/${id}`, {
    body: { name: "other", rate_limit_rpm: null },
  });
  expect(changed.json).toMatchObject({ name: "other", rate_limit_rpm: null });
  await call("PATCH", `${keysPath}/${id}`, { body: { is_active: false } });
  expect(await statusWith(secret)).toBe(401);
  await call("PATCH", `${keysPath}/${id}`, { body: { is_active: true } });
  expect(await statusWith(secret)).toBe(200);

  expect((await call("DELETE", `${keysPath}/${id}`)).json).toEqual({ id, deleted: true });
  expect(await statusWith(secret)).toBe(401);
  expect(errorOf(await call("GET", `${keysPath}/${id}`))).toBe("resource_not_found");
  // Nothing in the store could be used as a key.
  expect(
    JSON.stringify(await stores.keys.list("default", { limit: 9, after: null })),
  ).not.toContain(secret);
});

test("an answer is given to a stored key, within its own budget", async () => {
  const budget = { limit_usd: 0.000_03, enforce: true, include_byok: false, period: "total" };
  const { secret } = await make({ budget });
  const ask = async (): Promise<Reply> =>
    call("POST", "/chat/completions", {
      key: secret,
      body: { model: "lab", max_tokens: 8, messages: [{ role: "user", content: question }] },
    });
  const first = await ask();
  expect(first.status).toBe(200);
  expect(first.headers.get("x-budget-total-limit")).toBe("0.000030");
  const second = await ask();
  expect(second.status).toBe(429);
  expect(errorOf(second)).toBe("budget_exhausted");
  expect((await call("GET", "/me", { key: secret })).headers.get("x-budget-total-spend")).toBe(
    "0.000027",
  );
});

test("keys are listed by page, oldest first", async () => {
  const made = [];
  for (const name of ["a", "b", "c"]) made.push(await make({ name }));
  const first = await call("GET", `${keysPath}?limit=2`);
  expect(first.json).toMatchObject({ object: "list", count: 2, has_more: true });
  expect(first.json["next_cursor"]).toBe(made[1]?.id);
  const rest = await call("GET", `${keysPath}?limit=2&after=${made[1]?.id}`);
  expect(rest.json).toMatchObject({ count: 1, has_more: false, next_cursor: null });
});

test("/v1/me tells whose key it is", async () => {
  const { id, secret } = await make({ name: "mine", rate_limit_rpm: 5 });
  expect((await call("GET", "/me", { key: secret })).json).toMatchObject({
    credential_type: "api_key",
    status: "active",
    profile: "inference",
    key_id: id,
    key_prefix: secret.slice(0, 12),
    key_name: "mine",
    workspace: { id: "default", name: "Default" },
    scopes: ["inference"],
    rate_limits: { inference_rpm: 5, management_reads_rpm: 600, management_writes_rpm: 60 },
    expires_at: null,
  });
  const own = await call("GET", "/me");
  expect(own.json).toMatchObject({ profile: "admin", key_name: "operator" });
  expect(JSON.stringify(own.json)).not.toContain(adminKey);
  expect(Date.parse(String(own.json["created_at"]))).toBeGreaterThan(0);
});

describe("what is refused", () => {
  test.each([
    ["an unknown field", { name: "a", colour: "red" }, "unknown_field", "colour"],
    ["no name", {}, "missing_required_parameter", "name"],
    ["an empty name", { name: "" }, "invalid_parameter_value", "name"],
    [
      "a scope nobody knows",
      { name: "a", scopes: ["all"] },
      "invalid_parameter_value",
      "scopes[0]",
    ],
    ["no time", { name: "a", expires_at: "tomorrow" }, "invalid_parameter_value", "expires_at"],
    [
      "a rate below one",
      { name: "a", rate_limit_rpm: 0 },
      "invalid_parameter_value",
      "rate_limit_rpm",
    ],
    ["no object", [], "invalid_request", null],
  ])("%s", async (_, body, code, param) => {
    const reply = await call("POST", keysPath, { body });
    expect(reply.status).toBe(400);
    expect(reply.json["error"]).toMatchObject({ code, param });
  });

  test("what cannot be changed, and a change of nothing", async () => {
    const { id } = await make();
    const path = `${keysPath}/${id}`;
    expect(errorOf(await call("PATCH", path, { body: { scopes: ["admin"] } }))).toBe(
      "field_immutable",
    );
    expect(errorOf(await call("PATCH", path, { body: { colour: 1 } }))).toBe("unknown_field");
    expect(errorOf(await call("PATCH", path, { body: {} }))).toBe("missing_required_parameter");
  });

  test("more than one may give: an ordinary key makes keys for inference only", async () => {
    const { secret, id } = await make({ scopes: ["keys:write"] });
    await make({ name: "child" }, secret);
    const more = await call("POST", keysPath, {
      key: secret,
      body: { name: "x", scopes: ["admin"] },
    });
    expect(more.status).toBe(403);
    expect(errorOf(await call("DELETE", `${keysPath}/${id}`, { key: secret }))).toBe(
      "operation_not_allowed",
    );
  });

  test("other workspaces, whether they are there or not, and keys without the scope", async () => {
    const { secret } = await make({ scopes: ["keys:read"] });
    const theirs = await call("GET", "/workspaces/other/api-keys", { key: secret });
    expect(theirs.status).toBe(404);
    expect(errorOf(theirs)).toBe("resource_not_found");
    const plain = await make();
    expect((await call("GET", keysPath, { key: plain.secret })).status).toBe(403);
  });

  test("an expired key, and more calls than a key may make", async () => {
    const { secret } = await make({ expires_at: "2020-01-01T00:00:00Z" });
    expect(errorOf(await call("GET", "/me", { key: secret }))).toBe("expired_api_key");
    const replies = [];
    for (let made = 0; made < 61; made += 1)
      replies.push(await call("POST", keysPath, { body: {} }));
    const last = replies.at(-1);
    expect(last?.status).toBe(429);
    expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});
