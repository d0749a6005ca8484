import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryPart, mergedParts, replyOf } from "../../test/arbitrary-parts.ts";
import {
  createMessagesStreamEncoder,
  decodeMessagesRequest,
  encodeMessagesReply,
  errorTable,
  isErrorCode,
  itemsOfReply,
  messagesRequestSchema,
  renderAnthropicError,
} from "../index.ts";
import type { StreamItem } from "../index.ts";
import { foldMessagesStream, messagesStreamViolations } from "../testing/index.ts";
import { options, close, written } from "../../test/messages-answers.ts";

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
  const context = { docsBaseUrl: "http://h", requestId: "req_1", routingMetadata: null };

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
