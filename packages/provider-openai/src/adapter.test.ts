import { afterEach, describe, expect, test } from "vitest";
import { createRawBody, readResponsesRequest } from "@pointsman/translate";
import type { CallerRequest } from "@pointsman/translate";
import { createOpenAiCompatibleAdapter } from "../../provider-openai-compatible/src/index.ts";
import { asEvents, recordedStreams } from "../../../test/fixtures/wire/load.ts";
import {
  apiKey,
  bodyOf,
  chatCall,
  createLoopback,
  hear,
  plainOffering,
} from "../../provider/test/loopback.ts";
import { createOpenAiAdapterFactory } from "./index.ts";

const factory = createOpenAiAdapterFactory((options) =>
  createOpenAiCompatibleAdapter({ ...options, preset: "openai" }),
);
const loopback = createLoopback(factory, "/v1");
afterEach(() => loopback.close());

const both = ["chat_completions", "responses"] as const;
const offeringOf = (providerModelId: string, wires: typeof plainOffering.wires = both) => ({
  ...plainOffering,
  providerModelId,
  wires,
});
const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];

const responsesRequest = (body: Readonly<Record<string, unknown>>): CallerRequest => {
  const bytes = new TextEncoder().encode(JSON.stringify({ model: "model", ...body }));
  const read = readResponsesRequest(createRawBody(bytes));
  if (!read.ok) throw new Error(read.error.message);
  return read.caller;
};

type Seen = { url?: string | undefined; headers: Record<string, unknown>; body: unknown };

/** An adapter whose provider refuses, and what that provider saw. */
const serve = async () => {
  const seen: Seen = { headers: {}, body: null };
  const adapter = await loopback.serve(async (request, response) => {
    const { url, headers } = request;
    Object.assign(seen, { url, headers, body: await bodyOf(request) });
    response.writeHead(429, { "retry-after-ms": "1500" });
    response.end(JSON.stringify({ error: { message: `Slow down, ${apiKey}.`, code: null } }));
  });
  return { adapter, seen };
};

describe("which wire a call goes out on", () => {
  test.each([
    ["a plain chat request", {}, "gpt-5.4", both, "chat/completions"],
    [
      "tools and a level, GPT-5.4",
      { tools, reasoning_effort: "low" },
      "gpt-5.4",
      both,
      "responses",
    ],
    ["the same, GPT-5.1", { tools, reasoning_effort: "low" }, "gpt-5.1", both, "chat/completions"],
    ["tools alone", { tools }, "gpt-5.4", both, "chat/completions"],
    ["a model of Responses alone", {}, "gpt-5.4-pro", ["responses"], "responses"],
    ["a model of chat alone", { tools }, "gpt-5.4", ["chat_completions"], "chat/completions"],
  ] as const)("%s", async (_, body, model, wires, path) => {
    const { adapter, seen } = await serve();
    await hear(adapter, chatCall(body, { offering: offeringOf(model, wires) }));
    expect(seen.url).toBe(`/v1/${path}`);
  });

  test("callers of Responses pass through to Responses", async () => {
    const { adapter, seen } = await serve();
    const request = responsesRequest({ input: "Hi", text: { verbosity: "low" } });
    await hear(adapter, chatCall({}, { request, offering: offeringOf("gpt-5.4") }));
    expect(seen).toMatchObject({
      url: "/v1/responses",
      body: { model: "gpt-5.4", input: "Hi", text: { verbosity: "low" }, store: false },
    });
  });
});

test("the key is a header, a failure is told without it", async () => {
  const { adapter, seen } = await serve();
  const { end } = await hear(adapter, chatCall({}, { offering: offeringOf("m", ["responses"]) }));
  expect(seen.headers).toMatchObject({ authorization: `Bearer ${apiKey}` });
  expect(end).toMatchObject({
    ok: false,
    failure: { outcome: "rate_limited", status: 429, retryAfterMs: 1500 },
  });
  expect(JSON.stringify(end)).not.toContain(apiKey.slice(3));
});

test("the conversation is named, a day's cache asked for where the model has one", async () => {
  const caching = { marks: [], conversationId: () => "conversation-1", zeroRetention: false };
  const { adapter, seen } = await serve();
  const ask = async (model: string, zeroRetention: boolean): Promise<unknown> => {
    const offering = offeringOf(model, ["responses"]);
    await hear(adapter, chatCall({}, { offering, caching: { ...caching, zeroRetention } }));
    return seen.body;
  };
  expect(await ask("gpt-5.1", false)).toMatchObject({
    prompt_cache_key: "conversation-1",
    prompt_cache_retention: "24h",
  });
  expect(await ask("gpt-5.1", true)).not.toHaveProperty("prompt_cache_retention");
  expect(await ask("gpt-4o", false)).not.toHaveProperty("prompt_cache_retention");
});

test.each(recordedStreams("openai-responses").filter(({ vendor }) => vendor === "openai"))(
  "a recorded stream, decoded to its finish: $file",
  async ({ chunks }) => {
    const adapter = await loopback.serve((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(asEvents("openai-responses", chunks));
    });
    const { items, end } = await hear(
      adapter,
      chatCall({}, { offering: offeringOf("gpt-5.4", ["responses"]) }),
    );
    const failed = chunks.some((chunk) => /"type":"(?:error|response\.failed)"/u.test(chunk));
    const ended = chunks.some((chunk) =>
      /"type":"response\.(?:completed|incomplete)"/u.test(chunk),
    );
    expect(end.ok).toBe(ended && !failed);
    expect(items.some(({ kind }) => kind === "finish")).toBe(ended && !failed);
  },
);
