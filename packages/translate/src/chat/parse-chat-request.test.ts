import { describe, expect, test } from "vitest";
import { parseChatRequest } from "./parse-chat-request.ts";

const messages = [{ role: "user", content: "Hi" }];
const body = (fields: object): object => ({ model: "m", messages, ...fields });

const failure = (json: unknown): unknown => {
  const parsed = parseChatRequest(json);
  if (parsed.ok) throw new Error("accepted");
  return parsed.error;
};

const routing = (fields: object): object => body({ gateway: { routing: fields } });

describe("refused", () => {
  test.each<[string, unknown, string, string | null]>([
    ["no object", [], "invalid_request", null],
    ["no messages", { model: "m" }, "missing_required_parameter", "messages"],
    ["empty messages", { model: "m", messages: [] }, "invalid_parameter_value", "messages"],
    ["no model", { messages }, "missing_required_parameter", "model"],
    [
      "model and models",
      body({ gateway: { models: ["a"] } }),
      "invalid_parameter_value",
      "gateway.models",
    ],
    ["range", body({ temperature: 2.5 }), "invalid_parameter_value", "temperature"],
    ["no whole number", body({ max_tokens: 1.5 }), "invalid_parameter_value", "max_tokens"],
    ["top_logprobs", body({ top_logprobs: 21 }), "invalid_parameter_value", "top_logprobs"],
    [
      "unknown role",
      { model: "m", messages: [...messages, { role: "robot", content: "" }] },
      "invalid_parameter_value",
      "messages[1].role",
    ],
    [
      "unknown part",
      { model: "m", messages: [{ role: "user", content: [{ type: "video" }] }] },
      "invalid_parameter_value",
      "messages[0].content[0].type",
    ],
    [
      "wrong text in a part",
      { model: "m", messages: [{ role: "user", content: [{ type: "text", text: 1 }] }] },
      "invalid_parameter_value",
      "messages[0].content[0].text",
    ],
    [
      "no content",
      { model: "m", messages: [{ role: "user" }] },
      "missing_required_parameter",
      "messages[0].content",
    ],
    [
      "a call without id",
      {
        model: "m",
        messages: [
          { role: "assistant", tool_calls: [{ function: { name: "f", arguments: "{}" } }] },
        ],
      },
      "missing_required_parameter",
      "messages[0].tool_calls[0].id",
    ],
    ["unknown in gateway", body({ gateway: { rooting: {} } }), "unknown_field", "gateway.rooting"],
    [
      "unknown in routing",
      routing({ optimise: "cost" }),
      "unknown_field",
      "gateway.routing.optimise",
    ],
    [
      "unknown weight",
      routing({ weights: { costs: 1 } }),
      "unknown_field",
      "gateway.routing.weights.costs",
    ],
    [
      "unknown in metadata",
      body({ gateway: { metadata: { user: "x" } } }),
      "unknown_field",
      "gateway.metadata.user",
    ],
    [
      "weights of zero",
      routing({ weights: { cost: 0 } }),
      "invalid_parameter_value",
      "gateway.routing.weights",
    ],
    [
      "negative weight",
      routing({ weights: { cost: -1 } }),
      "invalid_parameter_value",
      "gateway.routing.weights.cost",
    ],
    [
      "both onlys",
      routing({ only_byok: true, only_platform: true }),
      "invalid_parameter_value",
      "gateway.routing.only_platform",
    ],
    [
      "deadline",
      routing({ timeout_ms: 9, deadline_ms: 8 }),
      "invalid_parameter_value",
      "gateway.routing.deadline_ms",
    ],
    [
      "attempts",
      routing({ max_fallback_attempts: 20 }),
      "invalid_parameter_value",
      "gateway.routing.max_fallback_attempts",
    ],
    [
      "strategy",
      routing({ optimize: "speed" }),
      "invalid_parameter_value",
      "gateway.routing.optimize",
    ],
    [
      "eleven models",
      { messages, gateway: { models: Array.from({ length: 11 }, () => "a") } },
      "invalid_parameter_value",
      "gateway.models",
    ],
    [
      "both function forms",
      body({ tools: [], functions: [] }),
      "invalid_parameter_value",
      "functions",
    ],
    [
      "hosted tool",
      body({ tools: [{ type: "web_search" }] }),
      "hosted_tool_not_supported",
      "tools[0].type",
    ],
    [
      "thinking",
      body({ extensions: { thinking: {} } }),
      "invalid_parameter_value",
      "extensions.thinking",
    ],
    [
      "json schema without schema",
      body({ response_format: { type: "json_schema", json_schema: { name: "x" } } }),
      "missing_required_parameter",
      "response_format.json_schema.schema",
    ],
  ])("%s", (_, json, code, param) => {
    expect(failure(json)).toMatchObject({ code, param });
  });

  test("a near key is suggested, a far one is not", () => {
    expect(failure(routing({ optimise: "cost" }))).toMatchObject({
      suggestion: "Did you mean 'optimize'?",
    });
    expect(failure(routing({ zzzzzzzz: 1 }))).not.toHaveProperty("suggestion");
  });

  test("nesting without end is refused like any other wrong value", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 200_000; level++) deep = { a: deep };
    expect(failure(body({ seed: deep }))).toMatchObject({ param: "seed" });
    expect(failure(body({ gateway: deep }))).toMatchObject({ param: "gateway.a" });
  });

  test("a long value is not repeated in full", () => {
    expect(failure(body({ seed: "x".repeat(5000) }))).toMatchObject({
      message: expect.stringMatching(/^.{1,250}$/u),
    });
  });
});
