import { expect, test } from "vitest";
import { clientOf, errorOf, fault } from "../../test/fake-gateway.ts";
import type { Step } from "../../test/fake-gateway.ts";
import type { Client } from "../index.ts";

const budget = { scope_type: "workspace", period: "daily", limit_usd: 1 } as const;

test.each<[string, (client: Client) => Promise<unknown>]>([
  ["GET /workspaces?limit=2&after=c", (c) => c.workspaces.list({ limit: 2, after: "c" })],
  ["GET /workspaces/a%2Fb", (c) => c.workspaces.retrieve("a/b")],
  ["PATCH /workspaces/w", (c) => c.workspaces.update("w", { name: "n" })],
  ["GET /workspaces/w/api-keys", (c) => c.workspaces.apiKeys.list("w")],
  ["DELETE /workspaces/w/api-keys/k", (c) => c.workspaces.apiKeys.delete("w", "k")],
  [
    "GET /workspaces/w/api-keys/k/usage?period=day",
    (c) => c.workspaces.apiKeys.usage("w", "k", { period: "day" }),
  ],
  ["POST /workspaces/w/byok-keys/b/validate", (c) => c.workspaces.byokKeys.validate("w", "b")],
  ["PUT /workspaces/w/routing", (c) => c.workspaces.routing.replace("w", { prefer: "p" })],
  ["PATCH /workspaces/w/routing", (c) => c.workspaces.routing.update("w", { prefer: null })],
  ["GET /workspaces/w/billing/balance", (c) => c.workspaces.billing.balance("w")],
  ["GET /workspaces/w/usage?by=tag", (c) => c.workspaces.usage.list("w", { by: "tag" })],
  ["GET /models/lab%2Fx%3Acost", (c) => c.models.retrieve("lab/x:cost")],
  ["GET /directory/models", (c) => c.models.listDirectory()],
])("%s", async (expected, act) => {
  const { client, asked } = clientOf([{}]);
  await act(client);
  const [{ url, init } = { url: "", init: {} }] = asked;
  expect(`${init.method} ${url.replace("http://gateway.test/v1", "")}`).toBe(expected);
});

const lost = new TypeError("fetch failed");
const keysOf = (asked: readonly { readonly init: RequestInit }[]): readonly (string | null)[] =>
  asked.map(({ init }) => new Headers(init.headers).get("idempotency-key"));

test("what is made is made once, however often it is asked for", async () => {
  const { client, asked } = clientOf([lost, { status: 201 }]);
  await client.workspaces.billing.credit("w", { amount_microdollars: 5 });
  const [first, second] = keysOf(asked);
  expect(first).toMatch(/^[0-9a-f]{32}$/u);
  expect(second).toBe(first);
  await client.workspaces.budgets.create("w", budget);
  expect(keysOf(asked)[2]).not.toBe(first);
  await client.workspaces.budgets.create("w", budget, { idempotencyKey: "mine" });
  expect(keysOf(asked)[3]).toBe("mine");
});

test("a key, whose text is told once, is not asked for again if nobody knows what became of it", async () => {
  const create = async (step: Step) => {
    const { client, asked } = clientOf([step]);
    await errorOf(client.workspaces.apiKeys.create("w", { name: "k" }));
    expect(new Set(keysOf(asked))).toEqual(new Set([null]));
    return asked.length;
  };
  expect(await create(lost)).toBe(1);
  expect(await create({ status: 503, body: fault("service_unavailable") })).toBe(3);
});
