import { Client } from "@pointsman/sdk";
import type { ChatCompletionParams } from "@pointsman/sdk";
import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { errorTable } from "@pointsman/translate";
import type { ErrorCode } from "@pointsman/translate";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab, ProviderSpec } from "../failover/lab.ts";
import { drips, fails, hangs } from "../failover/upstream.ts";
import type { Act } from "../failover/upstream.ts";
import { expectedClass, failureOf } from "./expected-class.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
const messages = [{ role: "user" as const, content: "Which track is the express on today?" }];

let stores: Stores;
let lab: Lab | undefined;
beforeEach(() => {
  stores = createMemoryStores();
});
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

type Opening = Parameters<typeof startLab>[1];
const open = async (
  specs: readonly ProviderSpec[] = [{ wire: "chat" }],
  options: Opening = {},
): Promise<Lab> => {
  const secretKey = "operator-secret-0123456789abcdef";
  const keys = [{ key: adminKey, scopes: ["admin"] }];
  lab = await startLab(specs, { stores, secretKey, keys, ...options });
  return lab;
};
const clientAt = ({ url }: Lab, apiKey = "pk-lab"): Client =>
  new Client({ apiKey, baseUrl: url, maxRetries: 0 });

type Row = {
  readonly code: ErrorCode;
  /** What is asked for beside a question. */
  readonly say?: Partial<ChatCompletionParams>;
  readonly specs?: readonly ProviderSpec[];
  readonly act?: Act;
  readonly lab?: Opening;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent so often before. @default 0 */
  readonly before?: number;
  readonly param?: string;
};

const can = (capabilities: Readonly<Record<string, boolean>>): readonly ProviderSpec[] => [
  { wire: "chat", model: { capabilities } },
];
const weather = { name: "get_weather", parameters: { type: "object", properties: {} } };

const rows: readonly Row[] = [
  { code: "invalid_api_key", key: "nobody" },
  { code: "expired_api_key", lab: { key: { expiresAt: "2020-01-01T00:00:00Z" } } },
  { code: "insufficient_permissions", lab: { key: { scopes: ["usage:read"] } } },
  { code: "feature_disabled", say: { gateway: { explain: true } }, lab: { explain: false } },
  { code: "invalid_parameter_value", say: { temperature: 9 }, param: "temperature" },
  { code: "context_length_exceeded", specs: [{ wire: "chat", model: { contextWindow: 2 } }] },
  { code: "content_filtered", act: fails(400, { code: "content_filter", message: "filtered" }) },
  {
    code: "tools_not_supported",
    say: { tools: [{ type: "function", function: weather }] },
    specs: can({ tools: false }),
  },
  {
    code: "no_compatible_endpoint",
    say: { gateway: { routing: { data_policy: "zdr" } } },
    param: "gateway.routing.data_policy",
  },
  {
    code: "provider_not_in_allowlist",
    say: { gateway: { routing: { providers: ["openai"] } } },
    param: "gateway.routing.providers",
  },
  { code: "response_api_only", specs: [{ wire: "responses" }] },
  { code: "model_not_found", say: { model: "lba" }, param: "model" },
  { code: "rate_limit_exceeded", lab: { key: { rateLimitRpm: 1 } }, before: 1 },
  {
    code: "budget_exhausted",
    lab: { workspace: { budgets: [{ period: "total", limitUsd: 0.000_001 }] } },
  },
  {
    code: "idempotency_replay_unavailable",
    headers: { "idempotency-key": "once" },
    before: 1,
  },
  { code: "upstream_error", act: fails(500) },
  { code: "no_provider_available", act: fails(401), before: 1 },
  { code: "upstream_timeout", act: hangs, say: { gateway: { routing: { timeout_ms: 50 } } } },
];

test.each(rows)("$code", async ({ code, say, act, headers = {}, before = 0, param, ...row }) => {
  const opened = await open(row.specs, row.lab);
  for (const upstream of opened.upstreams) if (act) upstream.play(act);
  const client = clientAt(opened, row.key);
  const body = { model: "lab", messages, ...say };
  const ask = () => client.chat.completions.create(body, { headers });
  for (let count = 0; count < before; count += 1) await ask().catch(() => {});
  let error = await failureOf(ask());
  // An idempotency key is let go of beside the answer.
  while (error.code === "idempotency_conflict") error = await failureOf(ask());
  const { status, type, retryable } = errorTable[code];
  expect(error.constructor).toBe(expectedClass(code));
  expect(error).toMatchObject({ code, type, statusCode: status });
  if (param !== undefined) expect(error.param).toBe(param);
  expect(error.docUrl).toBe(`${opened.url.replace(/\/v1$/u, "")}/docs/errors/${code}`);
  expect(error.requestId).toMatch(/^req_/u);
  expect(error.responseHeaders?.get("x-should-retry")).toBe(String(retryable));
  if (code === "rate_limit_exceeded") expect(error.retryAfterSeconds).toBeGreaterThan(0);
  if (code === "model_not_found") expect(error.suggestion).toContain("lab");
});

test("a failure that has to be told within a stream", async () => {
  const opened = await open();
  const client = clientAt(opened);
  opened.upstreams[0]?.play(drips(150));
  const stream = await client.chat.completions.create({
    model: "lab",
    messages,
    stream: true,
    gateway: { routing: { deadline_ms: 400 } },
  });
  const error = await failureOf(stream.final());
  expect(error).toMatchObject({
    name: "APIStatusError",
    code: "stream_duration_exceeded",
    statusCode: 200,
  });
});

test("codes of management", async () => {
  const opened = await open();
  const { workspaces } = clientAt(opened, adminKey);
  const expectCode = async (code: ErrorCode, call: Promise<unknown>): Promise<void> => {
    const error = await failureOf(call);
    const { status, type } = errorTable[code];
    expect(error).toMatchObject({ code, statusCode: status, type });
    expect(error.constructor).toBe(expectedClass(code));
  };
  const w = "default";
  const slug: object = { slug: "other" };
  await expectCode("field_immutable", workspaces.update(w, slug));
  await expectCode("missing_required_parameter", workspaces.update(w, {}));
  const unknown: object = { colour: "green" };
  await expectCode("unknown_field", workspaces.update(w, unknown));
  await expectCode("resource_not_found", workspaces.retrieve("none"));
  await expectCode("resource_not_found", workspaces.budgets.retrieve(w, "none"));
  const budget = { scope_type: "workspace", period: "daily", limit_usd: 1 } as const;
  await workspaces.budgets.create(w, budget);
  await expectCode("duplicate_resource", workspaces.budgets.create(w, budget));
  const made = await workspaces.apiKeys.create(w, { name: "k", scopes: ["keys:write"] });
  const own = clientAt(opened, made.api_key).workspaces.apiKeys;
  await expectCode("operation_not_allowed", own.delete(w, made.id));
  const once = { idempotencyKey: "once" };
  await workspaces.billing.credit(w, { amount_microdollars: 1 }, once);
  await expectCode(
    "idempotency_conflict",
    workspaces.billing.credit(w, { amount_microdollars: 2 }, once),
  );
  const paid = clientAt(opened).chat.completions.create({ model: "lab", messages });
  await expectCode("insufficient_quota", paid);
  const sealed = { provider: "p0", api_key: "sk-own-0123456789abcdef" };
  const byok = await workspaces.byokKeys.create(w, sealed);
  await workspaces.byokKeys.update(w, byok.id, { disabled: true });
  await expectCode("state_precondition_failed", workspaces.byokKeys.validate(w, byok.id));
});

test("a fault of the gateway", async () => {
  const broken = () => Promise.reject(new Error("secret cause"));
  const opened = await open(undefined, {
    stores: { ...stores, workspaces: { ...stores.workspaces, update: broken } },
  });
  const error = await failureOf(
    clientAt(opened, adminKey).workspaces.update("default", { name: "x" }),
  );
  expect(error).toMatchObject({
    name: "InternalServerError",
    code: "internal_error",
    statusCode: 500,
  });
  expect(error.message).not.toContain("secret cause");
});

test("nobody is there", async () => {
  const client = new Client({ apiKey: "pk", baseUrl: "http://127.0.0.1:1", maxRetries: 0 });
  const error = await failureOf(client.models.list());
  expect(error).toMatchObject({
    name: "APIConnectionError",
    code: "api_connection_error",
    statusCode: 0,
  });
});
