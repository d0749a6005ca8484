import { describe, expect, test } from "vitest";
import type { ChatRequest } from "./chat-request-schema.ts";
import { chatRequestSchema } from "./chat-request-schema.ts";
import { parseChatRequest } from "./parse-chat-request.ts";

const messages = [{ role: "user", content: "Hi" }];
const body = (fields: object): object => ({ model: "m", messages, ...fields });

const success = (json: unknown): { request: ChatRequest; losses: readonly unknown[] } => {
  const parsed = parseChatRequest(json);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed;
};

describe("taken", () => {
  test("every field of the contract, unchanged", () => {
    const json = {
      model: "m:cost",
      messages: [
        { role: "system", content: "s", name: "n" },
        { role: "developer", content: [{ type: "text", text: "d" }] },
        {
          role: "user",
          content: [
            { type: "text", text: "t", cache_control: { type: "ephemeral", ttl: "1h" } },
            { type: "image_url", image_url: { url: "https://x/y.png", detail: "low" } },
            { type: "input_audio", input_audio: { data: "AA==", format: "wav" } },
            { type: "file", file: { file_data: "AA==", filename: "a.pdf" } },
          ],
        },
        { role: "assistant", content: [], reasoning: [{ type: "redacted", data: "x" }] },
        {
          role: "assistant",
          content: null,
          reasoning_content: "r",
          tool_calls: [
            { id: "c", function: { name: "f", arguments: "{}" }, provider_signature: "s" },
          ],
          own: 1,
        },
        { role: "tool", content: "ok", tool_call_id: "c" },
        { role: "assistant", function_call: { name: "f", arguments: "{}" } },
        { role: "function", content: null, name: "f" },
      ],
      gateway: {
        routing: {
          optimize: "tps-focus",
          weights: { cost: 1 },
          ttft_percentile: "p95",
          throughput_percentile: "p50",
          max_cost_per_1m: 1,
          max_ttft_ms: 5,
          min_throughput_tps: 2,
          providers: [],
          exclude_providers: ["a"],
          prefer: "b",
          mode: "fallback",
          allow_fallbacks: false,
          max_fallback_attempts: 19,
          timeout_ms: 5,
          deadline_ms: 5,
          data_policy: "zdr",
          only_byok: true,
          only_platform: false,
          require_parameters: true,
          tier: "priority",
        },
        metadata: { tags: ["a"], user_id: "u", trace_id: "t", custom_fields: { k: "v" } },
        explain: true,
      },
      extensions: { openai: { x: 1 } },
      stream: true,
      stream_options: { include_usage: false },
      temperature: 0,
      top_p: 1,
      frequency_penalty: -2,
      presence_penalty: 2,
      top_k: 1,
      min_p: 0.1,
      top_a: 0.2,
      repetition_penalty: 1.1,
      max_tokens: 1,
      max_completion_tokens: 2,
      reasoning_effort: "off",
      reasoning: { exclude: true },
      stop: ["a"],
      seed: -1,
      n: 2,
      logprobs: true,
      top_logprobs: 20,
      logit_bias: { "50256": -100 },
      tools: [{ type: "function", function: { name: "f" } }],
      tool_choice: { type: "function", function: { name: "f" } },
      parallel_tool_calls: false,
      response_format: { type: "json_object" },
      user: "u",
      safety_identifier: "s",
      prompt_cache_key: "k",
      prompt_cache_retention: "24h",
      verbosity: "low",
      web_search_options: {},
    };
    const { request, losses } = success(json);
    expect(request).toEqual(json);
    expect(losses).toEqual([]);
    expect(Object.keys(json.gateway.routing)).toHaveLength(20);
    expect(chatRequestSchema.parse(json)).toEqual(request);
  });

  test("null is absent", () => {
    const { request } = success(
      body({
        temperature: null,
        tools: null,
        gateway: { routing: { tier: null }, models: null },
        extensions: { openai: null },
      }),
    );
    expect(request).toEqual(body({ gateway: { routing: {} }, extensions: {} }));
  });

  test("gateway.models instead of model", () => {
    expect(success({ messages, gateway: { models: ["a", "b"] } }).request.model).toBeUndefined();
  });

  test("fields that are not carried become losses, former ones with a pointer", () => {
    const { request, losses } = success(
      body({ metadata: { a: 1 }, routing: {}, models: ["x"], auriko_metadata: {}, whatever: 1 }),
    );
    expect(request).toEqual(body({}));
    expect(losses).toHaveLength(5);
    expect(losses).toContainEqual({
      type: "unsupported_field",
      code: "unsupported_field",
      message: expect.stringContaining("gateway.routing"),
    });
    expect(JSON.stringify(losses)).toContain("gateway.models");
  });
});
