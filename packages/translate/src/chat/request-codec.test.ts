import { describe, expect, test } from "vitest";
import { decodeByteText } from "../bytes/raw-body.ts";
import type { CallerRequest, ChatDialect } from "../index.ts";
import {
  canonicalChatDialect,
  createRawBody,
  encodeChatRequest,
  encodePassthroughChatRequest,
  readChatRequest,
} from "../index.ts";

const callerRequest = (json: object): CallerRequest => {
  const read = readChatRequest(createRawBody(new TextEncoder().encode(JSON.stringify(json))));
  if (!read.ok) throw new Error(read.error.message);
  return read.caller;
};

const encode = (
  json: object,
  dialect: Partial<ChatDialect> = {},
  maxOutputTokens: number | null = null,
): ReturnType<typeof encodeChatRequest> =>
  encodeChatRequest(callerRequest(json).neutral(), {
    model: "up",
    stream: false,
    dialect: { ...canonicalChatDialect, ...dialect },
    maxOutputTokens,
  });

const messages = [{ role: "user", content: "Hi" }];

describe("through the codec", () => {
  test("an ordinary body comes out as it went in", () => {
    const json = {
      messages: [
        { role: "system", content: "s" },
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "image_url", image_url: { url: "https://x/y" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "c", content: "ok" },
      ],
      model: "m",
      temperature: 0.5,
      seed: 3,
      stop: ["x"],
      tools: [
        { type: "function", function: { name: "f", parameters: { type: "object" }, strict: true } },
      ],
      tool_choice: { type: "function", function: { name: "f" } },
      parallel_tool_calls: false,
      response_format: {
        type: "json_schema",
        json_schema: { name: "n", schema: {}, strict: true },
      },
      reasoning_effort: "low",
      max_completion_tokens: 9,
      user: "u",
    };
    expect(encode(json)).toEqual({ body: { ...json, model: "up" }, losses: [] });
  });

  test("legacy functions become tools, their history calls with ids", () => {
    const { body } = encode({
      model: "m",
      messages: [
        ...messages,
        { role: "assistant", content: null, function_call: { name: "f", arguments: "" } },
        { role: "function", name: "f", content: "1" },
        { role: "assistant", content: null, function_call: { name: "g", arguments: "{}" } },
        { role: "function", name: "g", content: "2" },
      ],
      functions: [{ name: "f" }],
      function_call: { name: "f" },
    });
    expect(body["messages"]).toMatchObject([
      {},
      { tool_calls: [{ id: "call_legacy_0", function: { name: "f", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "call_legacy_0", content: "1" },
      { tool_calls: [{ id: "call_legacy_1" }] },
      { role: "tool", tool_call_id: "call_legacy_1", content: "2" },
    ]);
    expect(body["tools"]).toMatchObject([
      { function: { name: "f", parameters: { type: "object" } } },
    ]);
    expect(body["tool_choice"]).toEqual({ type: "function", function: { name: "f" } });
    expect(body["parallel_tool_calls"]).toBe(false);
  });

  test("what the vendor does not take is left out, each with a loss", () => {
    const { body, losses } = encode(
      {
        model: "m",
        messages: [{ role: "developer", content: "d" }, ...messages],
        n: 3,
        top_k: 4,
        logit_bias: { a: 1 },
      },
      { n: false, unsupportedParameters: ["logit_bias"], supportsDeveloperRole: false },
    );
    expect(body).toEqual({
      model: "up",
      messages: [{ role: "system", content: "d" }, ...messages],
      top_k: 4,
    });
    expect(losses.map(({ code, type }) => [type, code])).toEqual([
      ["unsupported_parameter", "unsupported_parameter"],
      ["unsupported_parameter", "unsupported_parameter"],
    ]);
  });

  test("effort: the nearest lower level, off by the vendor's word", () => {
    const effort = (word: string, dialect: Partial<ChatDialect>): unknown[] => {
      const { body, losses } = encode({ model: "m", messages, reasoning_effort: word }, dialect);
      return [body["reasoning_effort"], losses.map(({ code }) => code)];
    };
    expect(effort("max", {})).toEqual(["xhigh", ["reasoning_effort_adjusted"]]);
    expect(effort("medium", { reasoningEfforts: ["low", "high"] })).toEqual([
      "low",
      ["reasoning_effort_adjusted"],
    ]);
    expect(effort("minimal", { reasoningEfforts: ["low", "high"] })).toEqual([
      "low",
      ["reasoning_effort_adjusted"],
    ]);
    expect(effort("off", {})).toEqual(["none", []]);
    expect(effort("none", { reasoningOffWord: null })).toEqual([undefined, []]);
  });

  test("thinking is switched in the vendor's own words", () => {
    const thinking = (word: string, dialect: Partial<ChatDialect>): unknown[] => {
      const { body, losses } = encode({ model: "m", messages, reasoning_effort: word }, dialect);
      const { model: _, messages: __, ...rest } = body;
      return [rest, losses.map(({ code }) => code)];
    };
    const typed = { thinkingSwitch: "thinking_type", reasoningEfforts: ["low", "high", "max"] };
    const deepseek = typed as Partial<ChatDialect>;
    expect(thinking("max", deepseek)).toEqual([
      { thinking: { type: "enabled" }, reasoning_effort: "max" },
      [],
    ]);
    expect(thinking("off", deepseek)).toEqual([{ thinking: { type: "disabled" } }, []]);
    const bare = { ...deepseek, reasoningEfforts: [] };
    expect(thinking("low", bare)).toEqual([
      { thinking: { type: "enabled" } },
      ["reasoning_effort_adjusted"],
    ]);
    const budget = { thinkingSwitch: "enable_thinking" } as const;
    expect(thinking("medium", budget)).toEqual([
      { enable_thinking: true, thinking_budget: 8000 },
      [],
    ]);
    expect(thinking("max", budget)).toEqual([{ enable_thinking: true }, []]);
    expect(thinking("off", budget)).toEqual([{ enable_thinking: false }, []]);
    expect(thinking("high", { reasoningEfforts: [] })).toEqual([{}, ["unsupported_parameter"]]);
  });

  test("a budget is a level where only levels are known", () => {
    const plain = callerRequest({ model: "m", messages }).neutral();
    const encoded = (reasoningBudgetTokens: number): unknown =>
      encodeChatRequest(
        { ...plain, reasoningBudgetTokens },
        { model: "up", stream: false, dialect: canonicalChatDialect, maxOutputTokens: null },
      ).body["reasoning_effort"];
    expect([4999, 5000, 15_000].map((tokens) => encoded(tokens))).toEqual([
      "low",
      "medium",
      "high",
    ]);
  });

  test("reasoning goes back where the vendor wants it, signed blocks of others do not", () => {
    const assistant = { role: "assistant", content: "a", reasoning_content: "r" };
    const json = { model: "m", messages: [...messages, assistant] };
    const field = { reasoningHistoryField: "reasoning_content" } as const;
    expect(encode(json, field).body["messages"]).toEqual([...messages, assistant]);
    const signed = {
      role: "assistant",
      content: "a",
      reasoning: [{ type: "thinking", thinking: "t", signature: "s" }],
    };
    const { body, losses } = encode({ model: "m", messages: [...messages, signed, signed] });
    expect(body["messages"]).toEqual([
      ...messages,
      { role: "assistant", content: "a" },
      { role: "assistant", content: "a" },
    ]);
    expect(losses.map(({ code }) => code)).toEqual(["reasoning_block_dropped"]);
  });

  test("the cap: the smaller of both fields, or the one we are told", () => {
    const json = { model: "m", messages, max_tokens: 5, max_completion_tokens: 7 };
    expect(encode(json).body).toMatchObject({ max_completion_tokens: 5 });
    expect(encode(json, { maxTokensField: "max_tokens" }, 3).body).toMatchObject({ max_tokens: 3 });
  });
});

describe("as bytes", () => {
  const options = {
    model: "gpt-5-mini-2025",
    stream: true,
    maxOutputTokens: null,
    maxTokensField: "max_completion_tokens",
    dropFields: ["top_k"],
  } as const;

  test("only what must change changes", () => {
    const json = {
      model: "m:cost",
      messages: [{ role: "user", content: "Hi \u00e4", own: [1.5] }],
      gateway: { routing: {} },
      extensions: { openai: {} },
      metadata: { a: 1 },
      max_tokens: 9,
      top_k: 3,
      seed: null,
      top_p: 0.5,
      stream: true,
      stream_options: { include_usage: false },
    };
    const text = decodeByteText(encodePassthroughChatRequest(callerRequest(json), options));
    expect(JSON.parse(text)).toEqual({
      model: "gpt-5-mini-2025",
      messages: json.messages,
      top_p: 0.5,
      stream: true,
      stream_options: { include_usage: true },
      max_completion_tokens: 9,
    });
    expect(text).toContain(JSON.stringify(json.messages));
  });

  test("without a stream, with a cap and fields of the adapter's", () => {
    const byteText = encodePassthroughChatRequest(
      callerRequest({ model: "m", messages, stream: true, max_tokens: 9 }),
      {
        ...options,
        stream: false,
        maxOutputTokens: 4,
        maxTokensField: "max_tokens",
        setFields: { prompt_cache_key: '"k"' },
      },
    );
    expect(JSON.parse(decodeByteText(byteText))).toEqual({
      model: "gpt-5-mini-2025",
      messages,
      max_tokens: 4,
      prompt_cache_key: "k",
    });
  });

  test("who may pass", () => {
    const can = (fields: object): boolean =>
      callerRequest({ model: "m", messages, ...fields }).canPassThrough;
    expect(can({})).toBe(true);
    expect(can({ reasoning_effort: "low", tools: [] })).toBe(true);
    expect(can({ functions: [] })).toBe(false);
    expect(can({ reasoning: { exclude: true } })).toBe(false);
    expect(can({ reasoning_effort: "off" })).toBe(false);
    expect(can({ messages: [...messages, { role: "assistant", content: [] }] })).toBe(false);
    expect(can({ messages: [...messages, { role: "assistant", content: "x" }] })).toBe(true);
    expect(can({ messages: [...messages, { role: "assistant", content: null }] })).toBe(false);
  });
});
