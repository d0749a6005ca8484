import { createMemoryStores } from "@pointsman/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Ask, Lab } from "../failover/lab.ts";
import { createClient, faultOf } from "./client.ts";
import type { Json } from "./client.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
const writerKey = "pk-writer-0123456789abcdefghijklmnopqrstuvwxyz";
const ownKey = "sk-own-0123456789abcdefghijklmnopqrstuvwxyz";
const workspace = "/workspaces/default";
/** What a call of 11 tokens in and 8 out costs at 1 and 2 USD a million. */
const callUsd = 0.000_027;

let lab: Lab;
const open = (more: Json = {}): Promise<Lab> =>
  startLab(["chat"], {
    stores: createMemoryStores(),
    secretKey: "operator-secret-0123456789abcdef",
    keys: [
      { key: adminKey, scopes: ["admin"] },
      { key: writerKey, scopes: ["workspaces:write"] },
    ],
    workspace: more,
  });
beforeEach(async () => {
  lab = await open();
});
afterEach(() => lab.close());
const call = createClient(() => ({ url: lab.url, key: adminKey }));

const addOwnKey = async (): Promise<void> => {
  const body = { provider: "p0", api_key: ownKey };
  expect((await call("POST", `${workspace}/byok-keys`, { body })).status).toBe(201);
};
const setCap = (usd: number | null) =>
  call("PATCH", workspace, { body: { byok_monthly_cap: usd } });
const capShown = async (): Promise<readonly unknown[]> => {
  const { json } = await call("GET", `${workspace}/billing/balance`);
  return [json["byok_monthly_cap"], json["byok_monthly_remaining"]];
};
const ask = (options: Ask = {}) => lab.ask({ stream: false, ...options, body: { max_tokens: 8 } });
const own = { routing: { only_byok: true } } as const;

test("own keys spend up to the cap; then the platform's key serves, or the quota is used up", async () => {
  await addOwnKey();
  expect(await capShown()).toEqual([null, null]);
  expect((await setCap(0.000_06)).status).toBe(200);
  expect(await capShown()).toEqual([0.000_06, 0.000_06]);
  expect((await ask(own)).metadata?.cost).toMatchObject({ usd: callUsd, byok: true });
  expect((await ask(own)).status).toBe(200);
  expect(await capShown()).toEqual([0.000_06, 0.000_006]);

  const refused = await ask(own);
  expect([refused.status, refused.error]).toEqual([429, "insufficient_quota"]);
  expect(refused.message).toContain("0.000060");
  expect(refused.message).toContain("0.000054");
  const lastsSeconds = Number(refused.headers.get("retry-after"));
  expect(lastsSeconds).toBeGreaterThan(0);
  expect(lastsSeconds).toBeLessThanOrEqual(31 * 86_400);
  expect(refused.headers.get("x-budget-exceeded")).toBeNull();

  const served = await ask();
  expect(served.status).toBe(200);
  expect(served.metadata?.cost).not.toHaveProperty("byok");
  expect(await capShown()).toEqual([0.000_06, 0.000_006]);
});

test("no number of calls at once passes it", async () => {
  await addOwnKey();
  await setCap(10 * callUsd);
  const got = await Promise.all(
    Array.from({ length: 40 }, (_, at) => ask({ ...own, stream: at % 2 === 0 })),
  );
  const paid = got.filter(({ status }) => status === 200);
  expect(paid.length).toBeGreaterThan(0);
  expect(paid.length).toBeLessThanOrEqual(10);
  const codes = got.filter(({ status }) => status !== 200).map(({ error }) => error);
  expect(new Set(codes)).toEqual(new Set(["insufficient_quota"]));
  const [, remaining] = await capShown();
  expect(remaining).toBeCloseTo((10 - paid.length) * callUsd, 9);
});

test("it is no budget: not listed, not told of in headers", async () => {
  await setCap(1);
  expect((await call("GET", `${workspace}/budgets`)).json).toMatchObject({ data: [] });
  const got = await ask();
  expect([...got.headers.keys()].filter((name) => name.startsWith("x-budget"))).toEqual([]);
});

test("lifted and set again, it knows what the month has spent", async () => {
  await addOwnKey();
  await setCap(0.000_03);
  await ask(own);
  expect((await ask(own)).error).toBe("insufficient_quota");
  await setCap(null);
  expect(await capShown()).toEqual([null, null]);
  expect((await ask(own)).status).toBe(200);
  await setCap(0.000_03);
  expect(await capShown()).toEqual([0.000_03, 0]);
  expect((await ask(own)).error).toBe("insufficient_quota");
});

test("an admin key sets it, and no other", async () => {
  const change = (body: Json, key: string) => call("PATCH", workspace, { body, key });
  expect(faultOf(await change({ byok_monthly_cap: 5 }, writerKey))).toEqual([
    403,
    "insufficient_permissions",
    null,
  ]);
  expect((await change({ name: "Other" }, writerKey)).status).toBe(200);
  expect(faultOf(await change({ byok_monthly_cap: 0 }, adminKey))).toEqual([
    400,
    "invalid_parameter_value",
    "byok_monthly_cap",
  ]);
  expect(await capShown()).toEqual([null, null]);
});

test("the configuration sets it at the start", async () => {
  await lab.close();
  lab = await open({ byokMonthlyCapUsd: 2.5 });
  expect(await capShown()).toEqual([2.5, 2.5]);
});
