import { loadCatalog } from "@pointsman/catalog";
import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { errorTable } from "@pointsman/translate";
import type { ErrorCode } from "@pointsman/translate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab, surfaces } from "../failover/lab.ts";
import type { Lab, ProviderSpec, Surface } from "../failover/lab.ts";
import { drips, fails, hangs } from "../failover/upstream.ts";
import type { Act } from "../failover/upstream.ts";
import { createClient } from "../manage/client.ts";
import type { Json } from "../manage/client.ts";
import { faultsOf, readDocument } from "./document.ts";

/** Codes that no gateway raises: pages alone, or the ledger's. */
const reserved: readonly ErrorCode[] = [
  "invalid_recovery_code",
  "mfa_verification_failed",
  "mfa_required",
  "payment_declined",
  "payment_method_invalid",
  "client_disconnected",
];

/** Codes whose condition cannot come about here. */
const impossible: Readonly<Partial<Record<ErrorCode, string>>> = {
  no_tools_on_endpoint: "every way in carries tools to every wire",
  no_responses_endpoint: "every wire serves Responses",
  streaming_not_supported: "a whole answer is streamed where a stream is wanted",
  non_streaming_not_supported: "a stream is folded where a whole answer is wanted",
  batch_only: "batch prices are no offerings",
};

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
const content = "Which track is the express on today?";
const image = "data:image/png;base64,iVBORw0KGgo=";
const weather = {
  name: "get_weather",
  parameters: { type: "object", properties: {} },
};
const schema = { type: "object", properties: {}, additionalProperties: false };

/** A body's part in the words of each surface; `null` = the surface cannot say it. */
type Say = Readonly<Partial<Record<Surface, Json>>>;

const tools: Record<Surface, Json> = {
  chat: { tools: [{ type: "function", function: weather }] },
  responses: { tools: [{ type: "function", ...weather }] },
  messages: { tools: [{ name: weather.name, input_schema: weather.parameters }] },
};
const structured: Record<Surface, Json> = {
  chat: { response_format: { type: "json_schema", json_schema: { name: "x", schema } } },
  responses: { text: { format: { type: "json_schema", name: "x", schema } } },
  messages: { output_config: { format: { type: "json_schema", schema } } },
};
const both: Record<Surface, Json> = {
  chat: { ...tools.chat, ...structured.chat },
  responses: { ...tools.responses, ...structured.responses },
  messages: { ...tools.messages, ...structured.messages },
};
const user = (part: Json): readonly Json[] => [{ role: "user", content: [part] }];
const all = (json: Json): Say => ({ chat: json, responses: json, messages: json });
const routing = (options: Json): Say => all({ gateway: { routing: options } });

type Row = {
  readonly code: ErrorCode;
  /** What each surface says; surfaces left out cannot provoke it. @default nothing special */
  readonly say?: Say;
  readonly specs?: readonly ProviderSpec[];
  /** What providers do. @default they answer */
  readonly act?: Act;
  readonly lab?: Parameters<typeof startLab>[1];
  readonly key?: string;
  readonly stream?: true;
  /** Sent instead of a JSON body. */
  readonly raw?: () => string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent so often before. @default 0 */
  readonly before?: number;
  readonly param?: string | Readonly<Partial<Record<Surface, string>>>;
};

const chatWire = (model: Json = {}, more: Json = {}): readonly ProviderSpec[] => [
  { wire: "chat", model, more },
];
const can = (capabilities: Json): readonly ProviderSpec[] => chatWire({ capabilities });

/** A model that the catalogue knows a vendor no longer offers. */
const retired = ((): { readonly id: string; readonly preset: string } => {
  for (const { id, offerings } of loadCatalog().models.values()) {
    const off = offerings.find(({ offering }) => !offering.enabled);
    if (off !== undefined) return { id, preset: off.offering.provider };
  }
  throw new Error("the catalogue has a model that a vendor no longer offers");
})();

/** A store whose budgets cannot be reached. */
const unreachable = (): Stores => {
  const stores = createMemoryStores();
  const { budgets } = stores;
  const reserve = (): Promise<never> => Promise.reject(new Error("the store is down"));
  return {
    ...stores,
    budgets: {
      create: (budget) => budgets.create(budget),
      get: (...values) => budgets.get(...values),
      list: (...values) => budgets.list(...values),
      update: (...values) => budgets.update(...values),
      delete: (...values) => budgets.delete(...values),
      sweep: (options) => budgets.sweep(options),
      reserve,
      extend: reserve,
      settle: reserve,
    },
  };
};

const total = (limitUsd: number) => ({
  workspace: { budgets: [{ period: "total", limitUsd }] },
});

const rows: readonly Row[] = [
  { code: "invalid_api_key", key: "nobody" },
  {
    code: "expired_api_key",
    lab: { key: { expiresAt: "2020-01-01T00:00:00Z" } },
  },
  { code: "insufficient_permissions", lab: { key: { scopes: ["usage:read"] } } },
  { code: "feature_disabled", say: all({ gateway: { explain: true } }), lab: { explain: false } },
  { code: "invalid_request", raw: () => "[]" },
  { code: "missing_required_parameter", say: all({ model: undefined }), param: "model" },
  { code: "invalid_parameter_value", say: all({ temperature: "warm" }), param: "temperature" },
  {
    code: "unknown_field",
    say: routing({ optimise: "cost" }),
    param: "gateway.routing.optimise",
  },
  {
    code: "context_length_exceeded",
    specs: chatWire({ contextWindow: 2 }),
    param: { chat: "messages", responses: "input", messages: "messages" },
  },
  {
    code: "content_filtered",
    act: fails(400, { code: "content_filter", message: "filtered" }),
  },
  { code: "tools_not_supported", say: tools, specs: can({ tools: false }) },
  {
    code: "tool_choice_required_not_supported",
    say: {
      chat: { ...tools.chat, tool_choice: "required" },
      responses: { ...tools.responses, tool_choice: "required" },
      messages: { ...tools.messages, tool_choice: { type: "any" } },
    },
    specs: can({ tools: true, tool_choice_required: false }),
  },
  {
    code: "hosted_tool_not_supported",
    say: {
      responses: { tools: [{ type: "code_interpreter", container: { type: "auto" } }] },
      messages: { tools: [{ type: "web_search_20250305", name: "web_search" }] },
    },
  },
  {
    code: "json_mode_not_supported",
    say: {
      chat: { response_format: { type: "json_object" } },
      responses: { text: { format: { type: "json_object" } } },
    },
    specs: can({ json_mode: false }),
  },
  {
    code: "structured_output_not_supported",
    say: structured,
    specs: can({ structured_output: false }),
  },
  {
    code: "tools_with_structured_output_not_supported",
    say: both,
    specs: can({ tools: true, structured_output: true, tools_with_structured_output: false }),
  },
  {
    code: "vision_not_supported",
    say: {
      chat: { messages: user({ type: "image_url", image_url: { url: image } }) },
      responses: { input: user({ type: "input_image", image_url: image }) },
      messages: {
        messages: user({
          type: "image",
          source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
        }),
      },
    },
    specs: can({ vision: false }),
  },
  {
    code: "unsupported_modalities",
    say: {
      chat: {
        messages: user({ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }),
      },
      responses: {
        input: user({
          type: "input_file",
          filename: "a.pdf",
          file_data: "data:application/pdf;base64,JVBERi0=",
        }),
      },
      messages: {
        messages: user({
          type: "document",
          source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
        }),
      },
    },
    specs: can({ audio_input: false, file_input: false }),
  },
  {
    code: "reasoning_not_supported",
    say: {
      chat: { reasoning_effort: "high" },
      responses: { reasoning: { effort: "high" } },
      messages: { max_tokens: 5000, thinking: { type: "enabled", budget_tokens: 2000 } },
    },
    specs: can({ reasoning: false }),
  },
  {
    code: "thinking_disable_not_supported",
    say: {
      chat: { reasoning_effort: "off" },
      responses: { reasoning: { effort: "none" } },
      messages: { thinking: { type: "disabled" } },
    },
    specs: can({ reasoning: true, reasoning_disable: false }),
  },
  { code: "tier_opt_in_required", say: { messages: { speed: "fast" } } },
  {
    code: "no_compatible_endpoint",
    say: routing({ data_policy: "zdr" }),
    param: "gateway.routing.data_policy",
  },
  { code: "response_api_only", say: { chat: {} }, specs: [{ wire: "responses" }] },
  {
    code: "input_requires_responses_endpoint",
    say: {
      responses: {
        input: [
          { role: "user", content },
          { type: "local_shell_call_output", id: "x", output: "{}" },
        ],
      },
    },
  },
  {
    code: "cost_constraint_exceeded",
    say: routing({ max_cost_per_1m: 0.01 }),
    param: "gateway.routing.max_cost_per_1m",
  },
  {
    code: "latency_constraint_exceeded",
    say: routing({ max_ttft_ms: 1 }),
    param: "gateway.routing.max_ttft_ms",
  },
  {
    code: "throughput_constraint_not_met",
    say: routing({ min_throughput_tps: 1e6 }),
    param: "gateway.routing.min_throughput_tps",
  },
  {
    code: "provider_not_in_allowlist",
    say: routing({ providers: ["openai"] }),
    param: "gateway.routing.providers",
  },
  {
    code: "provider_blocked",
    say: routing({ exclude_providers: ["p0"] }),
    param: "gateway.routing.exclude_providers",
  },
  {
    code: "required_params_not_supported",
    say: all({
      model: "o3-mini",
      temperature: 0.5,
      gateway: { routing: { require_parameters: true } },
    }),
    specs: [{ wire: "chat", more: { kind: "openai", models: { "o3-mini": {} } } }],
    param: "gateway.routing.require_parameters",
  },
  {
    code: "byok_keys_required",
    say: routing({ only_byok: true }),
    param: "gateway.routing.only_byok",
  },
  {
    code: "platform_keys_unavailable",
    say: routing({ only_platform: true }),
    specs: [{ wire: "chat", more: { kind: "openai", apiKey: null } }],
    param: "gateway.routing.only_platform",
  },
  { code: "model_not_found", say: all({ model: "nobody" }), param: "model" },
  { code: "payload_too_large", raw: () => "x".repeat(33 * 1024 * 1024) },
  { code: "rate_limit_exceeded", lab: { key: { rateLimitRpm: 1 } }, before: 1 },
  { code: "budget_exhausted", lab: total(0.000_001) },
  {
    code: "idempotency_replay_unavailable",
    headers: { "idempotency-key": "once" },
    before: 1,
  },
  { code: "upstream_error", act: fails(500) },
  { code: "no_provider_available", act: fails(401), before: 1 },
  {
    code: "model_unavailable",
    say: all({ model: retired.id }),
    specs: [
      {
        wire: "chat",
        more: { models: { [retired.id]: {} }, preset: retired.preset },
      },
    ],
  },
  {
    code: "service_unavailable",
    lab: { stores: unreachable(), ...total(1) },
  },
  { code: "upstream_timeout", act: hangs, say: routing({ timeout_ms: 50 }) },
  {
    code: "stream_duration_exceeded",
    act: drips(150),
    say: routing({ deadline_ms: 400 }),
    stream: true,
  },
];

let lab: Lab | undefined;
let stores: Stores;
beforeEach(() => {
  stores = createMemoryStores();
});
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

/** An idempotency key is let go of beside the answer: whoever is faster is told that it runs. */
const settled = async (url: string, init: RequestInit) => {
  for (;;) {
    const response = await fetch(url, init);
    const text = await response.text();
    if (!text.includes("idempotency_conflict")) return { response, text };
  }
};

const provoked = new Set<string>();

const cases = rows.flatMap((row) =>
  surfaces
    .filter((surface) => row.say === undefined || row.say[surface] !== undefined)
    .map((surface) => ({ ...row, surface })),
);

test.each(cases)("$code on $surface", async ({ surface, code, ...row }) => {
  const opened = await startLab(row.specs ?? ["chat"], { stores, ...row.lab });
  lab = opened;
  for (const upstream of opened.upstreams) if (row.act) upstream.play(row.act);
  const asked = opened.request({
    surface,
    stream: row.stream ?? false,
    body: row.say?.[surface] ?? {},
  });
  const headers = new Headers(asked.init.headers);
  if (row.key !== undefined) headers.set("authorization", `Bearer ${row.key}`);
  for (const [name, value] of Object.entries(row.headers ?? {})) headers.set(name, value);
  const init = { ...asked.init, headers, ...(row.raw ? { body: row.raw() } : {}) };
  for (let count = 0; count < (row.before ?? 0); count += 1) {
    await (await fetch(asked.url, init)).text();
  }
  const { response, text } = await settled(asked.url, init);
  expect(text).toContain(code);
  provoked.add(code);
  const table = errorTable[code];
  if (table.status === 0) {
    expect(response.status).toBe(200);
    return;
  }
  expect(response.status, text).toBe(table.status);
  const json = JSON.parse(text) as Json;
  const contract = await readDocument(opened.url);
  const ids = {
    chat: "createChatCompletion",
    responses: "createResponse",
    messages: "createMessage",
  };
  const described = contract.operations.get(ids[surface]);
  if (described === undefined) throw new TypeError("the document has the surfaces");
  expect(faultsOf(described.error, json), text).toEqual([]);
  const error = json["error"] as Json;
  const details = surface === "messages" ? (error["details"] as Json) : error;
  expect(details[surface === "messages" ? "error_code" : "code"]).toBe(code);
  const param = typeof row.param === "object" ? row.param[surface] : row.param;
  if (param !== undefined) expect(details["param"], text).toBe(param);
  expect(details["doc_url"]).toBe(`${opened.url.replace(/\/v1$/u, "")}/docs/errors/${code}`);
  expect(response.headers.get("x-error-type")).toBe(table.headerType);
  const retryable = response.headers.get("x-should-retry");
  expect(retryable).toBe(response.headers.get("x-error-retryable"));
  expect(retryable).toBe(String(table.retryable));
  expect(response.headers.get("x-request-id")).toBe(response.headers.get("request-id"));
  if (table.status === 429 || table.status === 503) {
    // A total budget has no reset to wait for.
    const waits = code !== "budget_exhausted";
    const after = response.headers.get("retry-after");
    expect(after === null).toBe(!waits);
    if (waits) expect(after).toMatch(/^[1-9]\d*$/u);
  }
});

describe("codes of management, and of what is nowhere", () => {
  const call = createClient(() => ({ url: lab?.url ?? "", key: adminKey }));
  const w = "/workspaces/default";
  const open = async (over: Partial<Stores> = {}): Promise<void> => {
    lab = await startLab(["chat"], {
      stores: { ...stores, ...over },
      secretKey: "operator-secret-0123456789abcdef",
      keys: [{ key: adminKey, scopes: ["admin"] }],
    });
  };
  const expectCode = async (code: ErrorCode, reply: Promise<{ text: string; status: number }>) => {
    const { status, text } = await reply;
    expect([status, text.includes(`"code":"${code}"`)], text).toEqual([
      errorTable[code].status,
      true,
    ]);
    provoked.add(code);
  };

  test("field_immutable, operation_not_allowed, duplicate_resource, resource_not_found", async () => {
    await open();
    await expectCode("field_immutable", call("PATCH", w, { body: { slug: "other" } }));
    const { json } = await call("POST", `${w}/api-keys`, {
      body: { name: "k", scopes: ["keys:write"] },
    });
    const self = `${w}/api-keys/${String(json["id"])}`;
    const key = String(json["api_key"]);
    await expectCode("operation_not_allowed", call("DELETE", self, { key }));
    const budget = { scope_type: "workspace", period: "daily", limit_usd: 1 };
    await call("POST", `${w}/budgets`, { body: budget });
    await expectCode("duplicate_resource", call("POST", `${w}/budgets`, { body: budget }));
    await expectCode("resource_not_found", call("GET", `${w}/budgets/none`));
    await expectCode("resource_not_found", call("GET", "/nothing"));
    await expectCode("method_not_allowed", call("DELETE", "/models"));
  });

  test("idempotency_conflict, state_precondition_failed, insufficient_quota", async () => {
    await open();
    const credits = `${w}/billing/credits`;
    const headers = { "idempotency-key": "once" };
    await call("POST", credits, { body: { amount_microdollars: 1 }, headers });
    const other = { body: { amount_microdollars: 2 }, headers };
    await expectCode("idempotency_conflict", call("POST", credits, other));
    const paid = { body: { model: "lab", messages: [{ role: "user", content }] } };
    await expectCode("insufficient_quota", call("POST", "/chat/completions", paid));
    const body = { provider: "p0", api_key: "sk-own-0123456789abcdef" };
    const { json } = await call("POST", `${w}/byok-keys`, { body });
    const byok = `${w}/byok-keys/${String(json["id"])}`;
    await call("PATCH", byok, { body: { disabled: true } });
    await expectCode("state_precondition_failed", call("POST", `${byok}/validate`));
  });

  test("internal_error, which tells nothing of its cause", async () => {
    await open({
      workspaces: {
        ...stores.workspaces,
        update: () => Promise.reject(new Error("secret cause at /home/x")),
      },
    });
    const reply = call("PATCH", w, { body: { name: "x" } });
    await expectCode("internal_error", reply);
    expect((await reply).text).not.toContain("secret cause");
  });
});

test("every code was provoked that can be", () => {
  const left = Object.keys(errorTable).filter(
    (code) =>
      !provoked.has(code) &&
      !reserved.includes(code as ErrorCode) &&
      !Object.hasOwn(impossible, code),
  );
  expect(left).toEqual([]);
});
