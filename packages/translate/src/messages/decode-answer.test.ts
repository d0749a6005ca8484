import { describe, expect, test } from "vitest";
import { cutsChangeNothing, decodeCut } from "../../test/cuts.ts";
import {
  createMessagesStreamDecoder,
  createMessagesStreamEncoder,
  createPassthroughMessagesDecoder,
  decodeMessagesReply,
} from "../index.ts";
import { foldMessagesStream, messagesStreamViolations } from "../testing/index.ts";
import {
  eventsOf,
  bytesOf,
  decoded,
  start,
  block,
  delta,
  stop,
  closing,
  over,
  ping,
  textBlock,
  options,
  close,
  zero,
} from "../../test/messages-answers.ts";
import type { Event } from "../../test/messages-answers.ts";

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
