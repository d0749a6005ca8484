import type { Usage } from "@pointsman/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryPart, mergedParts, replyOf } from "../../test/arbitrary-parts.ts";
import { cutsChangeNothing, decodeCut } from "../../test/cuts.ts";
import {
  createMessagesStreamDecoder,
  createMessagesStreamEncoder,
  createPassthroughMessagesDecoder,
  decodeMessagesReply,
  decodeMessagesRequest,
  decodeMessagesUsage,
  encodeMessagesReply,
  errorTable,
  isErrorCode,
  itemsOfReply,
  messagesRequestSchema,
  renderAnthropicError,
  renderMessagesUsage,
} from "../index.ts";
import type { StreamItem } from "../index.ts";
import { foldMessagesStream, messagesStreamViolations } from "../testing/index.ts";

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

const eventsOf = (...events: readonly Event[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const decoded = (...events: readonly Event[]): readonly StreamItem[] =>
  decodeCut(createMessagesStreamDecoder(), bytesOf(eventsOf(...events)));

const start = (over: Readonly<Record<string, unknown>> = {}): Event => ({
  type: "message_start",
  message: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 43, output_tokens: 1 },
    ...over,
  },
});
const block = (index: number, content_block: object): Event => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: number, piece: object): Event => ({
  type: "content_block_delta",
  index,
  delta: piece,
});
const stop = (index: number): Event => ({ type: "content_block_stop", index });
const closing = (stop_reason: string, usage: object = { output_tokens: 2 }): Event => ({
  type: "message_delta",
  delta: { stop_reason, stop_sequence: null },
  usage,
});
const over: Event = { type: "message_stop" };
const ping: Event = { type: "ping" };

const textBlock = [
  block(0, { type: "text", text: "" }),
  delta(0, { type: "text_delta", text: "Hi" }),
  stop(0),
];

const zero: Usage = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};
const options = {
  id: "msg_ours",
  createdSeconds: 0,
  model: "asked",
  excludeReasoning: false,
  legacyFunctions: false,
};
const close = { usage: { ...zero, outputTokens: 1 }, routingMetadata: () => ({ provider: "p" }) };

const written = (items: readonly StreamItem[], over = {}): string => {
  const encoder = createMessagesStreamEncoder({ ...options, ...over });
  return items.map((item) => encoder.items([item])).join("") + encoder.end(close);
};

describe("usage", () => {
  test.each([
    [
      { input_tokens: 5, output_tokens: 7 },
      { inputTokens: 5, outputTokens: 7 },
    ],
    [
      {
        input_tokens: 5,
        cache_read_input_tokens: 11,
        cache_creation_input_tokens: 13,
        cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 10 },
        output_tokens: 7,
        output_tokens_details: { thinking_tokens: 4 },
      },
      {
        inputTokens: 5,
        cacheReadTokens: 11,
        cacheWrite5mTokens: 3,
        cacheWrite1hTokens: 10,
        outputTokens: 3,
        reasoningTokens: 4,
      },
    ],
    [
      { input_tokens: 1, output_tokens: 2, output_tokens_details: { thinking_tokens: 9 } },
      { inputTokens: 1, reasoningTokens: 2 },
    ],
    [
      { input_tokens: 1, output_tokens: null, cache_creation: null, server_tool_use: null },
      { inputTokens: 1 },
    ],
    [
      {
        input_tokens: 10,
        output_tokens: 5,
        iterations: [
          {
            type: "compaction",
            input_tokens: 100,
            output_tokens: 20,
            cache_creation_input_tokens: 7,
          },
          { type: "message", input_tokens: 10, output_tokens: 5 },
          { type: "advisor_message", input_tokens: 900, output_tokens: 900 },
        ],
      },
      { inputTokens: 110, outputTokens: 25, cacheWrite5mTokens: 7 },
    ],
    [
      {
        input_tokens: 10,
        output_tokens: 5,
        iterations: [
          { type: "message", input_tokens: 10, output_tokens: 1 },
          { type: "fallback_message", input_tokens: 10, output_tokens: 5 },
        ],
      },
      { inputTokens: 10, outputTokens: 5 },
    ],
    [
      { input_tokens: 1, output_tokens: 1, server_tool_use: { web_search_requests: 2 } },
      { inputTokens: 1, outputTokens: 1, webSearches: 2 },
    ],
  ])("%j", (raw, usage) => {
    expect(decodeMessagesUsage(raw)).toEqual({ ...zero, ...usage });
  });

  test.each([null, {}, { service_tier: "standard" }])("%j is unknown, not zero", (raw) => {
    expect(decodeMessagesUsage(raw)).toBeNull();
  });

  test("buckets add up to what the wire counts, and are never negative", () => {
    const count = fc.option(fc.nat({ max: 1000 }), { nil: null });
    const raw = fc.record({
      input_tokens: fc.nat({ max: 1000 }),
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
      cache_creation: fc.option(fc.record({ ephemeral_1h_input_tokens: fc.nat({ max: 2000 }) }), {
        nil: null,
      }),
      output_tokens_details: fc.option(fc.record({ thinking_tokens: fc.nat({ max: 2000 }) }), {
        nil: null,
      }),
    });
    fc.assert(
      fc.property(raw, (said) => {
        const usage = decodeMessagesUsage(said);
        if (usage === null) throw new Error("counted");
        for (const tokens of Object.values(usage)) expect(tokens).toBeGreaterThanOrEqual(0);
        const again = renderMessagesUsage(usage);
        expect(again.input_tokens).toBe(said.input_tokens);
        expect(again.output_tokens).toBe(said.output_tokens ?? 0);
        expect(again.cache_read_input_tokens).toBe(said.cache_read_input_tokens ?? 0);
        if (said.cache_creation_input_tokens !== null) {
          expect(again.cache_creation_input_tokens).toBe(said.cache_creation_input_tokens);
        }
        expect(decodeMessagesUsage(again)).toEqual(usage);
      }),
    );
  });
});

describe("a stream coming in", () => {
  test("later counts correct earlier ones, what they leave out stays", () => {
    const items = decoded(
      start({ usage: { input_tokens: 43, cache_read_input_tokens: 9, output_tokens: 1 } }),
      ...textBlock,
      closing("end_turn", { input_tokens: 61, cache_read_input_tokens: null, output_tokens: 2 }),
      over,
    );
    expect(items.findLast(({ kind }) => kind === "usage")).toEqual({
      kind: "usage",
      usage: { ...zero, inputTokens: 61, cacheReadTokens: 9, outputTokens: 2 },
    });
  });

  test("pings anywhere, unknown events and unknown deltas say nothing", () => {
    const [first, second, third] = textBlock;
    if (first === undefined || second === undefined || third === undefined) throw new Error("3");
    const noise: Event = { type: "later_event", a: 1 };
    const strange = delta(0, { type: "later_delta", x: "y" });
    const items = decoded(
      ping,
      start(),
      ping,
      first,
      ping,
      second,
      strange,
      noise,
      third,
      ping,
      closing("end_turn"),
      over,
    );
    expect(items).toEqual(decoded(start(), ...textBlock, closing("end_turn"), over));
  });

  test("a call without arguments, with an empty piece, or whole from the start", () => {
    const items = decoded(
      start(),
      block(0, { type: "tool_use", id: "a", name: "f", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: "" }),
      stop(0),
      block(1, { type: "tool_use", id: "b", name: "g", input: { x: 1 } }),
      stop(1),
      block(2, { type: "tool_use", id: "c", name: "h", input: {} }),
      delta(2, { type: "input_json_delta", partial_json: '{"y":' }),
      delta(2, { type: "input_json_delta", partial_json: "2}" }),
      stop(2),
      closing("tool_use"),
      over,
    );
    const args = items.filter((item) => item.kind === "tool_arguments");
    expect(args.map(({ call, text }) => [call, text])).toEqual([
      [0, "{}"],
      [1, '{"x":1}'],
      [2, '{"y":'],
      [2, "2}"],
    ]);
    expect(items.at(-1)).toMatchObject({ kind: "finish", reason: "tool_calls" });
  });

  test("a program's call comes whole in the first event, with its end", () => {
    const content = [
      { type: "tool_use", id: "a", name: "f", input: { x: 1 }, caller: { type: "x" } },
    ];
    const items = decoded(start({ content, stop_reason: "tool_use" }), over);
    expect(items.map(({ kind }) => kind)).toEqual([
      "head",
      "usage",
      "tool_call",
      "tool_arguments",
      "finish",
    ]);
  });

  test("thinking without text, without signature, and redacted", () => {
    const items = decoded(
      start(),
      block(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "signature_delta", signature: "si" }),
      delta(0, { type: "signature_delta", signature: "g" }),
      stop(0),
      block(1, { type: "thinking", thinking: "", signature: "" }),
      delta(1, { type: "thinking_delta", thinking: "Hm." }),
      stop(1),
      block(2, { type: "redacted_thinking", data: "d" }),
      stop(2),
      ...textBlock,
      closing("end_turn"),
      over,
    );
    expect(items.filter(({ kind }) => kind.startsWith("reasoning"))).toEqual([
      { kind: "reasoning_signature", choice: 0, signature: "sig", maker: "anthropic" },
      { kind: "reasoning", choice: 0, text: "Hm." },
      { kind: "reasoning_redacted", choice: 0, data: "d", maker: "anthropic" },
    ]);
  });

  test("citations have the place of their text; the provider's own tools are no calls", () => {
    const page = { type: "web_search_result_location", url: "https://a", title: "A" };
    const char = { type: "char_location", cited_text: "x" };
    const items = decoded(
      start(),
      block(0, { type: "server_tool_use", id: "s", name: "web_search", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"query":"q"}' }),
      stop(0),
      block(1, { type: "text", text: "One " }),
      stop(1),
      block(2, { type: "text", text: "" }),
      delta(2, { type: "citations_delta", citation: page }),
      delta(2, { type: "text_delta", text: "two" }),
      delta(2, { type: "citations_delta", citation: char }),
      stop(2),
      closing("end_turn"),
      over,
    );
    expect(items.find(({ kind }) => kind === "native")).toMatchObject({
      json: { type: "server_tool_use", input: { query: "q" } },
    });
    expect(items.find(({ kind }) => kind === "annotations")).toMatchObject({
      annotations: [
        { kind: "url_citation", url: "https://a", title: "A", start: 4, end: 7 },
        { kind: "native", wire: "messages", json: char },
      ],
    });
    expect(items.at(-1)).toMatchObject({ kind: "finish", reason: "stop" });
  });

  test.each([
    ["end_turn", "stop", null],
    ["stop_sequence", "stop", "stop_sequence"],
    ["pause_turn", "stop", "pause_turn"],
    ["compaction", "stop", "compaction"],
    ["tool_use", "stop", "tool_use"],
    ["max_tokens", "length", "max_tokens"],
    ["model_context_window_exceeded", "length", "model_context_window_exceeded"],
    ["refusal", "content_filter", "refusal"],
    ["a_later_word", "stop", "a_later_word"],
  ])("%s means %s", (word, reason, native) => {
    const items = decoded(start(), ...textBlock, closing(word), over);
    expect(items.at(-1)).toEqual({ kind: "finish", choice: 0, reason, native });
  });

  test("a second beginning before any content replaces the first, on both paths", () => {
    const events = [
      start({ id: "msg_dead" }),
      block(0, { type: "text", text: "" }),
      start({ usage: { input_tokens: 50, output_tokens: 1 } }),
      ...textBlock,
      closing("end_turn"),
      over,
    ];
    const items = decoded(...events);
    expect(items.filter(({ kind }) => kind === "text")).toHaveLength(1);
    expect(items.some(({ kind }) => kind === "error")).toBe(false);
    const passed = decodeCut(createPassthroughMessagesDecoder(), bytesOf(eventsOf(...events)));
    const encoder = createMessagesStreamEncoder(options);
    let out = "";
    for (const item of passed) {
      if (item.kind === "raw") out += new TextDecoder().decode(item.bytes);
      out += encoder.items([item]);
    }
    out += encoder.end(close);
    expect(messagesStreamViolations(out)).toEqual([]);
    expect(foldMessagesStream(out)).toMatchObject({ id: "msg_1", content: [{ text: "Hi" }] });
  });

  test("an error ends it, whatever follows; a cut has no finish", () => {
    const error = { type: "overloaded_error", message: "Overloaded" };
    const told = eventsOf(
      start(),
      ...textBlock,
      { type: "error", error },
      closing("end_turn"),
      over,
    );
    const cut = eventsOf(start(), ...textBlock);
    for (const create of [createMessagesStreamDecoder, createPassthroughMessagesDecoder]) {
      const items = decodeCut(create(), bytesOf(told));
      expect(items.at(-1)).toMatchObject({ kind: "error", error: { type: "overloaded_error" } });
      expect(decodeCut(create(), bytesOf(cut)).some(({ kind }) => kind === "finish")).toBe(false);
      const broken = decodeCut(create(), bytesOf(`event: ping\ndata: {"type":\n\n${cut}`));
      expect(broken[0]).toEqual({ kind: "malformed" });
    }
  });

  test("no cut of the bytes changes what they say", () => {
    const rich = eventsOf(
      start(),
      block(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "Grüße \u2028 漢字" }),
      delta(0, { type: "signature_delta", signature: "sig" }),
      stop(0),
      block(1, { type: "tool_use", id: "a", name: "f", input: {} }),
      delta(1, { type: "input_json_delta", partial_json: '{"a":"ü"}' }),
      stop(1),
      closing("tool_use"),
      over,
    );
    const comments = rich.replaceAll("event: content", ": a comment\nevent: content");
    cutsChangeNothing(createMessagesStreamDecoder, bytesOf(comments));
    cutsChangeNothing(createMessagesStreamDecoder, bytesOf(rich.replaceAll("\n", "\r\n")));
    const passed = decodeCut(createPassthroughMessagesDecoder(), bytesOf(rich));
    const raw = passed.flatMap((item) => (item.kind === "raw" ? [...item.bytes] : []));
    const out = new TextDecoder().decode(Uint8Array.from(raw));
    expect(out).not.toContain("\u2028");
    expect(foldMessagesStream(out).content[0]).toMatchObject({ thinking: "Grüße \u2028 漢字" });
  });
});

describe("a whole answer coming in", () => {
  test.each([
    [null],
    [{}],
    [{ type: "message", content: "x", stop_reason: "end_turn" }],
    [{ type: "message", content: [], stop_reason: null }],
  ])("%j is none", (json) => {
    expect(decodeMessagesReply(json).ok).toBe(false);
  });

  test("an error under 200 is told; an answer of no blocks is an answer", () => {
    const error = { type: "api_error", message: "no" };
    expect(decodeMessagesReply({ type: "error", error })).toMatchObject({
      ok: false,
      error: { type: "api_error", message: "no" },
    });
    const empty = { type: "message", content: [], stop_reason: "end_turn", usage: {} };
    expect(decodeMessagesReply(empty)).toMatchObject({
      ok: true,
      reply: { choices: [{ parts: [], finish: "stop" }], usage: null },
    });
  });
});

const part = arbitraryPart("anthropic", {
  kind: "native",
  wire: "messages",
  json: { type: "web_search_tool_result", tool_use_id: "s", content: [] },
});

describe("an answer going out", () => {
  test("stream and whole answer say the same, in the grammar; the history gives all of it back", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const reply = replyOf(parts);
        const text = written(itemsOfReply(reply));
        expect(messagesStreamViolations(text)).toEqual([]);
        const folded = foldMessagesStream(text);
        const whole = encodeMessagesReply(reply, options, close);
        expect(folded.content).toEqual(whole["content"]);
        expect(whole).toMatchObject({
          id: "msg_ours",
          model: "gpt",
          stop_reason: folded.stopReason,
          stop_sequence: null,
          usage: folded.usage,
          routing_metadata: { provider: "p" },
        });
        const history = messagesRequestSchema.parse({
          model: "m",
          max_tokens: 1,
          messages: [{ role: "assistant", content: whole["content"] }],
        });
        const [turn] = decodeMessagesRequest(history).messages;
        expect(turn?.parts).toEqual(mergedParts(parts));
      }),
    );
  });

  test("pieces of calls that come in turns never overlap and none is lost", () => {
    const call = (index: number): StreamItem => ({
      kind: "tool_call",
      choice: 0,
      call: index,
      id: `c${index}`,
      name: `f${index}`,
    });
    const piece = (index: number, text: string): StreamItem => ({
      kind: "tool_arguments",
      choice: 0,
      call: index,
      text,
    });
    const finish: StreamItem = { kind: "finish", choice: 0, reason: "tool_calls", native: null };
    const text = written([
      { kind: "text", choice: 0, text: "A" },
      call(0),
      piece(0, '{"a":'),
      call(1),
      piece(1, '{"b":'),
      { kind: "text", choice: 0, text: "B" },
      call(2),
      piece(2, "{}"),
      piece(1, "1}"),
      piece(0, "0}"),
      call(3),
      finish,
    ]);
    expect(messagesStreamViolations(text)).toEqual([]);
    expect(foldMessagesStream(text).content).toMatchObject([
      { type: "text", text: "A" },
      { id: "c0", input: { a: 0 } },
      { id: "c1", input: { b: 1 } },
      { type: "text", text: "B" },
      { id: "c2", input: {} },
      { id: "c3", input: {} },
    ]);
  });

  test("empty pieces write nothing, an answer of nothing is still one", () => {
    const finish: StreamItem = { kind: "finish", choice: 0, reason: "stop", native: null };
    const text = written([
      { kind: "text", choice: 0, text: "" },
      { kind: "reasoning", choice: 0, text: "" },
      finish,
    ]);
    expect(messagesStreamViolations(text)).toEqual([]);
    expect(foldMessagesStream(text)).toMatchObject({ content: [], stopReason: "end_turn" });
  });

  test("what the wire has no form for is told; hidden reasoning is left out", () => {
    const told: unknown[] = [];
    const losing = {
      ...close,
      routingMetadata: (losses: readonly unknown[]) => told.push(...losses),
    };
    const reply = replyOf([
      { kind: "reasoning", text: "x", signature: "s", maker: "anthropic" },
      { kind: "text", text: "T" },
      { kind: "image", mimeType: "image/png", data: "aGk=" },
      { kind: "native", wire: "responses", json: { type: "web_search_call" } },
    ]);
    const hidden = { ...options, excludeReasoning: true };
    expect(encodeMessagesReply(reply, hidden, losing)["content"]).toEqual([
      { type: "text", text: "T", citations: null },
    ]);
    expect(told).toMatchObject([{ code: "content_dropped" }]);
  });

  test.each([
    ["stop", null, null, "end_turn"],
    ["stop", "eos", "END", "stop_sequence"],
    ["stop", "pause_turn", null, "pause_turn"],
    ["stop", "tool_use", null, "end_turn"],
    ["length", "budget_exhausted", null, "max_tokens"],
    ["length", "model_context_window_exceeded", null, "model_context_window_exceeded"],
    ["tool_calls", "pause_turn", null, "tool_use"],
    ["content_filter", "SAFETY", null, "refusal"],
  ] as const)("%s (%s, %s) is %s", (reason, native, stopSequence, word) => {
    const sequence = stopSequence === null ? {} : { stopSequence };
    const item: StreamItem = { kind: "finish", choice: 0, reason, native, ...sequence };
    const folded = foldMessagesStream(written([item]));
    expect(folded).toMatchObject({ stopReason: word, stopSequence });
  });
});

describe("errors", () => {
  const context = { docsBaseUrl: "http://h", requestId: "req_1" };

  test("a stream that fails ends in its event, and line separators are escaped", () => {
    const encoder = createMessagesStreamEncoder(options);
    const error = { code: "upstream_error", message: "cut\u2028", param: null } as const;
    const text =
      encoder.items([{ kind: "text", choice: 0, text: "a\u2029b" }]) + encoder.fail(error, context);
    expect(messagesStreamViolations(text)).toEqual([]);
    expect(foldMessagesStream(text).error).toMatchObject({
      type: "api_error",
      message: "cut\u2028",
    });
  });

  const types: Readonly<Record<number, string>> = {
    0: "timeout_error",
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    409: "invalid_request_error",
    413: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    502: "api_error",
    503: "overloaded_error",
    504: "timeout_error",
  };

  test("the envelope of every code", () => {
    for (const [code, { status }] of Object.entries(errorTable)) {
      if (!isErrorCode(code) || code === "client_disconnected") continue;
      const type = code.startsWith("payment_") ? "billing_error" : types[status];
      const error = { code, message: "", param: "p", provider: "q", suggestion: "s" };
      expect(renderAnthropicError(error, context)).toEqual({
        type: "error",
        error: {
          type,
          message: code,
          suggestion: "s",
          details: {
            error_code: code,
            param: "p",
            doc_url: `http://h/docs/errors/${code}`,
            provider: "q",
          },
        },
        request_id: "req_1",
      });
    }
  });
});
