import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import { describe, expect, test } from "vitest";
import { asEvents, recordedReplies, recordedStreams } from "../../../../test/fixtures/wire/load.ts";
import { cutsChangeNothing, decodeCut } from "../../test/cuts.ts";
import type { StreamItem } from "../index.ts";
import {
  collectReply,
  createGeminiStreamDecoder,
  decodeGeminiReply,
  decodeGeminiUsage,
  itemsOfReply,
} from "../index.ts";

const utf8 = new TextEncoder();

const itemsOf = (...chunks: readonly unknown[]): readonly StreamItem[] => {
  const lines = chunks.map((chunk) => JSON.stringify(chunk));
  return decodeCut(createGeminiStreamDecoder(), utf8.encode(asEvents("gemini", lines)));
};

const chunk = (parts: readonly unknown[], rest: object = {}, outer: object = {}): object => ({
  candidates: [{ content: { role: "model", parts }, ...rest }],
  responseId: "r1",
  modelVersion: "gemini-3-pro",
  ...outer,
});

describe.each(recordedStreams("gemini"))("$file", ({ chunks }) => {
  const bytes = utf8.encode(asEvents("gemini", chunks));

  test("any cut of the bytes says the same", () => {
    cutsChangeNothing(createGeminiStreamDecoder, bytes);
  });

  test("folds to what the list of its chunks says, and back", () => {
    const collected = collectReply(decodeCut(createGeminiStreamDecoder(), bytes));
    const listed = decodeGeminiReply(chunks.map((piece): unknown => JSON.parse(piece)));
    if (!listed.ok) throw new Error(listed.reason);
    expect(collected).toEqual({ kind: "reply", reply: listed.reply });
    expect(collectReply(itemsOfReply(listed.reply))).toEqual(collected);
  });

  test("usage is the last that counted, in the vendor's own totals", () => {
    const listed = decodeGeminiReply(chunks.map((piece): unknown => JSON.parse(piece)));
    const last = chunks
      .map(
        (piece) => (JSON.parse(piece) as { usageMetadata?: Record<string, number> }).usageMetadata,
      )
      .findLast((usage) => usage?.["promptTokenCount"] !== undefined);
    if (!listed.ok || listed.reply.usage === null || last === undefined)
      throw new Error("no usage");
    expect(promptTokensOf(listed.reply.usage)).toBe(last["promptTokenCount"]);
    expect(completionTokensOf(listed.reply.usage)).toBe(
      (last["candidatesTokenCount"] ?? 0) + (last["thoughtsTokenCount"] ?? 0),
    );
  });
});

test.each(recordedReplies("gemini"))("$file decodes", ({ body }) => {
  const decoded = decodeGeminiReply(JSON.parse(body));
  expect(decoded.ok).toBe(true);
});

test("a call signs only the part it came with; later parallel calls have none", () => {
  const items = itemsOf(
    chunk([
      { functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "s" },
      { functionCall: { name: "g" } },
    ]),
    chunk([], { finishReason: "STOP" }),
  );
  expect(items.filter(({ kind }) => kind.startsWith("tool"))).toEqual([
    {
      kind: "tool_call",
      choice: 0,
      call: 0,
      id: "gcall_r1_0",
      name: "f",
      signature: "s",
      maker: "google",
    },
    { kind: "tool_arguments", choice: 0, call: 0, text: '{"a":1}' },
    { kind: "tool_call", choice: 0, call: 1, id: "gcall_r1_1", name: "g" },
    { kind: "tool_arguments", choice: 0, call: 1, text: "{}" },
  ]);
  // STOP, but the client has calls to run.
  expect(items.at(-1)).toMatchObject({ kind: "finish", reason: "tool_calls", native: "STOP" });
});

test("the signature on an empty last text is kept", () => {
  const items = itemsOf(
    chunk([{ text: "Hi" }]),
    chunk([{ text: "", thoughtSignature: "s" }], { finishReason: "STOP" }),
  );
  const collected = collectReply(items);
  expect(collected).toMatchObject({
    reply: {
      choices: [{ parts: [{ kind: "text", text: "Hi", signature: "s", maker: "google" }] }],
    },
  });
});

test("streamed arguments are put together, with or without an empty call at the end", () => {
  const opening = { functionCall: { name: "f", willContinue: true } };
  const piece = (path: string, value: object, more = true) => ({
    functionCall: {
      partialArgs: [{ jsonPath: path, ...value }],
      ...(more ? { willContinue: true } : {}),
    },
  });
  const pieces = [
    piece("$.list[0].name", { stringValue: "a", willContinue: true }),
    piece("$.list[0].name", { stringValue: "b" }),
    piece("$.list[1].count", { numberValue: 2 }),
    piece("$.flag", { boolValue: false }),
    piece("$.none", { nullValue: "NULL_VALUE" }),
    piece("$.__proto__.bad", { stringValue: "x" }),
  ];
  const want = { list: [{ name: "ab" }, { count: 2 }], flag: false, none: null };
  for (const end of [chunk([{ functionCall: {} }]), chunk([])]) {
    const items = itemsOf(
      chunk([opening]),
      ...pieces.map((part) => chunk([part])),
      end,
      chunk([], { finishReason: "STOP" }),
    );
    const texts = items.flatMap((item) => (item.kind === "tool_arguments" ? [item.text] : []));
    expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([want]);
  }
});

test("a middle usage without counts resets nothing", () => {
  const items = itemsOf(
    chunk([{ text: "a" }], {}, { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 1 } }),
    chunk([{ text: "b" }], { finishReason: "STOP" }, { usageMetadata: { trafficType: "X" } }),
  );
  expect(items.filter(({ kind }) => kind === "usage")).toHaveLength(1);
});

test("a blocked prompt is the caller's content, a malformed call the model's failure", () => {
  const blocked = itemsOf({
    promptFeedback: { blockReason: "SAFETY" },
    usageMetadata: { promptTokenCount: 4 },
  });
  expect(blocked.at(-1)).toMatchObject({ kind: "error", error: { code: "content_filter" } });
  expect(blocked).toContainEqual(expect.objectContaining({ kind: "usage" }));
  const malformed = itemsOf(chunk([], { finishReason: "MALFORMED_FUNCTION_CALL" }));
  expect(malformed.at(-1)).toMatchObject({
    kind: "error",
    error: { code: "MALFORMED_FUNCTION_CALL" },
  });
});

test("without a finish an answer is none", () => {
  expect(decodeGeminiReply(chunk([{ text: "half" }]))).toMatchObject({ ok: false });
  expect(decodeGeminiReply({ candidates: [] })).toMatchObject({ ok: false });
  expect(decodeGeminiReply(chunk([], { finishReason: "STOP" }))).toMatchObject({ ok: false });
});

test("thoughts, images, code, sources and logprobs", () => {
  const decoded = decodeGeminiReply(
    chunk(
      [
        { text: "hm", thought: true, thoughtSignature: "t" },
        { executableCode: { code: "1+1", language: "PYTHON" } },
        { inlineData: { mimeType: "image/png", data: "AA==" }, thoughtSignature: "i" },
        { text: "two" },
      ],
      {
        finishReason: "SAFETY",
        groundingMetadata: {
          groundingChunks: [{ web: { uri: "https://a", title: "A" } }],
          groundingSupports: [
            { segment: { startIndex: 0, endIndex: 3 }, groundingChunkIndices: [0, 7] },
          ],
        },
        logprobsResult: {
          chosenCandidates: [{ token: "two", logProbability: -0.5 }],
          topCandidates: [{ candidates: [{ token: "2", logProbability: -1 }] }],
        },
      },
    ),
  );
  if (!decoded.ok) throw new Error(decoded.reason);
  expect(decoded.reply.choices).toEqual([
    {
      index: 0,
      parts: [
        { kind: "reasoning", text: "hm", signature: "t", maker: "google" },
        {
          kind: "native",
          wire: "generate_content",
          json: { executableCode: { code: "1+1", language: "PYTHON" } },
        },
        { kind: "image", mimeType: "image/png", data: "AA==", signature: "i", maker: "google" },
        { kind: "text", text: "two" },
      ],
      annotations: [{ kind: "url_citation", url: "https://a", title: "A", start: 0, end: 3 }],
      finish: "content_filter",
      native: "SAFETY",
      logprobs: {
        content: [
          {
            token: "two",
            logprob: -0.5,
            bytes: [116, 119, 111],
            top_logprobs: [{ token: "2", logprob: -1, bytes: [50] }],
          },
        ],
        refusal: null,
      },
    },
  ]);
});

test("tool results count as input, what was cached once, audio apart", () => {
  const usage = decodeGeminiUsage({
    promptTokenCount: 100,
    toolUsePromptTokenCount: 20,
    cachedContentTokenCount: 60,
    candidatesTokenCount: 7,
    thoughtsTokenCount: 5,
    promptTokensDetails: [{ modality: "AUDIO", tokenCount: 30 }, { modality: "TEXT" }],
    cacheTokensDetails: [{ modality: "AUDIO", tokenCount: 10 }],
  });
  expect(usage).toEqual({
    inputTokens: 40,
    audioInputTokens: 20,
    cacheReadTokens: 60,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 7,
    reasoningTokens: 5,
  });
});
