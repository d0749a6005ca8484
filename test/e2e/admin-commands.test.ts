import { afterAll, beforeAll, expect, test } from "vitest";
import { startUpstream } from "../failover/upstream.ts";
import type { Upstream } from "../failover/upstream.ts";
import { pointsman, serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let upstream: Upstream;
let served: Served;
beforeAll(async () => {
  upstream = await startUpstream({ wire: "chat", id: "answer" });
  served = await serve({
    env: { POINTSMAN_ADMIN_KEY: adminKey },
    // No state is named: a file beside the configuration.
    config: JSON.stringify({
      providers: {
        p: {
          kind: "openai-compatible",
          baseUrl: `${upstream.url}/v1`,
          apiKey: "sk-upstream",
          models: { lab: { id: "m", price: { input: 1, output: 2 } } },
        },
      },
    }),
  });
});
afterAll(async () => {
  await served.stop();
  await upstream.close();
});

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  pointsman(args, {
    env: { POINTSMAN_ADMIN_KEY: adminKey, POINTSMAN_BASE_URL: served.ready.url, ...env },
  });

const ask = async (key: string): Promise<number> => {
  const response = await fetch(`${served.ready.url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model: "lab",
      messages: [{ role: "user", content: "Which track?" }],
      gateway: { metadata: { tags: ["timetable, north"] } },
    }),
  });
  await response.text();
  return response.status;
};

test("a key is made, used, told of and revoked from the command line", async () => {
  const made = await run(["keys", "create", "timetable", "--rpm", "60", "--budget-usd", "5"]);
  expect([made.code, made.stderr]).toEqual([0, ""]);
  const [secret = ""] = made.stdout.split("\n");
  expect(secret).toMatch(/^pm_live_[\w-]{43}$/u);
  const id = /Id (\S+);/u.exec(made.stdout)?.[1] ?? "";
  expect(await ask(secret)).toBe(200);

  const listed = await run(["keys", "list"]);
  expect(listed.stdout).toContain(id);
  expect(listed.stdout).toMatch(/timetable .* inference .* active .* 60/u);
  expect(listed.stdout).not.toContain(secret.slice(14));

  const used = await run(["keys", "usage", id]);
  expect(used.stdout.split("\n")[1]).toMatch(/month +1 +0 +11 +8 +\$0\.000027/u);

  const revoked = await run(["keys", "revoke", id]);
  expect(revoked.stdout).toBe(`Revoked ${id}: it opens nothing from now on.\n`);
  expect(await ask(secret)).toBe(401);
  expect((await run(["keys", "revoke", id])).code).toBe(1);
});

test("usage is told as a table, as JSON and as CSV", async () => {
  const made = await run(["keys", "create", "app", "--json"]);
  const { api_key: secret } = JSON.parse(made.stdout) as { api_key: string };
  await ask(secret);
  const table = await run(["usage", "--by", "provider", "--since", "1h"]);
  expect(table.stdout.split("\n")[0]).toMatch(/^provider +requests +errors/u);
  expect(table.stdout).toMatch(/^p +\d/mu);
  const json = await run(["usage", "--by", "model", "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject([{ model: "lab", error_count: 0 }]);
  const csv = await run(["usage", "--by", "tag", "--csv", "--interval", "day"]);
  const [head, row] = csv.stdout.split("\n");
  expect(head).toBe(
    "interval_start,tag,request_count,error_count,rate_limit_count,tokens_input,tokens_output,cost_usd",
  );
  expect(row).toMatch(/^\d{4}-[^,]+,"timetable, north",\d+,0,0,\d+,\d+,0\.0000/u);
  expect((await run(["usage", "--since", "tomorrow-ish"])).code).toBe(1);
});

test.each([
  [["keys", "list"], { POINTSMAN_ADMIN_KEY: "" }, 2, "Set POINTSMAN_ADMIN_KEY"],
  [["keys", "list"], { POINTSMAN_ADMIN_KEY: "wrong" }, 1, "(invalid_api_key)"],
  [["usage"], { POINTSMAN_BASE_URL: "http://127.0.0.1:1" }, 1, "No gateway answers at"],
  [["usage", "--workspace", "nobody"], {}, 1, "(resource_not_found)"],
  [["keys", "create", "x", "--scope", "everything"], {}, 1, "(invalid_parameter_value)"],
] as const)("%j with %j says what is wrong", async (args, env, code, message) => {
  const finished = await run(args, env);
  expect(finished.code).toBe(code);
  expect(finished.stderr).toContain(message);
  expect(finished.stderr).not.toContain("    at ");
});
