import OpenAI from "openai";
import { expect, test } from "vitest";
import { fault } from "../test/fake-gateway.ts";
import {
  APIConnectionError,
  APIStatusError,
  mapOpenAIError,
  NotFoundError,
  PointsmanAPIError,
  RateLimitError,
} from "./index.ts";

/** What the package throws for an answer. */
const caught = (
  answer: () => Promise<Response>,
  act: (openai: OpenAI) => Promise<unknown> = (openai) => openai.models.list(),
): Promise<unknown> =>
  act(new OpenAI({ apiKey: "k", baseURL: "http://h/v1", maxRetries: 0, fetch: answer })).then(
    () => null,
    (error: unknown) => error,
  );

const readChat = async (openai: OpenAI): Promise<void> => {
  const messages = [{ role: "user" as const, content: "hi" }];
  const stream = await openai.chat.completions.create({ model: "m", messages, stream: true });
  for await (const chunk of stream) void chunk;
};
const readResponses = async (openai: OpenAI): Promise<void> => {
  const stream = await openai.responses.create({ model: "m", input: "hi", stream: true });
  for await (const event of stream) void event;
};
const streamed = (text: string) => async () =>
  new Response(text, { headers: { "content-type": "text/event-stream", "x-request-id": "req_1" } });

test("an answer's error", async () => {
  const error = await caught(async () =>
    Response.json(fault("model_not_found", "not_found_error"), {
      status: 404,
      headers: { "x-request-id": "req_1", "retry-after": "3" },
    }),
  );
  const mapped = mapOpenAIError(error);
  expect(mapped).toBeInstanceOf(NotFoundError);
  expect(mapped).toMatchObject({
    message: "it is model_not_found",
    statusCode: 404,
    code: "model_not_found",
    requestId: "req_1",
    retryAfterSeconds: 3,
    docUrl: "/docs/errors/model_not_found",
  });
});

test("an answer that is no error of this API", async () => {
  const mapped = mapOpenAIError(await caught(async () => new Response("<html>", { status: 502 })));
  expect(mapped).toBeInstanceOf(APIStatusError);
  expect(mapped).toMatchObject({ statusCode: 502, code: "malformed_response" });
});

test("an error within a chat stream", async () => {
  const text = `data: ${JSON.stringify(fault("budget_exhausted", "rate_limit_error"))}\n\n`;
  const mapped = mapOpenAIError(await caught(streamed(text), readChat));
  expect(mapped).toBeInstanceOf(RateLimitError);
  expect(mapped).toMatchObject({ statusCode: 200, code: "budget_exhausted", requestId: "req_1" });
});

test("a flat error of a Responses stream", async () => {
  const event = { type: "error", code: "budget_exhausted", message: "m", sequence_number: 0 };
  const text = `event: error\ndata: ${JSON.stringify(event)}\n\n`;
  const mapped = mapOpenAIError(await caught(streamed(text), readResponses));
  expect(mapped).toBeInstanceOf(RateLimitError);
  expect(mapped).toMatchObject({ statusCode: 200, code: "budget_exhausted", message: "m" });
});

test("no answer", async () => {
  const error = await caught(() => Promise.reject(new TypeError("fetch failed")));
  const mapped = mapOpenAIError(error);
  expect(mapped).toBeInstanceOf(APIConnectionError);
  expect(mapped).toMatchObject({ statusCode: 0, code: "api_connection_error", cause: error });
});

test("what is none of the package's errors, and a call that was ended, come back unchanged", async () => {
  const controller = new AbortController();
  controller.abort();
  const aborted = await caught(streamed(""), (openai) =>
    openai.models.list({ signal: controller.signal }),
  );
  expect(aborted).toBeInstanceOf(OpenAI.APIUserAbortError);
  const own = new PointsmanAPIError({ message: "m", statusCode: 0, type: "t", code: "c" });
  const others = [aborted, own, new TypeError("x"), "text", null, undefined, { status: 500 }];
  for (const other of others) expect(mapOpenAIError(other)).toBe(other);
});
