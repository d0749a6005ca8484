import { afterEach, describe, expect, test } from "vitest";
import { createRawBody, readMessagesRequest } from "@pointsman/translate";
import type { CallerRequest, StreamItem } from "@pointsman/translate";
import { asEvents, recordedReplies, recordedStreams } from "../../../test/fixtures/wire/load.ts";
import {
  apiKey,
  bodyOf,
  chatCall,
  createLoopback,
  hear,
  plainOffering,
} from "../../provider/test/loopback.ts";
import { createAnthropicAdapter } from "./adapter.ts";

const loopback = createLoopback(createAnthropicAdapter, "/v1");
afterEach(() => loopback.close());

const wire = "anthropic-messages";
const offering = { ...plainOffering, providerModelId: "claude-sonnet-4-5", maxOutputTokens: 9000 };

const answer = JSON.stringify({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
  content: [{ type: "text", text: "Grüße" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 3, cache_read_input_tokens: 5, output_tokens: 2 },
});

const messagesRequest = (
  body: Readonly<Record<string, unknown>> = {},
  betas: readonly string[] = [],
): CallerRequest => {
  const json = {
    model: "model",
    max_tokens: 50,
    messages: [{ role: "user", content: "hi" }],
    ...body,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  const read = readMessagesRequest(createRawBody(bytes), { betas, purpose: "answer" });
  if (!read.ok) throw new Error(read.error.message);
  return read.caller;
};

type Seen = { url?: string | undefined; headers: Record<string, unknown>; body: unknown };

/** An adapter whose provider answers `reply` and what that provider saw. */
const serve = async (reply: string, status = 200, headers: Record<string, string> = {}) => {
  const seen: Seen = { headers: {}, body: null };
  const adapter = await loopback.serve(async (request, response) => {
    Object.assign(seen, {
      url: request.url,
      headers: request.headers,
      body: await bodyOf(request),
    });
    response.writeHead(status, headers);
    response.end(reply);
  });
  return { adapter, seen };
};

test("a chat request becomes a Messages request; the key and the version are headers", async () => {
  const { adapter, seen } = await serve(answer);
  const { end } = await hear(adapter, chatCall({}, { stream: false, offering }));
  expect(seen).toMatchObject({
    url: "/v1/messages",
    headers: {
      "x-api-key": apiKey,
      "anthropic-version": "2023-06-01",
      "content-type": "application/json",
    },
    body: {
      model: "claude-sonnet-4-5",
      max_tokens: 9000,
      messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
    },
  });
  expect(seen.headers["anthropic-beta"]).toBeUndefined();
  expect(end).toMatchObject({
    ok: true,
    reply: { kind: "neutral", reply: { id: "msg_1" } },
    usage: { inputTokens: 3, cacheReadTokens: 5, outputTokens: 2 },
  });
});

test("a Messages request goes as its bytes, betas with it; the answer's bytes come back", async () => {
  const { adapter, seen } = await serve(answer);
  const request = messagesRequest(
    { system: "Grüße", store: true, gateway: { metadata: { user_id: "u" } } },
    ["context-1m-2025-08-07"],
  );
  const { end } = await hear(adapter, chatCall({}, { request, stream: false, offering }));
  expect(seen).toMatchObject({ headers: { "anthropic-beta": "context-1m-2025-08-07" } });
  expect(seen.body).toEqual({
    max_tokens: 50,
    messages: [{ role: "user", content: "hi" }],
    system: "Grüße",
    model: "claude-sonnet-4-5",
  });
  expect(end).toMatchObject({ ok: true, reply: { kind: "raw", hasId: true } });
});

test("a priority offering is asked for at its speed, on both paths", async () => {
  const fast = { ...offering, tier: "priority" };
  for (const request of [messagesRequest(), chatCall().request]) {
    const { adapter, seen } = await serve(answer);
    await hear(adapter, chatCall({}, { request, stream: false, offering: fast }));
    expect(seen.body).toMatchObject({ speed: "fast" });
    expect(seen.headers["anthropic-beta"]).toBe("fast-mode-2026-02-01");
  }
});

test("what the offering does not take is left out with a loss, on both paths", async () => {
  const bare = { ...offering, unsupportedParameters: ["temperature"] };
  for (const request of [
    messagesRequest({ temperature: 0 }),
    chatCall({ temperature: 0 }).request,
  ]) {
    const { adapter, seen } = await serve(answer);
    const { end } = await hear(adapter, chatCall({}, { request, stream: false, offering: bare }));
    expect(seen.body).not.toHaveProperty("temperature");
    expect(end.ok && end.losses.map(({ code }) => code)).toEqual(["unsupported_parameter"]);
  }
});

const streams = recordedStreams(wire).filter(({ file }) => !file.includes("spliced"));

/** Refused before anything was said: the caller's content, unless the caller knows Anthropic's word. */
const isRefusal = (file: string): boolean => file.includes("refusal");
const refused = { ok: false, failure: { outcome: "content_filtered" } };

describe.each(streams)("a recorded stream ends whole: $file", ({ chunks, file }) => {
  test.each([false, true])("passed through: %s", async (passthrough) => {
    const events = asEvents(wire, chunks);
    const { adapter } = await serve(events, 200, { "content-type": "text/event-stream" });
    const request = passthrough ? messagesRequest({ stream: true }) : chatCall().request;
    const { items, end } = await hear(adapter, chatCall({}, { request, offering }));
    expect(end).toMatchObject(isRefusal(file) && !passthrough ? refused : { ok: true });
    expect(items.filter(({ kind }) => kind === "finish")).toHaveLength(1);
    const isRaw = ({ kind }: StreamItem): boolean => kind === "raw";
    expect(items.some(isRaw)).toBe(passthrough);
  });
});

test.each(recordedReplies(wire))("a recorded answer is read: $file", async ({ body, file }) => {
  const { adapter } = await serve(body);
  const whole = { ok: true, usage: { inputTokens: expect.any(Number) } };
  for (const request of [messagesRequest(), chatCall().request]) {
    const { end } = await hear(adapter, chatCall({}, { request, stream: false, offering }));
    const isChat = request.surface === "chat_completions";
    expect(end).toMatchObject(isRefusal(file) && isChat ? refused : whole);
  }
});

const failure = (type: string, message = "no"): string =>
  JSON.stringify({ type: "error", error: { type, message }, request_id: "req_1" });

test.each([
  [529, failure("overloaded_error"), "overloaded"],
  [500, failure("api_error"), "server_error"],
  [504, failure("timeout_error"), "server_error"],
  [429, failure("rate_limit_error"), "rate_limited"],
  [401, failure("authentication_error"), "auth_error"],
  [403, failure("permission_error"), "auth_error"],
  [402, failure("billing_error"), "auth_error"],
  [404, failure("not_found_error", "model: claude-x"), "model_unavailable"],
  [413, failure("request_too_large"), "bad_request"],
  [400, failure("invalid_request_error", "messages: at least one"), "bad_request"],
  [
    400,
    failure("invalid_request_error", "prompt is too long: 200001 tokens > 200000 maximum"),
    "context_length",
  ],
  [200, failure("overloaded_error"), "overloaded"],
])("%i %s is %s", async (status, body, outcome) => {
  const { adapter } = await serve(body, status, { "retry-after": "7" });
  const { end } = await hear(adapter, chatCall({}, { stream: false, offering }));
  if (end.ok) throw new Error("not ended well");
  expect(end.failure).toMatchObject({ outcome, status });
  if (status !== 200) expect(end.failure.retryAfterMs).toBe(7000);
});

test("an error within a stream, and a stream that is cut, are failures", async () => {
  const events = asEvents(wire, streams[0]?.chunks ?? []).split(/(?<=\n\n)/u);
  const cut = events.filter((event) => !/event: message_(?:delta|stop)/u.test(event)).join("");
  const told = `${cut}event: error\ndata: ${failure("overloaded_error")}\n\n`;
  for (const [text, outcome] of [
    [cut, "stream_cut"],
    [told, "overloaded"],
  ] as const) {
    for (const request of [messagesRequest({ stream: true }), chatCall().request]) {
      const { adapter } = await serve(text);
      const { end } = await hear(adapter, chatCall({}, { request, offering }));
      expect(end).toMatchObject({ ok: false, failure: { outcome } });
    }
  }
});

describe("countTokens", () => {
  test("asks with what is counted alone", async () => {
    const { adapter, seen } = await serve(JSON.stringify({ input_tokens: 14 }));
    const request = messagesRequest({ temperature: 0, system: "Be brief." });
    const counted = await adapter.countTokens?.(chatCall({}, { request, offering }));
    expect(counted).toBe(14);
    expect(seen).toMatchObject({ url: "/v1/messages/count_tokens" });
    expect(seen.body).toEqual({
      model: "claude-sonnet-4-5",
      messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
      system: [{ type: "text", text: "Be brief." }],
    });
  });

  test.each([
    [200, "{}"],
    [200, "no JSON"],
    [401, failure("authentication_error")],
  ])("%i %s is no count", async (status, body) => {
    const { adapter } = await serve(body, status);
    expect(await adapter.countTokens?.(chatCall({}, { offering }))).toBeNull();
  });
});
