import { describe, expect, test } from "vitest";
import { decodeByteText, toByteText } from "../bytes/raw-body.ts";
import type { NeutralReply, StreamItem } from "../index.ts";
import {
  canonicalChatDialect,
  createChatStreamEncoder,
  decodeChatReply,
  encodeChatReply,
  finishRawChatReply,
  readRawChatReply,
} from "../index.ts";
import { chatStreamViolations, foldChatStream } from "../testing/index.ts";

const byteText = (text: string): string => toByteText(new TextEncoder().encode(text));
const usage = {
  inputTokens: 1,
  cacheReadTokens: 2,
  cacheWrite5mTokens: 3,
  cacheWrite1hTokens: 4,
  outputTokens: 5,
  reasoningTokens: 6,
};
const rendered = {
  prompt_tokens: 10,
  completion_tokens: 11,
  total_tokens: 21,
  prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 7 },
  completion_tokens_details: { reasoning_tokens: 6 },
};

const reply: NeutralReply = {
  id: null,
  model: "m-2026",
  createdSeconds: null,
  usage,
  serviceTier: "default",
  choices: [
    {
      index: 0,
      parts: [
        { kind: "reasoning", text: "r", signature: "s" },
        { kind: "reasoning_redacted", data: "d" },
        { kind: "text", text: "t" },
        { kind: "image", mimeType: "image/png", data: "AA==", signature: "i" },
        { kind: "tool_call", id: "c", name: "f", arguments: "{}", signature: "p" },
      ],
      annotations: [{ kind: "url_citation", url: "http://a" }],
      finish: "tool_calls",
      native: "stop",
      logprobs: null,
    },
  ],
};

const options = {
  id: "chatcmpl-1",
  model: "m",
  createdSeconds: 5,
  excludeReasoning: false,
  legacyFunctions: false,
};
const close = { usage, routingMetadata: () => ({ provider: "p" }) };
const done = "data: [DONE]\n\n";

describe("encodeChatReply", () => {
  test("the shape of the contract, and back again", () => {
    const answer = encodeChatReply(reply, options, close);
    expect(answer).toEqual({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 5,
      model: "m-2026",
      service_tier: "default",
      usage: rendered,
      routing_metadata: { provider: "p" },
      choices: [
        {
          index: 0,
          finish_reason: "tool_calls",
          native_finish_reason: "stop",
          logprobs: null,
          message: {
            role: "assistant",
            content: "t",
            reasoning_content: "r",
            reasoning: [
              { type: "thinking", thinking: "r", signature: "s" },
              { type: "redacted", data: "d" },
            ],
            images: [
              { type: "image", mime_type: "image/png", data: "AA==", thought_signature: "i" },
            ],
            tool_calls: [
              {
                id: "c",
                type: "function",
                function: { name: "f", arguments: "{}" },
                provider_signature: "p",
              },
            ],
            annotations: [
              {
                type: "url_citation",
                url_citation: { url: "http://a", title: "http://a", start_index: 0, end_index: 0 },
              },
            ],
          },
        },
      ],
    });
    const decoded = decodeChatReply(answer, canonicalChatDialect);
    expect(decoded).toMatchObject({
      ok: true,
      reply: { choices: [{ parts: reply.choices[0]?.parts }] },
    });
  });

  test("reasoning can be left out, a legacy caller gets its mirror", () => {
    const text = JSON.stringify(
      encodeChatReply(reply, { ...options, excludeReasoning: true, legacyFunctions: true }, close),
    );
    expect(text).not.toContain("reasoning_content");
    expect(text).not.toContain("thinking");
    expect(text).toContain('"function_call":{"name":"f","arguments":"{}"}');
  });
});

describe("JSON without an answer is a failure", () => {
  const message = { role: "assistant", content: "x" };
  test.each<[string, unknown]>([
    ["a list", []],
    ["an error", { error: { message: "m" } }],
    ["no choices", { choices: [] }],
    ["no message", { choices: [{ index: 0, finish_reason: "stop" }] }],
    ["nothing in it", { choices: [{ message: { content: null }, finish_reason: "stop" }] }],
    ["broken off", { choices: [{ message, finish_reason: "insufficient_system_resource" }] }],
  ])("%s", (_, json) => {
    expect(decodeChatReply(json, canonicalChatDialect).ok).toBe(false);
    expect(readRawChatReply(byteText(JSON.stringify(json))).ok).toBe(false);
  });

  test("no JSON at all, or cut", () => {
    for (const body of ["", "<html>", '{"choices":[{"message":{"content":"x"']) {
      expect(readRawChatReply(byteText(body))).toMatchObject({ ok: false });
    }
  });

  test("an empty text is an answer, and so is a cut one", () => {
    for (const choice of [
      { message: { content: "" }, finish_reason: "stop" },
      { message: { content: null }, finish_reason: "length" },
      { message: { content: null }, finish_reason: "content_filter" },
    ]) {
      expect(decodeChatReply({ choices: [choice] }, canonicalChatDialect).ok).toBe(true);
    }
  });
});

describe("raw replies", () => {
  const body =
    '{ "id": "chatcmpl-9", "choices": [ {"index":0,"message":{"role":"assistant","content":"\\u00e4 1.0"},"finish_reason":"stop","logprobs":null} ], "own": 1.50, "usage": {"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}, "model": "m" }';

  test("usage replaced, metadata put in, the rest byte for byte", () => {
    const raw = readRawChatReply(byteText(body));
    if (!raw.ok) throw new Error(raw.reason);
    expect(raw.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
    expect(raw.reply).toMatchObject({ kind: "raw", hasId: true });
    const finished = finishRawChatReply(raw.reply, { usage, routingMetadata: { provider: "p" } });
    const text = decodeByteText(finished);
    expect(text).toContain(body.slice(2, body.indexOf(', "usage"')));
    expect(JSON.parse(text)).toEqual({
      ...JSON.parse(body),
      usage: rendered,
      routing_metadata: { provider: "p" },
    });
  });

  test("an id where there is none, no usage where there is none", () => {
    const raw = readRawChatReply(byteText(body.replace('"chatcmpl-9"', "null")));
    if (!raw.ok) throw new Error(raw.reason);
    const finished = finishRawChatReply(raw.reply, {
      usage: null,
      routingMetadata: {},
      fallbackId: "x",
    });
    const answer = JSON.parse(decodeByteText(finished));
    expect(answer.id).toBe("x");
    expect(answer).not.toHaveProperty("usage");
  });

  test("a finish that is not ours keeps the provider's word beside it", () => {
    const raw = readRawChatReply(byteText(body.replace('"stop"', '"model_length"')));
    if (!raw.ok) throw new Error(raw.reason);
    expect(JSON.parse(decodeByteText(raw.reply.byteText)).choices[0]).toMatchObject({
      finish_reason: "length",
      native_finish_reason: "model_length",
      message: { content: "ä 1.0" },
    });
  });
});

describe("streams", () => {
  const items: readonly StreamItem[] = [
    { kind: "head", id: "x", model: "y", createdSeconds: 2 },
    { kind: "reasoning", choice: 0, text: "r" },
    { kind: "reasoning_signature", choice: 0, signature: "s" },
    { kind: "reasoning_redacted", choice: 0, data: "d" },
    { kind: "logprobs", choice: 0, logprobs: { content: [] } },
    { kind: "text", choice: 0, text: "a\u2028\u2029\u0085b" },
    { kind: "image", choice: 0, mimeType: "image/png", data: "AA==" },
    { kind: "annotations", choice: 0, annotations: [{ kind: "url_citation", url: "u" }] },
    { kind: "tool_call", choice: 0, call: 0, id: "c", name: "f", signature: "p" },
    { kind: "tool_arguments", choice: 0, call: 0, text: "{}" },
    { kind: "finish", choice: 0, reason: "tool_calls", native: "stop" },
    { kind: "text", choice: 1, text: "second" },
    { kind: "finish", choice: 1, reason: "stop", native: null },
    { kind: "usage", usage },
  ];

  test("every kind of item keeps the grammar", () => {
    const encoder = createChatStreamEncoder(options);
    const text =
      encoder.items(items) + encoder.end({ usage, routingMetadata: () => ({ note: "\u2028" }) });
    expect(chatStreamViolations(text)).toEqual([]);
    const folded = foldChatStream(text);
    expect(folded.choices.get(0)).toEqual({
      content: "a\u2028\u2029\u0085b",
      reasoning: "r",
      refusal: "",
      calls: [{ id: "c", name: "f", arguments: "{}" }],
      finish: "tool_calls",
      native: "stop",
    });
    expect(folded.choices.get(1)?.content).toBe("second");
    expect(folded.usage).toEqual(rendered);
    for (const key of [
      "reasoning_signature",
      "reasoning_redacted_data",
      "provider_signature",
      "logprobs",
    ]) {
      expect(text).toContain(`"${key}"`);
    }
  });

  test("reasoning left out, a mirror for legacy callers", () => {
    const text = createChatStreamEncoder({
      ...options,
      excludeReasoning: true,
      legacyFunctions: true,
    }).items(items);
    expect(text).not.toContain("reasoning");
    expect(text.match(/"function_call"/gu)).toHaveLength(2);
  });

  test("what the provider told of itself stands in the head of every chunk", () => {
    const head: StreamItem = {
      kind: "head",
      id: "chatcmpl-2",
      model: "m-2026",
      createdSeconds: 5,
      systemFingerprint: "fp_1",
      serviceTier: "default",
    };
    const encoder = createChatStreamEncoder(options);
    const text = encoder.items([head, { kind: "text", choice: 0, text: "t" }]) + encoder.end(close);
    const chunks = text.split("\n\n").filter((event) => event.startsWith("data: {"));
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) {
      expect(JSON.parse(chunk.slice("data: ".length))).toMatchObject({
        system_fingerprint: "fp_1",
        service_tier: "default",
      });
    }
  });

  test("an error ends a stream", () => {
    const error = { code: "upstream_error", message: "cut\u2028", param: null } as const;
    const encoder = createChatStreamEncoder(options);
    const text =
      encoder.items(items.slice(0, 3)) +
      encoder.fail(error, { docsBaseUrl: "http://h", requestId: "r", routingMetadata: null });
    expect(chatStreamViolations(text)).toEqual([]);
    expect(foldChatStream(text).error).toMatchObject({ code: "upstream_error", type: "api_error" });
  });
});

describe("the grammar sees", () => {
  const encoder = createChatStreamEncoder(options);
  const text = encoder.items([
    { kind: "text", choice: 0, text: "a" },
    { kind: "text", choice: 0, text: "b" },
    { kind: "finish", choice: 0, reason: "stop", native: null },
  ]);
  const good = text + encoder.end({ usage, routingMetadata: () => ({}) });
  test.each<[string, string]>([
    ["no end", text],
    ["no [DONE]", good.replace(done, "")],
    ["no final chunk", text + done],
    ["two final chunks", good.replace(done, good.slice(good.lastIndexOf("data: {")))],
    ["an event name", good.replace("data:", "event: x\ndata:")],
    ["a raw separator", good.replace('"a"', '"\u2028"')],
    ["another id", good.replace("chatcmpl-1", "chatcmpl-2")],
    ["a key error", good.replace('"object"', '"error":null,"object"')],
    ["no role", good.replace('"role":"assistant",', "")],
    ["role twice", good.replace('{"content":"b"', '{"role":"assistant","content":"b"')],
    ["no delta", good.replace('"delta":{"content":"b"}', '"delta":null')],
    ["a foreign reason", good.replace('"finish_reason":"stop"', '"finish_reason":"eos"')],
    ["tool_calls without a call", good.replace('"stop"', '"tool_calls"')],
    ["something after the end", `${good}data: {}\n\n`],
    ["no metadata", good.replace(/,"routing_metadata":\{\}/u, "")],
    ["broken JSON", good.replace('"a"}', '"a"')],
  ])("%s", (_, stream) => {
    expect(chatStreamViolations(good)).toEqual([]);
    expect(stream).not.toBe(good);
    expect(chatStreamViolations(stream)).not.toEqual([]);
  });
});
