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
const byok = { provider: "p0", api_key: "sk-own-0123456789abcdef" };

type Thing = {
  readonly name: string;
  readonly path: string;
  /** A new one, each time another. */
  readonly body: (number: number) => Json;
  readonly changes: Json;
};

const periods = ["daily", "weekly", "monthly"];
const things: readonly Thing[] = [
  {
    name: "a key",
    path: `${w}/api-keys`,
    body: (number) => ({ name: `k${number}` }),
    changes: { name: "n", rate_limit_rpm: 5, expires_at: null, is_active: false },
  },
  {
    name: "a provider key",
    path: `${w}/byok-keys`,
    body: (number) => ({ ...byok, name: `k${number}` }),
    changes: { name: "n", is_default: true, disabled: true, account_tier: "standard" },
  },
  {
    name: "a budget",
    path: `${w}/budgets`,
    body: (number) => ({ scope_type: "workspace", period: periods[number], limit_usd: 1 }),
    changes: { limit_usd: 2, enforce: false, include_byok: true },
  },
  {
    name: "a workspace",
    path: "/workspaces",
    body: (number) => ({ name: "n", slug: `slug-${number}` }),
    changes: { name: "other" },
  },
];

describe.each(things)("$name", ({ path, body, changes }) => {
  test("has fields that can change, and others that are told to be fixed", async () => {
    const { json: made } = await call("POST", path, { body: body(0) });
    const one = `${path}/${String(made["id"])}`;
    for (const [field, value] of Object.entries(changes)) {
      const changed = await call("PATCH", one, { body: { [field]: value } });
      expect([field, changed.status, changed.json[field]]).toEqual([field, 200, value]);
    }
    for (const [field, value] of Object.entries(made)) {
      if (Object.hasOwn(changes, field)) continue;
      const reply = await call("PATCH", one, { body: { [field]: value } });
      expect(faultOf(reply)).toEqual([400, "field_immutable", field]);
    }
    expect(faultOf(await call("PATCH", one, { body: { colour: 1 } }))).toEqual([
      400,
      "unknown_field",
      "colour",
    ]);
    expect(faultOf(await call("PATCH", one, { body: {} })).slice(0, 2)).toEqual([
      400,
      "missing_required_parameter",
    ]);
  });

  test("is listed by pages that follow each other", async () => {
    for (const number of [0, 1, 2]) {
      expect((await call("POST", path, { body: body(number) })).status).toBe(201);
    }
    const all = (await call("GET", path)).json;
    const ids = (all["data"] as readonly Json[]).map(({ id }) => id);
    expect(all).toMatchObject({ object: "list", count: ids.length, has_more: false });
    expect(all["next_cursor"]).toBeNull();
    const seen: unknown[] = [];
    let after: string | null = null;
    for (let pages = 0; pages <= ids.length; pages += 1) {
      const cursor: string = after === null ? "" : `&after=${after}`;
      const page: Json = (await call("GET", `${path}?limit=1${cursor}`)).json;
      const data = page["data"] as readonly Json[];
      expect(page["count"]).toBe(1);
      seen.push(...data.map(({ id }) => id));
      after = typeof page["next_cursor"] === "string" ? page["next_cursor"] : null;
      expect(page["has_more"]).toBe(after !== null);
      if (after === null) break;
    }
    expect(seen).toEqual(ids);
    for (const limit of ["0", "101", "1.5", "x"]) {
      expect(faultOf(await call("GET", `${path}?limit=${limit}`))).toEqual([
        400,
        "invalid_parameter_value",
        "limit",
      ]);
    }
  });
});
