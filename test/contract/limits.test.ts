import { createMemoryStores } from "@pointsman/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { createClient, faultOf } from "../manage/client.ts";
import type { Json } from "../manage/client.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
beforeEach(async () => {
  lab = await startLab(["chat"], {
    stores: createMemoryStores(),
    secretKey: "operator-secret-0123456789abcdef",
    keys: [{ key: adminKey, scopes: ["admin"] }],
  });
});
afterEach(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: adminKey }));
const w = "/workspaces/default";
const long = (length: number): string => "x".repeat(length);

type Thing = {
  readonly path: string;
  /** The least that makes one. */
  readonly least: Json;
  /** What it then holds. */
  readonly defaults: Json;
  /** May be told besides. */
  readonly taken: readonly Json[];
  /** May not; the field at fault. */
  readonly wrong: readonly (readonly [Json, string])[];
  /** A part that lacks something; the field missing. */
  readonly lacking?: readonly (readonly [Json, string])[];
};

const keyBudget = { limit_usd: 1, enforce: true, include_byok: false };
const things: readonly Thing[] = [
  {
    path: "/workspaces",
    least: { name: "n", slug: "s" },
    defaults: { tier: "self_hosted", user_role: "owner", member_count: 1 },
    taken: [{ name: long(255) }, { slug: long(63) }, { slug: "a-1-b" }],
    wrong: [
      [{ name: "" }, "name"],
      [{ name: long(256) }, "name"],
      [{ name: 1 }, "name"],
      [{ slug: "" }, "slug"],
      [{ slug: long(64) }, "slug"],
      [{ slug: "-a" }, "slug"],
      [{ slug: "a_b" }, "slug"],
      [{ slug: "A" }, "slug"],
    ],
  },
  {
    path: `${w}/api-keys`,
    least: { name: "n" },
    defaults: {
      scopes: ["inference"],
      is_active: true,
      rate_limit_rpm: null,
      expires_at: null,
      last_used_at: null,
    },
    taken: [
      { name: long(255) },
      { key_type: "api" },
      { rate_limit_rpm: 1 },
      { rate_limit_rpm: null },
      { expires_at: "2099-01-01T00:00:00+02:00" },
      { expires_at: null },
      { budget: keyBudget },
      { budget: { ...keyBudget, period: "total" } },
    ],
    wrong: [
      [{ name: long(256) }, "name"],
      [{ name: "" }, "name"],
      [{ key_type: "session" }, "key_type"],
      [{ scopes: [] }, "scopes"],
      [{ scopes: "inference" }, "scopes"],
      [{ rate_limit_rpm: 0 }, "rate_limit_rpm"],
      [{ rate_limit_rpm: 1.5 }, "rate_limit_rpm"],
      [{ rate_limit_rpm: "60" }, "rate_limit_rpm"],
      [{ expires_at: "2099-01-01" }, "expires_at"],
      [{ expires_at: 1 }, "expires_at"],
      [{ budget: 5 }, "budget"],
      [{ budget: { ...keyBudget, limit_usd: 0 } }, "budget.limit_usd"],
      [{ budget: { ...keyBudget, limit_usd: 0.000_000_1 } }, "budget.limit_usd"],
      [{ budget: { ...keyBudget, period: "hourly" } }, "budget.period"],
    ],
    lacking: [
      [{ budget: { limit_usd: 1, enforce: true } }, "budget.include_byok"],
      [{ budget: { limit_usd: 1, include_byok: true } }, "budget.enforce"],
      [{ budget: { enforce: true, include_byok: true } }, "budget.limit_usd"],
    ],
  },
  {
    path: `${w}/byok-keys`,
    least: { provider: "p0", api_key: "0123456789" },
    defaults: {
      name: "p0 Key",
      is_default: false,
      disabled: false,
      validation_status: "valid",
      account_tier: "standard",
      tier_source: "fallback",
    },
    taken: [{ name: long(100) }, { is_default: true }, { account_tier: "standard" }],
    wrong: [
      [{ api_key: "012345678" }, "api_key"],
      [{ name: "" }, "name"],
      [{ name: long(101) }, "name"],
      [{ is_default: "yes" }, "is_default"],
      [{ account_tier: "gold" }, "account_tier"],
      [{ provider: "nobody" }, "provider"],
    ],
  },
  {
    path: `${w}/budgets`,
    least: { scope_type: "workspace", period: "daily", limit_usd: 1 },
    defaults: {
      enforce: true,
      include_byok: false,
      spend_usd: 0,
      reserved_usd: 0,
      percent_used: 0,
    },
    taken: [
      { limit_usd: 0.000_001 },
      { limit_usd: 9_000_000 },
      { enforce: false },
      { include_byok: true },
      { period: "weekly" },
      { period: "monthly" },
      { period: "total" },
      { scope_type: "byok_provider", scope_provider: "p0" },
      { scope_type: "byok_provider", scope_provider: "p0", include_byok: true },
    ],
    wrong: [
      [{ limit_usd: 0 }, "limit_usd"],
      [{ limit_usd: -1 }, "limit_usd"],
      [{ limit_usd: 0.000_000_9 }, "limit_usd"],
      [{ limit_usd: 9_000_001 }, "limit_usd"],
      [{ limit_usd: "1" }, "limit_usd"],
      [{ period: "yearly" }, "period"],
      [{ scope_type: "key" }, "scope_type"],
      [{ enforce: null }, "enforce"],
      [{ scope_id: "x" }, "scope_id"],
      [{ scope_provider: "p0" }, "scope_provider"],
      [{ scope_type: "api_key", scope_id: "nobody" }, "scope_id"],
      [{ scope_type: "byok_provider", scope_provider: "nobody" }, "scope_provider"],
      [{ scope_type: "byok_provider", scope_provider: "p0", include_byok: false }, "include_byok"],
    ],
    lacking: [
      [{ scope_type: "api_key" }, "scope_id"],
      [{ scope_type: "byok_provider" }, "scope_provider"],
    ],
  },
  {
    path: `${w}/billing/credits`,
    least: { amount_microdollars: 1 },
    defaults: { balance_microdollars: 1, credits_used_microdollars: 0 },
    taken: [{ note: "" }, { note: long(500) }, { amount_microdollars: 9_000_000_000 }],
    wrong: [
      [{ amount_microdollars: 0 }, "amount_microdollars"],
      [{ amount_microdollars: 0.5 }, "amount_microdollars"],
      [{ amount_microdollars: "1" }, "amount_microdollars"],
      [{ amount_microdollars: 9_000_000_000_001 }, "amount_microdollars"],
      [{ note: long(501) }, "note"],
      [{ note: null }, "note"],
    ],
  },
];

describe.each(things)("POST $path", ({ path, least, defaults, taken, wrong, lacking = [] }) => {
  const post = (body: Json) => call("POST", path, { body });

  test("needs each of its least fields, and fills in the others", async () => {
    for (const field of Object.keys(least)) {
      const { [field]: _left, ...rest } = least;
      const refused = await post(rest);
      expect(faultOf(refused)).toEqual([400, "missing_required_parameter", field]);
    }
    const made = await post(least);
    expect(made.status, made.text).toBe(201);
    expect(made.json).toMatchObject(defaults);
  });

  test.each(taken)("takes %j", async (more) => {
    const made = await post({ ...least, ...more });
    expect(made.status, made.text).toBe(201);
  });

  test("refuses values that are none, by the field's name", async () => {
    for (const [more, field] of wrong) {
      const refused = await post({ ...least, ...more });
      expect([JSON.stringify(more), ...faultOf(refused)]).toEqual([
        JSON.stringify(more),
        400,
        "invalid_parameter_value",
        field,
      ]);
    }
    for (const [more, field] of lacking) {
      const refused = await post({ ...least, ...more });
      expect(faultOf(refused)).toEqual([400, "missing_required_parameter", field]);
    }
    const unknown = await post({ ...least, colour: 1 });
    expect(faultOf(unknown)).toEqual([400, "unknown_field", "colour"]);
  });
});

test("a budget of a key names one of the configuration or of the store, of this workspace", async () => {
  const body = (scope_id: unknown): Json => ({
    scope_type: "api_key",
    scope_id,
    period: "daily",
    limit_usd: 1,
  });
  const made = await call("POST", `${w}/api-keys`, { body: { name: "k" } });
  const me = await call("GET", "/me", { key: "pk-lab" });
  for (const id of [made.json["id"], me.json["key_id"]]) {
    const budget = await call("POST", `${w}/budgets`, { body: body(id) });
    expect([budget.status, budget.json["scope_id"]], budget.text).toEqual([201, id]);
  }
  const other = await call("POST", "/workspaces", { body: { name: "o", slug: "o" } });
  const theirs = `/workspaces/${String(other.json["id"])}/budgets`;
  for (const id of [made.json["id"], me.json["key_id"]]) {
    const refused = await call("POST", theirs, { body: body(id) });
    expect(faultOf(refused)).toEqual([400, "invalid_parameter_value", "scope_id"]);
  }
});

test("a budget of a provider's own keys cannot be told to leave them out", async () => {
  const scope = { scope_type: "byok_provider", scope_provider: "p0" };
  const { json } = await call("POST", `${w}/budgets`, {
    body: { ...scope, period: "daily", limit_usd: 1 },
  });
  expect(json["include_byok"]).toBe(true);
  const path = `${w}/budgets/${String(json["id"])}`;
  const refused = await call("PATCH", path, { body: { include_byok: false } });
  expect(faultOf(refused)).toEqual([400, "invalid_parameter_value", "include_byok"]);
  expect((await call("PATCH", path, { body: { include_byok: true } })).status).toBe(200);
});

test.each([
  ["daily", "T00:00:00.000Z", 1],
  ["weekly", "T00:00:00.000Z", 7],
] as const)("a %s budget's window is whole days of UTC", async (period, start, days) => {
  const body = { scope_type: "workspace", period, limit_usd: 1 };
  const { json } = await call("POST", `${w}/budgets`, { body });
  const [startMs, endMs] = ["period_start", "period_end"].map((name) =>
    Date.parse(String(json[name])),
  );
  expect(String(json["period_start"]).endsWith(start)).toBe(true);
  expect((endMs ?? 0) - (startMs ?? 0)).toBe(days * 86_400_000);
  if (period === "weekly") expect(new Date(startMs ?? 0).getUTCDay()).toBe(1);
});

test("lists come by 50 where nobody says otherwise, and by 100 at most", async () => {
  for (let at = 0; at < 51; at += 1) {
    expect((await call("POST", `${w}/api-keys`, { body: { name: `k${at}` } })).status).toBe(201);
  }
  const list = await call("GET", `${w}/api-keys`);
  expect([list.json["count"], list.json["has_more"]]).toEqual([50, true]);
  const more = await call("GET", `${w}/api-keys?limit=100`);
  expect([more.json["count"], more.json["has_more"]]).toEqual([51, false]);
});
