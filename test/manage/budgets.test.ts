import { afterEach, beforeEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { createClient } from "./client.ts";
import type { Json } from "./client.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
beforeEach(async () => {
  lab = await startLab(["chat"], { keys: [{ key: adminKey, scopes: ["admin"] }] });
});
afterEach(() => lab.close());

const path = "/workspaces/default/budgets";
const send = createClient(() => ({ url: lab.url, key: adminKey }));
const call = (method: string, at: string, body?: unknown) => send(method, at, { body });
const daily = { scope_type: "workspace", period: "daily", limit_usd: 0.000_04 };
const short = { max_tokens: 8 };

test("a budget holds from its making on, is read, changed and taken away", async () => {
  const made = await call("POST", path, daily);
  expect(made.status).toBe(201);
  expect(made.json).toMatchObject({
    workspace_id: "default",
    scope_type: "workspace",
    period: "daily",
    limit_usd: 0.000_04,
    enforce: true,
    include_byok: false,
    spend_usd: 0,
    reserved_usd: 0,
    percent_used: 0,
  });
  expect(made.json["id"]).toMatch(/^bdgt_\w+$/u);
  const one = `${path}/${String(made.json["id"])}`;

  expect((await lab.ask({ body: short })).finished).toBe(true);
  expect(await lab.ask({ body: short })).toMatchObject({ status: 429, error: "budget_exhausted" });
  expect((await call("GET", one)).json).toMatchObject({ spend_usd: 0.000_027, percent_used: 67.5 });
  expect((await call("PATCH", one, { limit_usd: 1 })).json).toMatchObject({ limit_usd: 1 });
  expect((await lab.ask({ body: short })).finished).toBe(true);
  expect((await call("GET", path)).json).toMatchObject({ object: "list", count: 1 });
  expect((await call("DELETE", one)).json).toMatchObject({ deleted: true });
  expect((await call("GET", one)).status).toBe(404);
  expect((await lab.ask({ body: short })).finished).toBe(true);
});

test.each([
  ["two of a scope and period", daily, 409, "duplicate_resource", null],
  [
    "no limit",
    { scope_type: "workspace", period: "daily" },
    400,
    "missing_required_parameter",
    "limit_usd",
  ],
  ["a limit of nothing", { ...daily, limit_usd: 0 }, 400, "invalid_parameter_value", "limit_usd"],
  [
    "a period nobody knows",
    { ...daily, period: "hourly" },
    400,
    "invalid_parameter_value",
    "period",
  ],
  [
    "a key without a name",
    { ...daily, scope_type: "api_key" },
    400,
    "missing_required_parameter",
    "scope_id",
  ],
  ["an unknown field", { ...daily, colour: 1 }, 400, "unknown_field", "colour"],
])("refused: %s", async (_, body, status, code, param) => {
  await call("POST", path, daily);
  const refused = await call("POST", path, body);
  expect(refused.status).toBe(status);
  expect(refused.json["error"]).toMatchObject({ code, param });
});

test("what cannot be changed, and a change of nothing", async () => {
  const made = await call("POST", path, daily);
  const one = `${path}/${String(made.json["id"])}`;
  const codeOf = async (body: Json): Promise<unknown> =>
    ((await call("PATCH", one, body)).json["error"] as Json)["code"];
  expect(await codeOf({ period: "total" })).toBe("field_immutable");
  expect(await codeOf({})).toBe("missing_required_parameter");
  expect((await call("PATCH", `${path}/none`, { limit_usd: 1 })).status).toBe(404);
});
