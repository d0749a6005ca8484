import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStores } from "@pointsman/store-sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answers, fails, startUpstream } from "../failover/upstream.ts";
import type { Upstream } from "../failover/upstream.ts";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let folder: string;
let upstreams: readonly Upstream[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-learned-"));
  upstreams = await Promise.all(["a", "b"].map((id) => startUpstream({ wire: "chat", id })));
});
afterEach(async () => {
  await Promise.all(upstreams.map((upstream) => upstream.close()));
  rmSync(folder, { recursive: true });
});

const start = (providers: readonly string[]): Promise<Served> =>
  serve({
    env: { POINTSMAN_ADMIN_KEY: adminKey },
    config: JSON.stringify({
      state: `sqlite:${join(folder, "money.db")}`,
      providers: Object.fromEntries(
        providers.map((name, index) => [
          name,
          {
            kind: "openai-compatible",
            baseUrl: `${upstreams[index % 2]?.url}/v1`,
            apiKey: "sk-upstream",
            health: { openAfter: 1, restMs: 60_000 },
            models: { lab: { id: "m", price: { input: 1 + index, output: 2 } } },
          },
        ]),
      ),
    }),
  });

const call = async (served: Served, path: string, body?: object): Promise<unknown> => {
  const response = await fetch(`${served.ready.url}${path}`, {
    headers: { authorization: `Bearer ${adminKey}` },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  return response.json();
};
const chat = { model: "lab", messages: [{ role: "user", content: "Which track?" }] };

test("a gateway that starts again knows what was learned, also when its providers have changed", async () => {
  const first = await start(["a", "b"]);
  upstreams[0]?.play(fails(500));
  upstreams[1]?.play(answers);
  for (let count = 0; count < 3; count += 1) await call(first, "/chat/completions", chat);
  expect(await first.stop()).toBe(0);

  const second = await start(["a", "b", "c"]);
  expect(await call(second, "/admin/health")).toMatchObject({
    providers: [
      { provider: "a", breaker: "open", in_flight: 0 },
      { provider: "b", breaker: "closed", offerings: [{ observations: 3 }] },
      { provider: "c", offerings: [{ observations: 0 }] },
    ],
  });
  const asked = upstreams[0]?.attempts.length;
  await call(second, "/chat/completions", chat);
  // The broken one rests.
  expect(upstreams[0]?.attempts.length).toBe(asked);
  expect(await second.stop()).toBe(0);
});

test("what cannot be read is left aside", async () => {
  const first = await start(["a"]);
  await call(first, "/chat/completions", chat);
  await first.stop();
  const stores = openSqliteStores(join(folder, "money.db"));
  const note = { topic: "router-state", member: "old", value: '{"format":"older"}' };
  await stores.shared.publish({ ...note, expiresAtMs: Date.now() + 60_000 });
  stores.close();
  const second = await start(["a"]);
  expect(await call(second, "/admin/health")).toMatchObject({ object: "health" });
  expect(await second.stop()).toBe(0);
});
