import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStores } from "@pointsman/store-sqlite";
import { afterEach, expect, test } from "vitest";
import { drips, startUpstream } from "../failover/upstream.ts";
import { until } from "../failover/until.ts";
import { serve } from "../support/pointsman.ts";

const cleanings: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanings.splice(0).toReversed()) await clean();
});

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
const totalMs = 1500;

test("a gateway that is killed leaves its money held, and the next one charges it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pointsman-killed-"));
  cleanings.push(() => rm(folder, { recursive: true }));
  const upstream = await startUpstream({ wire: "chat", id: "answer" });
  cleanings.push(() => upstream.close());
  upstream.play(drips(400));
  const file = join(folder, "money.db");
  const config = JSON.stringify({
    state: `sqlite:${file}`,
    keys: [{ key: adminKey, scopes: ["admin"] }],
    workspaces: [{ id: "default", budgets: [{ period: "total", limitUsd: 1 }] }],
    providers: {
      p: {
        kind: "openai-compatible",
        baseUrl: `${upstream.url}/v1`,
        apiKey: "sk-upstream",
        timeouts: { totalMs },
        models: { lab: { id: "m", price: { input: 1, output: 2 }, maxOutputTokens: 100 } },
      },
    },
  });
  const first = await serve({ config });
  const key = async (served: typeof first): Promise<string> => {
    const made = await fetch(`${served.ready.url}/workspaces/default/api-keys`, {
      method: "POST",
      headers: { authorization: `Bearer ${adminKey}` },
      body: JSON.stringify({ name: "app" }),
    });
    return ((await made.json()) as { api_key: string }).api_key;
  };
  const secret = await key(first);
  const leaving = new AbortController();
  const asked = fetch(`${first.ready.url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
    signal: leaving.signal,
    body: JSON.stringify({
      model: "lab",
      stream: true,
      messages: [{ role: "user", content: "Which track?" }],
    }),
  }).catch(() => null);
  await until(() => upstream.attempts.length === 1);
  await first.stop("SIGKILL");
  leaving.abort();
  await asked;

  const stores = openSqliteStores(file);
  cleanings.push(() => stores.close());
  const [held] = await stores.budgets.list("default", Date.now());
  expect(held?.spentPicoUsd).toBe(0n);
  expect(held?.heldPicoUsd).toBeGreaterThan(0n);

  // Nobody renews its lease any more.
  const swept = await stores.budgets.sweep({ nowMs: Date.now() + 91_000, limit: 10 });
  expect(swept).toHaveLength(1);
  expect(JSON.parse(swept[0]?.memo ?? "{}")).toMatchObject({ provider: "p", model: "lab" });
  const [charged] = await stores.budgets.list("default", Date.now());
  expect(charged).toMatchObject({ heldPicoUsd: 0n, spentPicoUsd: held?.heldPicoUsd });

  // The key that was made is still one, and the money is still spent.
  const second = await serve({ config });
  const me = await fetch(`${second.ready.url}/me`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(me.status).toBe(200);
  expect(Number(me.headers.get("x-budget-total-spend"))).toBeGreaterThan(0);
  expect(await second.stop()).toBe(0);
});
