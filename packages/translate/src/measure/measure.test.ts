import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatRequest } from "../index.ts";
import { chatNeeds, estimateUtf8Bytes, measurePrompt, parseModelName } from "../index.ts";

const chat = (fields: Partial<ChatRequest>): ChatRequest => ({
  messages: [{ role: "user", content: "Hi" }],
  ...fields,
});

describe("estimateUtf8Bytes", () => {
  test("exact for short texts and for ASCII of any length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        expect(estimateUtf8Bytes(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
    expect(estimateUtf8Bytes("a".repeat(12_345))).toBe(12_345);
  });

  test("near for long mixed texts", () => {
    for (const text of [
      "日本語のテキスト。".repeat(500),
      "naïve café, ünïcode! ".repeat(777),
      "ok 🍓 ".repeat(999),
    ]) {
      const exact = new TextEncoder().encode(text).length;
      expect(Math.abs(estimateUtf8Bytes(text) / exact - 1)).toBeLessThan(0.1);
    }
  });
});

test("measurePrompt counts what the model sees", () => {
  expect(measurePrompt(chat({})).size).toEqual({ bytes: 2 });
  const definition = { name: "f", parameters: { type: "object" } };
  const { bytes } = measurePrompt(
    chat({ tools: [{ type: "function", function: definition }] }),
  ).size;
  expect(bytes).toBe(2 + JSON.stringify(definition).length);
  const { size } = measurePrompt(
    chat({
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "abc" },
            { type: "image_url", image_url: { url: "https://x/y" } },
            { type: "image_url", image_url: { url: "data:…", detail: "low" } },
          ],
        },
        {
          role: "assistant",
          content: "de",
          tool_calls: [{ id: "c", function: { name: "f", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "c", content: "ghi" },
      ],
    }),
  );
  expect(size).toEqual({ bytes: 11, extraTokens: 850 });
});

test("chatNeeds", () => {
  expect(chatNeeds(chat({ n: 1, temperature: 0 }))).toEqual({
    capabilities: [],
    parameters: ["temperature"],
  });
  const tools: ChatRequest["tools"] = [{ type: "function", function: { name: "f" } }];
  const schema: ChatRequest["response_format"] = {
    type: "json_schema",
    json_schema: { name: "n", schema: {} },
  };
  expect(
    chatNeeds(chat({ tools, tool_choice: "required", response_format: schema })).capabilities,
  ).toEqual(["tools", "tool_choice_required", "structured_output", "tools_with_structured_output"]);
  expect(chatNeeds(chat({ tools, tool_choice: "none" })).capabilities).toEqual([]);
  expect(
    chatNeeds(chat({ reasoning_effort: "off", response_format: { type: "json_object" } }))
      .capabilities,
  ).toEqual(["json_mode", "reasoning_disable"]);
  expect(
    chatNeeds(chat({ reasoning_effort: "high", web_search_options: {}, logprobs: true })),
  ).toEqual({
    capabilities: ["reasoning", "web_search"],
    parameters: ["logprobs", "web_search_options"],
  });
  const content = [
    { type: "image_url" as const, image_url: { url: "u" } },
    { type: "input_audio" as const, input_audio: { data: "", format: "wav" } },
    { type: "file" as const, file: {} },
  ];
  expect(chatNeeds(chat({ messages: [{ role: "user", content }] })).capabilities).toEqual([
    "vision",
    "audio_input",
    "file_input",
  ]);
});

test.each<[string, object]>([
  ["gpt-5", { model: "gpt-5" }],
  ["gpt-5:cost", { model: "gpt-5", strategy: "cost" }],
  ["gpt-5:nitro", { model: "gpt-5", strategy: "tps-focus" }],
  ["gpt-5:floor", { model: "gpt-5", strategy: "cost-focus" }],
  ["gpt-5:fast", { model: "gpt-5", strategy: "ttft-focus" }],
  ["ft:gpt-4o:org:custom", { model: "ft:gpt-4o:org:custom" }],
  ["qwen3:8b", { model: "qwen3:8b" }],
  ["known:fast", { model: "known:fast" }],
  ["openai/gpt-5:ttft", { model: "gpt-5", provider: "openai", strategy: "ttft" }],
  ["openai/gpt-oss", { model: "openai/gpt-oss" }],
  ["openai/gpt-oss:tps", { model: "openai/gpt-oss", strategy: "tps" }],
  ["meta/llama", { model: "meta/llama" }],
  [":cost", { model: ":cost" }],
])("parseModelName %s", (name, expected) => {
  const isKnown = (id: string): boolean => ["gpt-5", "known:fast", "openai/gpt-oss"].includes(id);
  expect(parseModelName(name, { isKnown, isProvider: (id) => id === "openai" })).toEqual(expected);
});
