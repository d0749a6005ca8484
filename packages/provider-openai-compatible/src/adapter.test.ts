import { afterEach, expect, test } from "vitest";
import { createOpenAiCompatibleAdapter } from "./adapter.ts";
import { counts, done, hello, stop, usage, whole } from "./test-kit-wire.ts";
import { apiKey, bodyOf, createLoopback, makeCall, run, textOf, until } from "./test-kit.ts";

const loopback = createLoopback();
afterEach(() => loopback.close());

test("a whole answer of a canonical provider keeps its bytes", async () => {
  const adapter = await loopback.serve("openai", (_request, response) => response.end(whole));
  const { end } = await run(adapter, makeCall({}, { stream: false }));
  if (!end.ok || end.reply?.kind !== "raw") throw new Error("no raw reply");
  expect(Buffer.from(end.reply.byteText, "latin1").toString()).toBe(whole);
  expect(end.usage).toMatchObject(counts);
});

test.each([
  ["", "bad_response"],
  ["<html></html>", "bad_response"],
  ["{", "bad_response"],
  ['{"choices":[]}', "bad_response"],
  ['{"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}', "auth_error"],
])("a whole answer of %j is %s", async (body, outcome) => {
  const adapter = await loopback.serve("minimax", (_request, response) => response.end(body));
  const { end } = await run(adapter, makeCall({}, { stream: false }));
  expect(end).toMatchObject({ ok: false, failure: { outcome, status: 200 } });
});

test("a refusal is classified, redacted, and its wait is read", async () => {
  const adapter = await loopback.serve("openai", (_request, response) => {
    response.writeHead(429, { "retry-after": "2" });
    response.end(
      JSON.stringify({ error: { message: `limit for ${apiKey}`, code: "rate_limit_exceeded" } }),
    );
  });
  const { end } = await run(adapter, makeCall());
  expect(end).toMatchObject({
    ok: false,
    failure: {
      outcome: "rate_limited",
      status: 429,
      retryAfterMs: 2_000,
      message: "limit for [redacted]",
    },
  });
});

test("the vendor's own codes count", async () => {
  const adapter = await loopback.serve("z_ai", (_request, response) => {
    response.writeHead(429);
    response.end(JSON.stringify({ error: { code: "1113", message: "no balance" } }));
  });
  expect((await run(adapter, makeCall())).end).toMatchObject({
    failure: { outcome: "auth_error" },
  });
});

test("an endless error body is read to its bound only", async () => {
  const adapter = await loopback.serve("openai", (_request, response) => {
    response.writeHead(500);
    const more = (): void => {
      if (!response.destroyed) response.write("x".repeat(16_384), () => setImmediate(more));
    };
    more();
  });
  expect((await run(adapter, makeCall())).end).toMatchObject({
    failure: { outcome: "server_error" },
  });
});

test("what is sent: model, cap, usage, key; nothing of ours and no header of the caller", async () => {
  let body: Record<string, unknown> = {};
  let headers: Record<string, unknown> = {};
  let url = "";
  const adapter = await loopback.serve("openai", async (request, response) => {
    url = request.url ?? "";
    headers = request.headers;
    body = await bodyOf(request);
    response.end(hello + stop + done);
  });
  const call = makeCall(
    { max_tokens: 50, seed: 3, gateway: { metadata: { trace_id: "b" } }, temperature: 0.5 },
    { maxOutputTokens: 20, unsupportedParameters: ["temperature"], tier: "priority" },
  );
  const { end } = await run(adapter, call);
  expect(url).toBe("/v1/chat/completions");
  expect(body).toEqual({
    model: "vendor-model",
    messages: [{ role: "user", content: "hi" }],
    seed: 3,
    service_tier: "priority",
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 20,
  });
  expect(headers).toMatchObject({
    authorization: `Bearer ${apiKey}`,
    "content-type": "application/json",
    "user-agent": expect.stringMatching(/^pointsman\/\d/),
  });
  expect(end.ok && end.losses.map((loss) => loss.type)).toEqual(["unsupported_parameter"]);
});

test("what is sent through the codec follows the dialect", async () => {
  let body: Record<string, unknown> = {};
  const adapter = await loopback.serve("mistral", async (request, response) => {
    body = await bodyOf(request);
    response.end(hello + stop + done);
  });
  await run(adapter, makeCall({ max_completion_tokens: 50, seed: 3 }));
  expect(body).toMatchObject({ model: "vendor-model", stream: true, max_tokens: 50 });
  expect(Object.keys(body)).not.toContain("seed");
  expect(Object.keys(body)).not.toContain("stream_options");
});

test("abort closes the connection and silences the sink", async () => {
  let closed = false;
  const adapter = await loopback.serve("openai", (request, response) => {
    request.socket.on("close", () => (closed = true));
    response.write(hello);
  });
  let ended = false;
  const call = run(adapter, makeCall(), (handle) => handle.abort());
  void call.then(() => (ended = true));
  await until(() => closed);
  expect(ended).toBe(false);
});

test("a paused call goes on where it stopped", async () => {
  const adapter = await loopback.serve("openai", (_request, response) => {
    response.write(hello);
    setTimeout(() => response.end(stop + usage + done), 30);
  });
  let paused = false;
  const { items, end } = await run(adapter, makeCall(), (handle) => {
    if (paused) return;
    paused = true;
    handle.pause();
    setTimeout(() => handle.resume(), 60);
  });
  expect(textOf(items)).toBe("Hello");
  expect(end).toMatchObject({ ok: true, usage: counts });
});

test("a stale kept-alive connection is told", async () => {
  let count = 0;
  const adapter = await loopback.serve("openai", (request, response) => {
    count += 1;
    if (count === 1) response.end(hello + stop + done);
    else request.socket.resetAndDestroy();
  });
  await run(adapter, makeCall());
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect((await run(adapter, makeCall())).end).toMatchObject({
    ok: false,
    failure: { outcome: "network_error", status: null, staleConnection: true },
  });
});

test("a preset or a base URL that does not exist is refused at once", () => {
  const options = { provider: "p", baseUrl: null, connectMs: 1_000 };
  expect(() => createOpenAiCompatibleAdapter({ ...options, preset: "nope" })).toThrow(
    /"nope".*openai/,
  );
  expect(() => createOpenAiCompatibleAdapter({ ...options, preset: null })).toThrow(
    /a base URL is needed/,
  );
});

test("the provider's own block of extensions is sent, the gateway's fields win", async () => {
  let body: Record<string, unknown> = {};
  const adapter = await loopback.serve("mistral", async (request, response) => {
    body = await bodyOf(request);
    response.end(hello + stop + done);
  });
  const extensions = {
    mistral: { safe_prompt: true, temperature: 2, api_key: "sk-x" },
    openai: { store: true },
  };
  const { end } = await run(adapter, makeCall({ extensions, temperature: 0.5 }));
  expect(body).toMatchObject({ safe_prompt: true, temperature: 0.5 });
  expect(JSON.stringify(body)).not.toMatch(/sk-x|store/u);
  expect(end.ok && end.losses.map(({ code }) => code)).toEqual([
    "blocked_field",
    "blocked_field",
    "ignored_extension",
  ]);
});
