import type { Usage } from "@pointsman/core";
import { emptyUsage } from "@pointsman/core";
import { describe, expect, test } from "vitest";
import {
  asSse,
  recordedChatReplies,
  recordedChatStreams,
} from "../../../../test/fixtures/wire/load.ts";
import type { ChatDialect, StreamItem } from "../index.ts";
import {
  canonicalChatDialect,
  createChatStreamDecoder,
  createChatStreamEncoder,
  decodeChatReply,
  encodeChatReply,
} from "../index.ts";
import { chatStreamViolations, foldChatStream } from "../testing/index.ts";

const options = {
  id: "chatcmpl-1",
  model: "m",
  createdSeconds: 1,
  excludeReasoning: false,
  legacyFunctions: false,
};

const dialectOf = (vendor: string): ChatDialect => {
  const cachedField =
    vendor === "deepseek" || vendor === "mistral"
      ? vendor
      : vendor === "moonshotai"
        ? "moonshot"
        : "openai";
  return { ...canonicalChatDialect, cachedField, reasoningInOutput: vendor !== "xai" };
};

/** [uncached input, cache read, visible output, reasoning], read off the recordings by hand. */
const expectedUsage: Readonly<Record<string, readonly [number, number, number, number] | null>> = {
  "alibaba-reasoning.chunks.txt": [24, 0, 271, 1084],
  "alibaba-reasoning.json": [24, 0, 315, 1353],
  "alibaba-tool-call.chunks.txt": [295, 0, 22, 0],
  "alibaba-tool-call.json": [295, 0, 22, 0],
  "cerebras-structured-output-tools.1.json": [66, 256, 7, 58],
  "cererebras-structured-output-tools.1.chunks.txt#0": [66, 256, 7, 97],
  "cererebras-structured-output-tools.1.chunks.txt#1": [177, 256, 14, 108],
  "deepseek-json.json": [175, 320, 26, 118],
  "deepseek-text.chunks.txt": [13, 0, 400, 0],
  "deepseek-text.json": [13, 0, 300, 0],
  "groq-reasoning.chunks.txt": [17, 0, 144, 963],
  "groq-reasoning.json": [17, 0, 79, 570],
  "groq-text.chunks.txt": [45, 0, 662, 0],
  "groq-text.json": [45, 0, 607, 0],
  "mistral-reasoning.chunks.txt": [10, 0, 46, 0],
  "mistral-reasoning.json": [10, 0, 46, 0],
  "mistral-tool-call.chunks.txt": [124, 0, 22, 0],
  "mistral-tool-call.json": [124, 0, 22, 0],
  "moonshotai-reasoning.json": [10, 10, 8, 22],
  "azure-model-router.1.chunks.txt": [15, 0, 14, 64],
  "compat-anthropic-fallback-tool-call.sse": null,
  "perplexity-text.chunks.txt": [11, 0, 434, 0],
  "perplexity-text.json": [11, 0, 392, 0],
  "xai-tool-call.chunks.txt": [1, 290, 26, 196],
  "xai-tool-call.json": [47, 244, 26, 189],
  "compat-xai-tool-call.chunks.txt": [1, 306, 26, 227],
  "compat-xai-tool-call.json": [63, 244, 26, 255],
};

const expectUsage = (file: string, usage: Usage | null): void => {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const expected = expectedUsage[name];
  expect(expected, name).not.toBeUndefined();
  expect(
    usage === null
      ? null
      : [usage.inputTokens, usage.cacheReadTokens, usage.outputTokens, usage.reasoningTokens],
  ).toEqual(expected);
};

type Part = { readonly text?: string; readonly thinking?: readonly Part[] };
type Message = {
  readonly content?: string | readonly Part[] | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string;
  readonly tool_calls?: readonly {
    readonly function: { readonly name?: string; readonly arguments?: string };
  }[];
};
type Choice = {
  readonly delta?: Message;
  readonly message?: Message;
  readonly finish_reason?: string | null;
};
type Answer = { readonly id: string; readonly choices: readonly Choice[] };

const parse = (json: string): Answer => JSON.parse(json);

/** Text and calls straight from a message or delta; written without the decoder's help. */
const rawOf = ({ content, reasoning_content, reasoning, tool_calls }: Message) => {
  const parts = typeof content === "string" ? [{ text: content }] : (content ?? []);
  const thinking = parts.flatMap((part: Part) => part.thinking ?? []);
  const thought = thinking.map((part) => part.text ?? "").join("");
  return {
    text: parts.map((part) => part.text ?? "").join(""),
    reasoning: reasoning_content ?? reasoning ?? thought,
    calls: (tool_calls ?? []).map(
      (call) => (call.function.name ?? "") + (call.function.arguments ?? ""),
    ),
  };
};

const decode = (sse: string, vendor: string): StreamItem[] => {
  const decoder = createChatStreamDecoder(dialectOf(vendor));
  const items: StreamItem[] = [];
  decoder.push(new TextEncoder().encode(sse), items);
  decoder.end(items);
  return items;
};

const lastUsage = (items: readonly StreamItem[]): Usage | null =>
  items.reduce<Usage | null>((last, item) => (item.kind === "usage" ? item.usage : last), null);

const metadata = { provider: "p", cost: { usd: 0 } };

describe.each(recordedChatStreams())("stream $file", ({ file, vendor, chunks }) => {
  const items = decode(asSse(chunks), vendor);
  const raw = chunks.map((chunk) => {
    return rawOf(parse(chunk).choices[0]?.delta ?? {});
  });

  test("usage", () => expectUsage(file, lastUsage(items)));

  test("text, reasoning and calls are those of the chunks", () => {
    const texts = (kind: "text" | "reasoning"): string =>
      items.map((item) => (item.kind === kind ? item.text : "")).join("");
    expect(texts("text")).toBe(raw.map(({ text }) => text).join(""));
    expect(texts("reasoning")).toBe(raw.map(({ reasoning }) => reasoning).join(""));
    const calls = items
      .map((item) =>
        item.kind === "tool_call" ? item.name : item.kind === "tool_arguments" ? item.text : "",
      )
      .join("");
    expect(calls).toBe(raw.flatMap((piece) => piece.calls).join(""));
    const numbers = items.flatMap((item) => (item.kind === "tool_call" ? [item.call] : []));
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });

  test("head first and once, one finish, nothing malformed", () => {
    expect(items[0]?.kind).toBe("head");
    expect(items.filter(({ kind }) => kind === "head")).toHaveLength(1);
    expect(items.some(({ kind }) => kind === "malformed" || kind === "error")).toBe(false);
    const finishes = items.flatMap((item) => (item.kind === "finish" ? [item] : []));
    const words = chunks.flatMap((chunk) => parse(chunk).choices[0]?.finish_reason ?? []);
    expect(finishes.map(({ reason }) => reason)).toEqual(words);
  });

  test("encoded again it keeps the grammar and folds to the same answer", () => {
    const encoder = createChatStreamEncoder(options);
    const usage = lastUsage(items) ?? emptyUsage;
    const text = encoder.items(items) + encoder.end({ usage, routingMetadata: () => metadata });
    expect(chatStreamViolations(text)).toEqual([]);
    const folded = foldChatStream(text);
    const choice = folded.choices.get(0);
    expect(choice?.content).toBe(raw.map((piece) => piece.text).join(""));
    expect(choice?.reasoning).toBe(raw.map((piece) => piece.reasoning).join(""));
    expect(choice?.calls.map((call) => call.name + call.arguments).join("")).toBe(
      raw.flatMap((piece) => piece.calls).join(""),
    );
    expect(folded.routingMetadata).toEqual(metadata);
    expect(folded.done).toBe(true);
  });
});

describe.each(recordedChatReplies())("reply $file", ({ file, vendor, body }) => {
  const decoded = decodeChatReply(JSON.parse(body), dialectOf(vendor));
  const expected = parse(body);
  const [choice] = expected.choices;

  test("decodes and encodes to the same answer", () => {
    if (!decoded.ok) throw new Error(decoded.reason);
    expectUsage(file, decoded.reply.usage);
    const encoded = encodeChatReply(decoded.reply, options, {
      usage: decoded.reply.usage ?? emptyUsage,
      routingMetadata: () => metadata,
    });
    const answer = parse(JSON.stringify(encoded));
    expect(answer.id).toBe(expected.id);
    expect(answer.choices[0]?.finish_reason).toBe(choice?.finish_reason);
    expect(rawOf(answer.choices[0]?.message ?? {})).toEqual(rawOf(choice?.message ?? {}));
  });
});

test("every recording is used", () => {
  const files = [...recordedChatStreams(), ...recordedChatReplies()].map(({ file }) => file);
  expect(files).toHaveLength(Object.keys(expectedUsage).length);
});
