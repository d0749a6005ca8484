import { createMemoryStores } from "@pointsman/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { createClient } from "../manage/client.ts";
import type { Json } from "../manage/client.ts";
import { expectShape } from "./shape.ts";
import type { Shape } from "./shape.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
beforeAll(async () => {
  lab = await startLab(["chat"], {
    stores: createMemoryStores(),
    state: "sqlite:given",
    secretKey: "operator-secret-0123456789abcdef",
    keys: [{ key: adminKey, name: "operator", scopes: ["admin"] }],
  });
});
afterAll(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: adminKey }));
const w = "/workspaces/default";

const policy = ["none", "no_training", "zdr"];

const page: Shape = {
  object: ["list"],
  data: "list",
  count: "int",
  has_more: "boolean",
  next_cursor: "string?",
};
const workspace: Shape = {
  id: "string",
  name: "string",
  slug: "string",
  tier: ["self_hosted"],
  user_role: ["owner"],
  member_count: "int",
  can_use_paid_models: "boolean",
  created_at: "time",
};
const apiKey: Shape = {
  id: "string",
  workspace_id: "string",
  name: "string",
  key_prefix: "string",
  scopes: "strings",
  is_active: "boolean",
  created_at: "time",
  rate_limit_rpm: "int?",
  expires_at: "time?",
  last_used_at: "time?",
  created_by_key_id: "string?",
};
const byokKey: Shape = {
  id: "string",
  workspace_id: "string",
  provider: "string",
  name: "string",
  key_prefix: "string",
  is_default: "boolean",
  disabled: "boolean",
  validation_status: ["valid", "pending", "invalid", "error"],
  account_tier: "string?",
  tier_source: ["auto_detected", "user_specified", "fallback"],
  last_validated_at: "time?",
  created_at: "time",
  updated_at: "time",
};
const budget: Shape = {
  id: "string",
  workspace_id: "string",
  scope_type: ["workspace", "api_key", "byok_provider"],
  period: ["daily", "weekly", "monthly", "total"],
  limit_usd: "number",
  enforce: "boolean",
  include_byok: "boolean",
  spend_usd: "number",
  reserved_usd: "number",
  percent_used: "number",
  period_start: "time",
  period_end: "time?",
  created_at: "time",
  updated_at: "time",
};
const counts: Shape = {
  request_count: "int",
  error_count: "int",
  rate_limit_count: "int",
  tokens_input: "int",
  tokens_output: "int",
  tokens_total: "int",
  cost_usd: "number",
};
const balance: Shape = {
  object: ["balance"],
  balance_microdollars: "int?",
  balance_cents: "int?",
  balance_usd: "string?",
  credits_purchased_microdollars: "int",
  credits_used_microdollars: "int",
  auto_reload: { enabled: "boolean", threshold_cents: "int?", target_cents: "int?" },
  tier: ["self_hosted"],
  payment_method: "string?",
  platform_fee_rate: ["0"],
  lifetime_volume_usd: "number",
  byok_monthly_cap: "number?",
  byok_monthly_remaining: "number?",
};
const routing: Shape = {
  object: ["routing_defaults"],
  workspace_id: "string",
  routing: "object",
  updated_at: "time",
};

type Row = {
  readonly call: string;
  readonly body?: Json;
  readonly shape: Shape;
  /** Of each item of a list. */
  readonly items?: { readonly in: string; readonly shape: Shape };
};

/** In an order in which each finds what it tells of. */
const rows: readonly Row[] = [
  {
    call: "GET /me",
    shape: {
      credential_type: ["api_key"],
      status: ["active"],
      profile: ["admin"],
      key_id: "string",
      key_prefix: "string",
      key_name: "string",
      workspace: { id: "string", name: "string" },
      scopes: "strings",
      rate_limits: {
        inference_rpm: "int",
        management_reads_rpm: "int",
        management_writes_rpm: "int",
      },
      expires_at: "time?",
      created_at: "time",
    },
  },
  { call: "POST /workspaces", body: { name: "n", slug: "s" }, shape: workspace },
  { call: "GET /workspaces", shape: page, items: { in: "data", shape: workspace } },
  { call: `PATCH ${w}`, body: { name: "m" }, shape: workspace },
  {
    call: `POST ${w}/api-keys`,
    body: { name: "k" },
    shape: { ...apiKey, api_key: "string" },
  },
  { call: `GET ${w}/api-keys`, shape: page, items: { in: "data", shape: apiKey } },
  {
    call: `POST ${w}/byok-keys`,
    body: { provider: "p0", api_key: "sk-own-0123456789abcdef" },
    shape: byokKey,
  },
  { call: `GET ${w}/byok-keys`, shape: page, items: { in: "data", shape: byokKey } },
  {
    call: "GET /byok/providers",
    shape: { object: ["list"], data: "list", count: "int" },
    items: {
      in: "data",
      shape: {
        provider: "string",
        display_name: "string",
        default_tier: "string",
        data_policy: policy,
      },
    },
  },
  {
    call: "GET /byok/providers/p0/tiers",
    shape: { object: ["list"], provider: ["p0"], data: "list", count: "int" },
    items: {
      in: "data",
      shape: {
        tier: "string",
        display_name: "string",
        qualification: "string",
        data_policy: policy,
      },
    },
  },
  {
    call: `POST ${w}/budgets`,
    body: { scope_type: "byok_provider", scope_provider: "p0", period: "total", limit_usd: 1 },
    shape: { ...budget, scope_provider: "string" },
  },
  {
    call: `POST ${w}/budgets`,
    body: { scope_type: "workspace", period: "weekly", limit_usd: 1 },
    shape: budget,
  },
  { call: `GET ${w}/budgets`, shape: page },
  { call: `GET ${w}/routing`, shape: routing },
  { call: `PUT ${w}/routing`, body: { routing: {} }, shape: routing },
  { call: `PATCH ${w}/routing`, body: { routing: { optimize: "cost" } }, shape: routing },
  { call: `GET ${w}/billing/balance`, shape: balance },
  { call: `POST ${w}/billing/credits`, body: { amount_microdollars: 9_000_000 }, shape: balance },
  ...(["provider", "model", "key", "tag"] as const).map((by) => ({
    call: `GET ${w}/usage?by=${by}&interval=day`,
    shape: { object: ["list"], data: "list", count: "int" },
    items: { in: "data", shape: { [by]: "string?", interval_start: "time", ...counts } },
  })),
];

test.each(rows)("$call has these fields and no others", async ({ call: line, body, ...row }) => {
  if (line.includes("/usage")) await lab.ask({ stream: false });
  const [method = "", path = ""] = line.split(" ");
  const reply = await call(method, path, { body });
  expect(reply.status, reply.text).toBeLessThan(300);
  expectShape(reply.json, row.shape);
  if (row.items === undefined) return;
  const items = reply.json[row.items.in] as readonly unknown[];
  expect(items.length).toBeGreaterThan(0);
  for (const item of items) expectShape(item, row.items.shape);
});

test("a key's usage, of each period", async () => {
  const made = await call("POST", `${w}/api-keys`, { body: { name: "k" } });
  const path = `${w}/api-keys/${String(made.json["id"])}/usage`;
  const days = { day: 1, week: 7, month: 30 };
  for (const [period, length] of Object.entries(days)) {
    const { json } = await call("GET", `${path}?period=${period}`);
    expectShape(json, {
      key_id: "string",
      workspace_id: ["default"],
      period: [period],
      start_date: "time",
      end_date: "time",
      ...counts,
    });
    const spanMs = Date.parse(String(json["end_date"])) - Date.parse(String(json["start_date"]));
    expect(spanMs).toBe(length * 86_400_000);
  }
  expect((await call("GET", path)).json["period"]).toBe("month");
});
