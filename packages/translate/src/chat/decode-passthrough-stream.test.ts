import type { Usage } from "@pointsman/core";
import { emptyUsage } from "@pointsman/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asSse, recordedChatStreams } from "../../../../test/fixtures/wire/load.ts";
import type { StreamItem } from "../index.ts";
import {
  canonicalChatDialect,
  createChatStreamDecoder,
  createPassthroughChatDecoder,
  createChatStreamEncoder,
} from "../index.ts";
import { decodeCut, mergedRaw } from "../../test/cuts.ts";
import { chatStreamViolations, foldChatStream } from "../testing/index.ts";

const utf8 = new TextEncoder();
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const head = '"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-5-mini"';
const chunk = (delta: string, finish = "null", rest = ""): string =>
  `{${head},"choices":[{"index":0,"delta":${delta},"finish_reason":${finish}}]${rest}}`;
const usageChunk = `{${head},"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}`;

const run = (bytes: Uint8Array, cuts?: readonly number[]): readonly StreamItem[] =>
  decodeCut(createPassthroughChatDecoder(), bytes, cuts);

const rawText = (items: readonly StreamItem[]): string =>
  items.map((item) => (item.kind === "raw" ? text(item.bytes) : "")).join("");

const kinds = (items: readonly StreamItem[]): string => items.map(({ kind }) => kind).join(" ");

const openAi = asSse([
  chunk('{"role":"assistant","content":"","refusal":null}'),
  chunk('{"content":"Hel"}', "null", ',"usage":null,"obfuscation":"ab"'),
  chunk('{"content":"lo \\"ä\\" 🍓"}', "null", ',"usage":null,"obfuscation":"abcdef"'),
  chunk('{"content":" again"}', "null", ',"usage":null,"obfuscation":"a"'),
  chunk("{}", '"stop"', ',"usage":null'),
  usageChunk,
]);

/** The bytes that pass through, and what the encoder writes after them. */
const withLastChunk = (items: readonly StreamItem[], usage: Usage): string => {
  const encoder = createChatStreamEncoder({
    id: "none",
    model: "none",
    createdSeconds: 0,
    excludeReasoning: false,
    legacyFunctions: false,
  });
  expect(encoder.items(items)).toBe("");
  return rawText(items) + encoder.end({ usage, routingMetadata: () => ({}) });
};

describe("what goes out", () => {
  test("events of one read are one item over the read's own bytes", () => {
    const decoder = createPassthroughChatDecoder();
    const items: StreamItem[] = [];
    const bytes = utf8.encode(openAi);
    decoder.push(bytes, items);
    expect(kinds(items)).toBe("head raw finish usage");
    const [, raw] = items;
    if (raw?.kind !== "raw") throw new Error("no raw item");
    expect(raw.bytes.buffer).toBe(bytes.buffer);
    expect(raw.content).toBe(true);
    expect(text(raw.bytes)).toBe(openAi.slice(0, openAi.indexOf(`data: ${usageChunk}`)));
  });

  test("role and empty events are no content", () => {
    const items = run(
      utf8.encode(asSse([chunk('{"role":"assistant","content":""}'), chunk('{"content":""}')])),
    );
    expect(items.every((item) => item.kind !== "raw" || !item.content)).toBe(true);
  });

  test("with our last chunk it keeps the grammar", () => {
    const items = run(utf8.encode(openAi));
    const usage = items.flatMap((item) => (item.kind === "usage" ? [item.usage] : [])).at(-1);
    if (usage === undefined) throw new Error("no usage");
    const out = withLastChunk(items, usage);
    expect(chatStreamViolations(out)).toEqual([]);
    expect(foldChatStream(out).choices.get(0)?.content).toBe('Hello "ä" 🍓 again');
    expect(foldChatStream(out).usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 4 });
  });

  test("an event of another frame is framed anew", () => {
    const content = chunk('{"content":"x"}');
    const plain = `data: ${content}\n\n`;
    const odd = [
      `data: ${content}\r\n\r\n`,
      `data:${content}\n\n`,
      `: ping\ndata: ${content}\n\n`,
      `event: message\ndata: ${content}\nid: 7\n\n`,
      `data: ${content.slice(0, 1)}\ndata: ${content.slice(1)}\n\n`,
      `data: ${content}\r\r`,
      `\uFEFFdata: ${content}\n\n`,
      `data: ${content}`,
    ];
    for (const sse of odd) {
      const out = rawText(run(utf8.encode(sse)));
      expect(out.replace("{ ", "{"), JSON.stringify(sse)).toBe(plain);
    }
    expect(rawText(run(utf8.encode(`: keep-alive\n\n\n\n${plain}: bye\n\n`)))).toBe(plain);
  });

  test("line separators are escaped, in plain events too", () => {
    const plain = `data: ${chunk('{"content":"a"}')}\n\n`;
    const sse = plain + plain.replace('"a"', '"\u2028\u2029\u0085é"') + plain;
    const items = run(utf8.encode(sse));
    expect(rawText(items)).toBe(plain + plain.replace('"a"', '"\\u2028\\u2029\\u0085é"') + plain);
  });

  test("usage beside choices is cut out and reported", () => {
    const usage = ',"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}';
    const items = run(
      utf8.encode(asSse([chunk('{"content":"x"}'), chunk('{"content":"y"}', '"stop"', usage)])),
    );
    expect(kinds(items)).toBe("head raw raw finish usage");
    expect(rawText(items)).not.toContain("prompt_tokens");
    expect(rawText(items)).toContain('"y"');
  });

  test("no chunk keeps a key error; an error is reported and nothing goes out after it", () => {
    const content = chunk('{"content":"x"}', "null", ',"error":null');
    const error = '{"error":{"message":"boom","type":"server_error","code":null,"param":null}}';
    const items = run(utf8.encode(asSse([content, error, content])));
    expect(kinds(items)).toBe("head raw error");
    expect(rawText(items)).not.toContain("error");
    expect(items.at(-1)).toEqual({
      kind: "error",
      error: { message: "boom", type: "server_error", code: null, param: null },
    });
  });

  test("the head is the same in all chunks, and every choice has a finish_reason", () => {
    const first = chunk('{"role":"assistant","content":"x"}');
    const later = first
      .replace('"created":1', '"created":2')
      .replace('"role":"assistant",', "")
      .replace(',"finish_reason":null', "");
    const items = run(utf8.encode(asSse([first, later, later])));
    const plain = first.replace('"role":"assistant",', "");
    expect(rawText(items)).toBe([first, plain, plain].map((data) => `data: ${data}\n\n`).join(""));
  });

  test("an answer that was broken off does not finish", () => {
    const items = run(utf8.encode(asSse([chunk("{}", '"insufficient_system_resource"')])));
    expect(kinds(items)).toBe("head error");
  });

  test("a finish other than ours keeps the provider's word beside it", () => {
    const call =
      '{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}';
    const items = run(utf8.encode(asSse([chunk(call), chunk("{}", '"stop"')])));
    expect(items.at(-1)).toEqual({
      kind: "finish",
      choice: 0,
      reason: "tool_calls",
      native: "stop",
    });
    expect(foldChatStream(rawText(items)).choices.get(0)).toMatchObject({
      finish: "tool_calls",
      native: "stop",
    });
  });

  test("an event that is no JSON is dropped, even if it looks like the others", () => {
    const good = `data: ${chunk('{"content":"a"}')}\n\n`;
    const bad = [
      good.replace('"a"', '"a\\x"'),
      good.replace('"a"', '"a"b"'),
      good.replace('"a"', '"a\\"'),
      good.replace('"a"', '"a\u0001"'),
      good.replace("}]}", "}]"),
      "data: <html>\n\n",
    ];
    for (const event of bad) {
      const items = run(utf8.encode(good + good + event + good));
      expect(kinds(items), event).toBe("head raw malformed raw");
      expect(rawText(items)).toBe(good + good + good);
    }
  });
});

describe("laws", () => {
  const pieces = fc.oneof(
    fc
      .string({ unit: "grapheme", maxLength: 12 })
      .map((value) => chunk(`{"content":${JSON.stringify(value)}}`)),
    fc
      .string({ maxLength: 6 })
      .map((value) =>
        chunk(`{"reasoning_content":${JSON.stringify(value)}}`, "null", ',"obfuscation":"zz"'),
      ),
    fc
      .string({ maxLength: 6 })
      .map((value) =>
        chunk(`{"tool_calls":[{"index":0,"function":{"arguments":${JSON.stringify(value)}}}]}`),
      ),
    fc.constantFrom(
      chunk(
        '{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}]}',
      ),
      chunk("{}", '"stop"'),
      chunk('{"content":"\u2028"}'),
      usageChunk,
      "[DONE]",
      "not json",
    ),
  );
  const frames = fc.constantFrom<(data: string) => string>(
    (data) => `data: ${data}\n\n`,
    (data) => `data: ${data}\n\n`,
    (data) => `data: ${data}\n\n`,
    (data) => `data: ${data}\r\n\r\n`,
    (data) => `data:${data}\n\n`,
    (data) => `: note\n\ndata: ${data}\n\n`,
    (data) => `data: ${data}\r\r`,
  );
  const streams = fc
    .array(fc.tuple(pieces, frames), { maxLength: 12 })
    .map((events) => events.map(([data, frame]) => frame(data)).join(""));

  test("however the bytes are cut, the same goes out", () => {
    fc.assert(
      fc.property(streams, fc.array(fc.nat(3000), { maxLength: 12 }), (sse, cuts) => {
        const bytes = utf8.encode(sse);
        expect(mergedRaw(run(bytes, cuts))).toEqual(mergedRaw(run(bytes)));
      }),
      { numRuns: 200 },
    );
    const bytes = utf8.encode(openAi.replaceAll("\n\n", "\r\n\r\n"));
    const everywhere = Array.from({ length: bytes.length }, (_, cut) => cut);
    expect(mergedRaw(run(bytes, everywhere))).toEqual(mergedRaw(run(bytes)));
  });

  test("what goes out says what the codec reads", () => {
    fc.assert(
      fc.property(streams, (sse) => {
        const codec = createChatStreamDecoder(canonicalChatDialect);
        const direct: StreamItem[] = [];
        codec.push(utf8.encode(sse), direct);
        codec.end(direct);
        const again = createChatStreamDecoder(canonicalChatDialect);
        const viaRaw: StreamItem[] = [];
        again.push(utf8.encode(rawText(run(utf8.encode(sse)))), viaRaw);
        again.end(viaRaw);
        const said = (items: readonly StreamItem[]): StreamItem[] =>
          items.filter((item) => "choice" in item && item.kind !== "finish");
        expect(said(viaRaw)).toEqual(said(direct));
      }),
      { numRuns: 200 },
    );
  });

  // The others number calls from 1 or not at all, or repeat the role: they go through the codec.
  const odd = new Set(["mistral", "openai-compatible", "perplexity"]);
  const near = recordedChatStreams().filter(({ vendor }) => !odd.has(vendor));

  test.each(near)("$file: the bytes keep the grammar and say the same", ({ chunks }) => {
    const sse = asSse(chunks);
    const items = run(utf8.encode(sse), [100, 5000, 5001]);
    const usage = items.flatMap((item) => (item.kind === "usage" ? [item.usage] : [])).at(-1);
    const out = withLastChunk(items, usage ?? emptyUsage);
    expect(chatStreamViolations(out)).toEqual([]);
    expect(foldChatStream(out).choices.get(0)).toEqual(foldChatStream(sse).choices.get(0));
  });
});
