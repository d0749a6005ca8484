import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";

const clientOf = (served: Served, apiKey: string): Anthropic =>
  new Anthropic({
    baseURL: served.ready.url.replace(/\/v1$/u, ""),
    authToken: apiKey,
    apiKey: null,
    maxRetries: 0,
  });

/** What the gateway adds to an answer. */
type Metadata = {
  readonly routing_metadata: {
    readonly provider: string;
    readonly cost: { readonly usd: number };
    readonly warnings?: readonly { readonly code: string }[];
  };
};

// The client keeps keys it does not know.
const metadataOf = (answer: unknown): Metadata["routing_metadata"] =>
  (answer as Metadata).routing_metadata;

const weather: Anthropic.Tool = {
  name: "weather",
  input_schema: {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } },
    required: ["city", "days"],
  },
};

/** Anthropic's client, nothing changed but base URL and key; models of other makers answer it. */
describe("the anthropic client over the simulated world", () => {
  let served: Served;
  let client: Anthropic;

  beforeAll(async () => {
    served = await serve();
    client = clientOf(served, served.ready.key ?? "");
  });

  afterAll(async () => {
    expect(await served.stop()).toBe(0);
  });

  it("creates a message, with routing metadata", async () => {
    const answer = await client.messages.create({
      model: "gpt-4o",
      max_tokens: 100,
      system: "Be exact.",
      messages: [{ role: "user", content: "Repeat exactly: The points are set." }],
    });
    expect(answer).toMatchObject({
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "The points are set." }],
      stop_reason: "end_turn",
    });
    expect(answer.id).toMatch(/^msg_/u);
    expect(answer.usage.input_tokens).toBeGreaterThan(0);
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
    expect(metadataOf(answer).cost.usd).toBeGreaterThan(0);
  });

  it("streams the same, as the client's own events", async () => {
    const stream = client.messages.stream({
      model: "claude-sonnet-4-6",
      max_tokens: 100,
      messages: [{ role: "user", content: "Repeat exactly: One – über 漢字." }],
    });
    const kinds: string[] = [];
    let last: unknown;
    stream.on("streamEvent", (event) => {
      kinds.push(event.type);
      if (event.type === "message_delta") last = event;
    });
    const answer = await stream.finalMessage();
    expect(answer.content).toMatchObject([{ type: "text", text: "One – über 漢字." }]);
    expect(answer.stop_reason).toBe("end_turn");
    expect(kinds[0]).toBe("message_start");
    expect(kinds.at(-1)).toBe("message_stop");
    expect(metadataOf(last).cost.usd).toBeGreaterThan(0);
  });

  it("calls tools, and takes their results", async () => {
    const ask: Anthropic.MessageParam = { role: "user", content: "What is the weather in Bern?" };
    const common = { model: "gpt-4o", max_tokens: 200, tools: [weather] };
    const answer = await client.messages.create({
      ...common,
      tool_choice: { type: "any" },
      messages: [ask],
    });
    expect(answer.stop_reason).toBe("tool_use");
    const call = answer.content.find((block) => block.type === "tool_use");
    if (call === undefined) throw new Error("no call");
    expect(call.name).toBe("weather");
    expect(call.input).toMatchObject({ city: expect.any(String), days: expect.any(Number) });
    const streamed = await client.messages
      .stream({ ...common, tool_choice: { type: "tool", name: "weather" }, messages: [ask] })
      .finalMessage();
    expect(streamed.content).toMatchObject([{ type: "tool_use", name: "weather" }]);
    const result = {
      role: "user" as const,
      content: [{ type: "tool_result" as const, tool_use_id: call.id, content: "Sunny." }],
    };
    const then = await client.messages.create({
      ...common,
      tool_choice: { type: "none" },
      messages: [ask, { role: "assistant", content: answer.content }, result],
    });
    expect(then.stop_reason).toBe("end_turn");
  });

  it("estimates tokens where no provider counts them", async () => {
    const request = {
      model: "gpt-4o",
      messages: [{ role: "user" as const, content: "word ".repeat(400) }],
    };
    const { data, response } = await client.messages.countTokens(request).withResponse();
    expect(data.input_tokens).toBeGreaterThan(200);
    expect(data.input_tokens).toBeLessThan(1000);
    expect(response.headers.get("x-token-count-model")).toBe("gpt-4o");
  });

  const hello: Anthropic.MessageCreateParamsNonStreaming = {
    model: "gpt-4o",
    max_tokens: 10,
    messages: [{ role: "user", content: "Hello" }],
  };

  it.each([
    ["an unknown model", { ...hello, model: "gpt-4x" }, 404, "not_found_error", "model_not_found"],
    [
      "a bad value",
      { ...hello, max_tokens: 0 },
      400,
      "invalid_request_error",
      "invalid_parameter_value",
    ],
    [
      "a premium speed nobody asked for",
      { ...hello, speed: "fast" as const },
      400,
      "invalid_request_error",
      "tier_opt_in_required",
    ],
  ])("tells of %s", async (_what, params, status, type, code) => {
    const error: unknown = await client.messages.create(params).catch((e: unknown) => e);
    if (!(error instanceof Anthropic.APIError)) throw new Error("an APIError");
    expect(error.status).toBe(status);
    expect(error.requestID).toMatch(/^req_/u);
    expect(error.error).toMatchObject({
      type: "error",
      error: { type, details: { error_code: code } },
      request_id: error.requestID,
    });
  });

  it("refuses a wrong key, a wrong path and a wrong method in Anthropic's form", async () => {
    const wrong: unknown = await clientOf(served, "nope")
      .messages.create(hello)
      .catch((e: unknown) => e);
    expect(wrong).toBeInstanceOf(Anthropic.AuthenticationError);
    const { url, key } = served.ready;
    const headers = { authorization: `Bearer ${key ?? ""}` };
    for (const [path, method, type] of [
      ["/messages/nothing", "POST", "not_found_error"],
      ["/messages", "PUT", "invalid_request_error"],
    ] as const) {
      const body = await (await fetch(`${url}${path}`, { method, headers })).json();
      expect(body).toMatchObject({ type: "error", error: { type } });
    }
  });
});

type Script = (request: IncomingMessage, response: ServerResponse) => void;

/** A server whose answers the tests write, in the place of Anthropic. */
describe("the anthropic client before Anthropic's own wire", () => {
  let upstream: Server;
  let served: Served;
  let client: Anthropic;
  let script: Script;
  let seen: { url: string | undefined; headers: IncomingMessage["headers"]; body: unknown }[];

  beforeAll(async () => {
    upstream = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        const body: unknown = JSON.parse(Buffer.concat(parts).toString("utf8"));
        seen.push({ url: request.url, headers: request.headers, body });
        script(request, response);
      });
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    // A TCP server's address is an object.
    const { port } = upstream.address() as AddressInfo;
    const model = { price: { input: 3, output: 15 }, maxOutputTokens: 64_000 };
    served = await serve({
      config: JSON.stringify({
        keys: [{ key: "test-key" }],
        providers: {
          anthropic: {
            baseUrl: `http://127.0.0.1:${port}/v1`,
            apiKey: "sk-ant-upstream",
            models: { "own-claude": { id: "claude-sonnet-4-5-20250929", ...model } },
          },
        },
      }),
    });
    client = clientOf(served, "test-key");
  });

  beforeEach(() => {
    seen = [];
  });

  afterAll(async () => {
    await served.stop();
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
  });

  const json = (status: number, body: unknown): Script =>
    function answer(_request, response) {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };

  const message = {
    id: "msg_01Up",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5-20250929",
    content: [{ type: "text", text: "Grüße", citations: null }],
    stop_reason: "end_turn",
    stop_sequence: null,
    container: null,
    usage: { input_tokens: 10, cache_read_input_tokens: 100, output_tokens: 5 },
  };

  const params = {
    model: "own-claude",
    max_tokens: 50,
    messages: [{ role: "user" as const, content: "Grüß Gott" }],
  };

  it("passes requests and answers through, its betas with them", async () => {
    script = json(200, message);
    const answer = await client.messages.create(
      { ...params, thinking: { type: "enabled", budget_tokens: 1024, display: "omitted" } },
      { headers: { "anthropic-beta": "context-1m-2025-08-07" } },
    );
    const { routing_metadata: metadata, ...rest } = answer as unknown as Metadata;
    expect(rest).toEqual(message);
    expect(metadata).toMatchObject({ provider: "anthropic" });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      url: "/v1/messages",
      headers: { "x-api-key": "sk-ant-upstream", "anthropic-beta": "context-1m-2025-08-07" },
      body: {
        ...params,
        model: "claude-sonnet-4-5-20250929",
        thinking: { type: "enabled", budget_tokens: 1024, display: "omitted" },
      },
    });
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

  const events = (...list: readonly Event[]): string =>
    list.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

  const beginning = events(
    { type: "message_start", message: { ...message, content: [], stop_reason: null } },
    { type: "ping" },
    {
      type: "content_block_start",
      index: 0,
      content_block: { type: "thinking", thinking: "", signature: "" },
    },
    {
      type: "content_block_delta",
      index: 0,
      delta: { type: "thinking_delta", thinking: "Hm." },
    },
    {
      type: "content_block_delta",
      index: 0,
      delta: { type: "signature_delta", signature: "c2ln" },
    },
    { type: "content_block_stop", index: 0 },
  );
  const end = events(
    {
      type: "message_delta",
      delta: { stop_reason: "pause_turn", stop_sequence: null, container: { id: "c1" } },
      usage: { input_tokens: 12, output_tokens: 40 },
      context_management: { applied_edits: [] },
    },
    { type: "message_stop" },
  );

  it("passes streams through, and keeps what only Anthropic says at their end", async () => {
    script = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(beginning);
      response.end(end);
    };
    const stream = client.messages.stream(params);
    let last: unknown;
    stream.on("streamEvent", (event) => {
      if (event.type === "message_delta") last = event;
    });
    const answer = await stream.finalMessage();
    expect(answer.content).toEqual([{ type: "thinking", thinking: "Hm.", signature: "c2ln" }]);
    expect(answer.stop_reason).toBe("pause_turn");
    expect(last).toMatchObject({
      delta: { container: { id: "c1" } },
      usage: { input_tokens: 12, output_tokens: 40, cache_read_input_tokens: 100 },
      context_management: { applied_edits: [] },
      routing_metadata: { provider: "anthropic" },
    });
  });

  it("a stream that fails after content ends in an error event", async () => {
    script = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(beginning);
      const error = { type: "overloaded_error", message: "Overloaded" };
      response.end(events({ type: "error", error }));
    };
    const failed: unknown = await client.messages
      .stream(params)
      .finalMessage()
      .catch((e: unknown) => e);
    if (!(failed instanceof Anthropic.APIError)) throw new Error("an APIError");
    expect(failed.error).toMatchObject({
      type: "error",
      error: { type: "api_error", details: { error_code: "upstream_error" } },
    });
  });

  it("a caller's fault is told as the provider told it", async () => {
    script = json(400, {
      type: "error",
      error: { type: "invalid_request_error", message: "messages: roles must alternate" },
    });
    const failed: unknown = await client.messages.create(params).catch((e: unknown) => e);
    expect(failed).toBeInstanceOf(Anthropic.BadRequestError);
    expect(String(failed)).toContain("roles must alternate");
  });

  it("counts tokens at the provider, and estimates where it does not answer", async () => {
    const { max_tokens: _, ...count } = params;
    script = json(200, { input_tokens: 77 });
    const counted = await client.messages.countTokens(count).withResponse();
    expect(counted.data).toEqual({ input_tokens: 77 });
    expect(counted.response.headers.get("x-token-count-model")).toBe("claude-sonnet-4-5-20250929");
    expect(seen.map(({ url }) => url)).toEqual(["/v1/messages/count_tokens"]);
    expect(seen[0]?.body).not.toHaveProperty("max_tokens");

    script = json(500, {});
    const estimated = await client.messages.countTokens(count).withResponse();
    expect(estimated.data.input_tokens).toBeGreaterThan(0);
    expect(estimated.response.headers.get("x-token-count-model")).toBe("own-claude");
  });
});
