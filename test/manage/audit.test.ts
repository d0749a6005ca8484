import { createMemoryStores } from "@pointsman/store";
import { afterEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { createClient } from "./client.ts";
import type { Json } from "./client.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
const ownKey = "sk-own-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab | undefined;
afterEach(() => lab?.close());
const call = createClient(() => ({ url: lab?.url ?? "", key: adminKey }));
const w = "/workspaces/default";

test("who changed what is logged, and no secret", async () => {
  const lines: string[] = [];
  lab = await startLab(["chat"], {
    stores: createMemoryStores(),
    secretKey: "operator-secret-0123456789abcdef",
    keys: [{ key: adminKey, scopes: ["admin"] }],
    log: (line) => void lines.push(line),
  });
  const events = (): readonly Json[] =>
    lines.map((line) => JSON.parse(line) as Json).filter((line) => "event" in line);
  const { json: me } = await call("GET", "/me");
  const change = async (method: string, path: string, body?: Json): Promise<Json> => {
    const reply = await call(method, path, { body });
    expect(reply.status, reply.text).toBeLessThan(300);
    return reply.json;
  };
  const secrets: string[] = [adminKey, ownKey];
  const things: readonly (readonly [string, string, Json, Json, string])[] = [
    ["api_key", `${w}/api-keys`, { name: "k" }, { name: "l" }, "revoked"],
    ["byok_key", `${w}/byok-keys`, { provider: "p0", api_key: ownKey }, { name: "l" }, "deleted"],
    [
      "budget",
      `${w}/budgets`,
      { scope_type: "workspace", period: "daily", limit_usd: 1 },
      { limit_usd: 2 },
      "deleted",
    ],
  ];
  for (const [thing, path, body, changes, gone] of things) {
    lines.length = 0;
    const made = await change("POST", path, body);
    if (typeof made["api_key"] === "string") secrets.push(made["api_key"]);
    const id = String(made["id"]);
    await change("PATCH", `${path}/${id}`, changes);
    await change("DELETE", `${path}/${id}`);
    const common = { workspaceId: "default", keyId: me["key_id"], id };
    expect(events()).toMatchObject([
      { event: `${thing}.created`, ...common },
      { event: `${thing}.updated`, ...common },
      { event: `${thing}.${gone}`, ...common },
    ]);
    for (const secret of secrets) expect(lines.join("")).not.toContain(secret);
  }

  lines.length = 0;
  const made = await change("POST", "/workspaces", { name: "n", slug: "s" });
  await change("PATCH", w, { name: "m" });
  await change("PUT", `${w}/routing`, { routing: {} });
  await change("PATCH", `${w}/routing`, { routing: { optimize: "cost" } });
  await change("POST", `${w}/billing/credits`, { amount_microdollars: 1 });
  expect(events().map(({ event, workspaceId }) => [event, workspaceId])).toEqual([
    ["workspace.created", made["id"]],
    ["workspace.updated", "default"],
    ["routing.updated", "default"],
    ["routing.updated", "default"],
    ["credits.added", "default"],
  ]);

  lines.length = 0;
  await call("POST", `${w}/budgets`, { body: {} });
  await call("DELETE", `${w}/api-keys/none`);
  expect(events(), "what was refused changed nothing").toEqual([]);
});
