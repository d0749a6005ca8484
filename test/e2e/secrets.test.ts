import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answers, startUpstream } from "../failover/upstream.ts";
import type { Act, Upstream } from "../failover/upstream.ts";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";

/** What must be nowhere but where it was given. */
const secrets = {
  gatewayKey: "marked-gateway-key-4f1c9a7e2b6d8035",
  adminKey: "marked-admin-key-90ab37cd5512ee04ff31",
  providerKey: "sk-marked-provider-7d2f8c11a9e04b63",
  ownKey: "sk-marked-own-c31d6f0e85a94b72ee18",
  refusedKey: "sk-marked-refused-a81f02c7de934b56",
  secretKey: "marked-operator-secret-66c0f1d2e3b4",
  prompt: "markedprompt-quokka-lighthouse",
  answer: "markedanswer-walrus-signalbox",
  tool: "markedtool-heron-turntable",
} as const;
/** Enough of a secret to be one. */
const pieceOf = (secret: string): string => secret.slice(-16);

let folder: string;
let upstream: Upstream;
let served: Served;
const seen: string[] = [];

/** Says what it was sent, headers and all, as careless providers do. */
const echoes =
  (status: number): Act =>
  ({ request, response, body }) => {
    const { authorization = "" } = request.headers;
    response.writeHead(status, { "content-type": "application/json", "x-echo": authorization });
    const message = `What you sent is wrong: ${authorization} ${body}`;
    response.end(JSON.stringify({ error: { message, type: "invalid_request_error" } }));
  };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pointsman-secrets-"));
  upstream = await startUpstream({ wire: "chat", id: "answer" });
  served = await serve({
    env: {
      POINTSMAN_ADMIN_KEY: secrets.adminKey,
      POINTSMAN_SECRET_KEY: secrets.secretKey,
      POINTSMAN_LOG_LEVEL: "trace",
      PROVIDER_KEY: secrets.providerKey,
    },
    config: JSON.stringify({
      state: `sqlite:${join(folder, "money.db")}`,
      keys: [{ key: secrets.gatewayKey }],
      providers: {
        p: {
          kind: "openai-compatible",
          preset: "openai",
          baseUrl: `${upstream.url}/v1`,
          apiKey: "${PROVIDER_KEY}",
          models: {
            lab: { id: "m", price: { input: 1, output: 2 }, capabilities: { tools: true } },
          },
        },
      },
    }),
  });
});
afterAll(async () => {
  await served.stop();
  await upstream.close();
  rmSync(folder, { recursive: true });
});

const call = async (
  method: string,
  path: string,
  body?: unknown,
  key?: string,
): Promise<number> => {
  const response = await fetch(`${served.ready.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key ?? secrets.adminKey}`,
      "x-api-key": secrets.refusedKey,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const headers = [...response.headers].map((pair) => pair.join(": ")).join("\n");
  seen.push(`${method} ${path} ${response.status}\n${headers}\n${await response.text()}`);
  return response.status;
};

const question = (extra: object = {}) => ({
  model: "lab",
  messages: [{ role: "user", content: secrets.prompt }],
  tools: [{ type: "function", function: { name: secrets.tool, parameters: { type: "object" } } }],
  gateway: { explain: true, metadata: { user_id: "u" } },
  ...extra,
});

test("secrets and content are in no log, error, explanation, metric or store", async () => {
  const inference = (body: unknown) => call("POST", "/chat/completions", body, secrets.gatewayKey);
  expect(await inference(question())).toBe(200);
  expect(await inference(question({ stream: true }))).toBe(200);
  const w = "/workspaces/default";
  const own = (api_key: string) => call("POST", `${w}/byok-keys`, { provider: "p", api_key });
  upstream.play(echoes(401));
  expect(await own(secrets.refusedKey)).toBe(400);
  upstream.play(answers);
  expect(await own(secrets.ownKey)).toBe(201);
  for (const status of [400, 422, 500, 404, 429, 401]) {
    upstream.play(echoes(status));
    for (const stream of [false, true]) await inference(question({ stream }));
  }
  upstream.play(answers);
  await call("POST", "/route", question());
  await call("POST", "/route/explain", question());
  await call("POST", "/chat/completions", question(), "marked-wrong-key-0123456789abcdef");
  await call("POST", "/chat/completions", { model: 5, messages: [{ role: secrets.prompt }] });
  for (const path of ["/me", "/models", `${w}/api-keys`, `${w}/byok-keys`, `${w}/usage?by=key`]) {
    await call("GET", path);
  }
  await call("GET", "/admin/health");
  await call("GET", `/../metrics`);
  await call("GET", `/../openapi.json`);
  expect(await served.stop()).toBe(0);

  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));
  const everything: Readonly<Record<string, string>> = {
    stdout: served.stdout(),
    stderr: served.stderr(),
    files: files.join("\n"),
  };
  expect(everything["files"]?.length).toBeGreaterThan(10_000);
  expect(everything["stderr"]).toContain("invalid_request");
  const marked = Object.entries(secrets);
  for (const [place, text] of Object.entries(everything)) {
    for (const [name, secret] of marked) {
      expect(text.includes(pieceOf(secret)), `${name} in ${place}`).toBe(false);
    }
  }
  const keys = marked.filter(([name]) => name.endsWith("Key"));
  for (const answer of seen) {
    for (const [name, secret] of keys) {
      expect(answer.includes(pieceOf(secret)), `${name} in ${answer}`).toBe(false);
    }
  }
  // A provider's words may tell the caller of its own prompt, the gateway's never do.
  const ours = seen.filter((answer) =>
    /route|metrics|models|usage|health/u.test(answer.slice(0, 40)),
  );
  expect(ours.length).toBeGreaterThan(5);
  for (const answer of ours) expect(answer).not.toContain(secrets.prompt);
});
