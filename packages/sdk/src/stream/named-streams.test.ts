import { describe, expect, test } from "vitest";
import { errorOf, streamingClient } from "../../test/fake-gateway.ts";
import { APIConnectionError, APIStatusError, RateLimitError } from "../index.ts";
import type { MessageStream, ResponseStream } from "../index.ts";

const metadata = {
  provider: "p0",
  provider_model_id: "m-1",
  model_canonical: "m",
  routing_strategy: "cost",
  cost: { usd: 0.5 },
};
const eventsOf = (events: readonly { readonly type: string }[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

describe("Responses", () => {
  const open = (events: readonly { readonly type: string }[]): Promise<ResponseStream> =>
    streamingClient(eventsOf(events)).client.responses.create({
      model: "m",
      input: "hi",
      stream: true,
    });
  const response = {
    id: "resp_1",
    object: "response",
    output_text: "Hi.",
    usage: { input_tokens: 1 },
  };
  const created = { type: "response.created", sequence_number: 0, response };

  test.each(["response.completed", "response.incomplete"])("%s ends it", async (type) => {
    const ended = { ...response, routing_metadata: metadata };
    const stream = await open([created, { type, response: ended } as { type: string }]);
    expect(stream.completed_response).toBe(null);
    expect(await stream.final()).toEqual(ended);
    expect(stream.completed_response).toEqual(ended);
    expect(stream.usage).toEqual(response.usage);
    expect(stream.routing_metadata).toEqual(metadata);
  });

  test("a failed one tells its error, and keeps its answer", async () => {
    const error = { code: "budget_exhausted", type: "rate_limit_error", message: "m", param: null };
    const failed = { ...response, status: "failed", error };
    const stream = await open([
      created,
      { type: "response.failed", response: failed, routing_metadata: metadata } as { type: string },
    ]);
    const caught = await errorOf(stream.final());
    expect(caught.constructor).toBe(RateLimitError);
    expect(caught).toMatchObject({ statusCode: 200, code: "budget_exhausted" });
    expect(stream.completed_response).toEqual(failed);
    expect(stream.routing_metadata).toEqual(metadata);
  });

  test("a flat error is one", async () => {
    const event = { type: "error", sequence_number: 0, code: "upstream_error", message: "m" };
    const caught = await errorOf((await open([event])).final());
    expect(caught.constructor).toBe(APIStatusError);
    expect(caught).toMatchObject({ statusCode: 200, code: "upstream_error", message: "m" });
  });

  test("without its last event it is lost", async () => {
    expect((await errorOf((await open([created])).final())).constructor).toBe(APIConnectionError);
  });
});

describe("Messages", () => {
  const open = (events: readonly { readonly type: string }[]): Promise<MessageStream> =>
    streamingClient(eventsOf(events)).client.messages.create({
      model: "m",
      max_tokens: 10,
      messages: [{ role: "user", content: "hi" }],
      stream: true,
    });
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m-1",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 1 },
  };
  const start = { type: "message_start", message };
  const block = (index: number, content_block: object, ...deltas: readonly object[]) => [
    { type: "content_block_start", index, content_block },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
  const end = [
    {
      type: "message_delta",
      delta: { stop_reason: "tool_use", stop_sequence: null },
      usage: { output_tokens: 9 },
      routing_metadata: metadata,
    },
    { type: "message_stop" },
  ];

  test("blocks of every kind are folded", async () => {
    const stream = await open([
      start,
      { type: "ping" },
      ...block(
        0,
        { type: "thinking", thinking: "", signature: "" },
        { type: "thinking_delta", thinking: "Hm" },
        { type: "thinking_delta", thinking: "m." },
        { type: "signature_delta", signature: "s" },
      ),
      ...block(1, { type: "redacted_thinking", data: "r" }),
      ...block(
        2,
        { type: "text", text: "" },
        { type: "text_delta", text: "Let me " },
        { type: "text_delta", text: "see." },
        { type: "citations_delta", citation: { cited_text: "c" } },
      ),
      ...block(
        3,
        { type: "tool_use", id: "t", name: "f", input: {} },
        { type: "input_json_delta", partial_json: '{"a"' },
        { type: "input_json_delta", partial_json: ": [1]}" },
      ),
      ...block(4, { type: "tool_use", id: "u", name: "g", input: {} }),
      ...block(
        5,
        { type: "tool_use", id: "v", name: "h", input: {} },
        { type: "input_json_delta", partial_json: '{"cut' },
      ),
      ...end,
    ]);
    const { content, ...rest } = await stream.final();
    expect(content).toEqual([
      { type: "thinking", thinking: "Hmm.", signature: "s" },
      { type: "redacted_thinking", data: "r" },
      { type: "text", text: "Let me see.", citations: [{ cited_text: "c" }] },
      { type: "tool_use", id: "t", name: "f", input: { a: [1] } },
      { type: "tool_use", id: "u", name: "g", input: {} },
      { type: "tool_use", id: "v", name: "h", input: { value: '{"cut' } },
    ]);
    expect(rest).toMatchObject({
      id: "msg_1",
      stop_reason: "tool_use",
      usage: { input_tokens: 3, output_tokens: 9 },
      routing_metadata: metadata,
    });
    expect(stream.usage).toEqual(rest.usage);
  });

  test("an error event is one, of this API's own names", async () => {
    const details = { error_code: "upstream_timeout", param: null };
    const error = { type: "timeout_error", message: "m", details };
    const caught = await errorOf(
      (await open([start, { type: "error", error } as { type: string }])).final(),
    );
    expect(caught.constructor).toBe(APIStatusError);
    expect(caught).toMatchObject({ statusCode: 200, code: "upstream_timeout", type: "api_error" });
  });

  test("without message_stop it is lost", async () => {
    const stream = await open([start, ...end.slice(0, 1)]);
    expect((await errorOf(stream.final())).constructor).toBe(APIConnectionError);
  });
});
