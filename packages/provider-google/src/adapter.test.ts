import { afterEach, expect, test } from "vitest";
import { asEvents, recordedFile, recordedStreams } from "../../../test/fixtures/wire/load.ts";
import {
  apiKey,
  bodyOf,
  chatCall,
  createLoopback,
  hear,
  plainOffering,
} from "../../provider/test/loopback.ts";
import { createGoogleAdapter } from "./adapter.ts";

const loopback = createLoopback(createGoogleAdapter, "/v1beta");
afterEach(() => loopback.close());

const offering = { ...plainOffering, providerModelId: "gemini-3-flash" };
const answer = JSON.stringify({
  candidates: [{ content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 1, thoughtsTokenCount: 2 },
});

test("the path names model and method, the key is a header", async () => {
  let seen: { url?: string | undefined; key?: unknown; body?: unknown } = {};
  const adapter = await loopback.serve(async (request, response) => {
    seen = {
      url: request.url,
      key: request.headers["x-goog-api-key"],
      body: await bodyOf(request),
    };
    response.end(answer);
  });
  const call = chatCall({ reasoning_effort: "low" }, { stream: false, offering });
  const { end } = await hear(adapter, call);
  expect(seen).toEqual({
    url: "/v1beta/models/gemini-3-flash:generateContent",
    key: apiKey,
    body: {
      contents: [{ role: "user", parts: [{ text: "hi" }] }],
      generationConfig: { thinkingConfig: { includeThoughts: true, thinkingLevel: "LOW" } },
    },
  });
  expect(end).toMatchObject({
    ok: true,
    usage: { inputTokens: 3, outputTokens: 1, reasoningTokens: 2 },
  });
});

test.each(recordedStreams("gemini"))("a recorded stream ends whole: $file", async ({ chunks }) => {
  let url: string | undefined = "";
  const adapter = await loopback.serve((request, response) => {
    url = request.url;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(asEvents("gemini", chunks));
  });
  const { items, end } = await hear(adapter, chatCall({}, { offering }));
  expect(url).toBe("/v1beta/models/gemini-3-flash:streamGenerateContent?alt=sse");
  expect(end.ok).toBe(true);
  expect(items.filter(({ kind }) => kind === "finish")).toHaveLength(1);
});

test("a list of chunks where events were asked for is an answer too", async () => {
  const adapter = await loopback.serve((_request, response) => {
    response.write("[");
    response.end(`${answer}]`);
  });
  const { items, end } = await hear(adapter, chatCall({}, { offering }));
  expect(end.ok).toBe(true);
  expect(items).toContainEqual({ kind: "text", choice: 0, text: "Hi" });
});

test("a stream without a finish reason is cut, not finished", async () => {
  const adapter = await loopback.serve((_request, response) => {
    response.end(`data: {"candidates":[{"content":{"parts":[{"text":"half"}]}}]}\r\n\r\n`);
  });
  const { end } = await hear(adapter, chatCall({}, { offering }));
  expect(end).toMatchObject({ ok: false, failure: { outcome: "stream_cut" } });
});

const error = (code: number, status: string, message: string, reason?: string): string =>
  JSON.stringify({
    error: { code, status, message, details: reason === undefined ? [] : [{ reason }] },
  });

test.each([
  [429, recordedFile("google/gemini/google-429-retry-info.json"), "rate_limited"],
  [400, error(400, "INVALID_ARGUMENT", "API key not valid.", "API_KEY_INVALID"), "auth_error"],
  [403, error(403, "PERMISSION_DENIED", "no"), "auth_error"],
  [404, error(404, "NOT_FOUND", "models/x is not found"), "model_unavailable"],
  [400, error(400, "INVALID_ARGUMENT", "contents is wrong"), "bad_request"],
  [
    400,
    error(400, "INVALID_ARGUMENT", "The input token count (9) exceeds the maximum (8)."),
    "context_length",
  ],
  [503, error(503, "UNAVAILABLE", "The model is overloaded."), "overloaded"],
  [500, error(500, "INTERNAL", "oops"), "server_error"],
])("HTTP %i is told apart: %#", async (status, body, outcome) => {
  const adapter = await loopback.serve((_request, response) => {
    response.writeHead(status).end(body);
  });
  const { end } = await hear(adapter, chatCall({}, { offering }));
  expect(end).toMatchObject({ ok: false, failure: { outcome, status } });
  if (status === 429) expect(end).toMatchObject({ failure: { retryAfterMs: 34_400 } });
});

test("a blocked prompt is filtered content", async () => {
  const adapter = await loopback.serve((_request, response) => {
    response.end('{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}');
  });
  const { end } = await hear(adapter, chatCall({}, { stream: false, offering }));
  expect(end).toMatchObject({ ok: false, failure: { outcome: "content_filtered" } });
});
