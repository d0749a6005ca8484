import { expect, test } from "vitest";
import {
  canonicalResponsesDialect,
  createRawBody,
  decodeResponsesRequest,
  encodeResponsesRequest,
  parseResponsesRequest,
  readResponsesRequest,
} from "../index.ts";
import type { NeutralRequest } from "../index.ts";

const neutralOf = (body: Readonly<Record<string, unknown>>): NeutralRequest => {
  const parsed = parseResponsesRequest({ model: "m", ...body });
  if (!parsed.ok) throw new Error(parsed.error.message);
  return decodeResponsesRequest(parsed.request);
};

const encode = (request: NeutralRequest) =>
  encodeResponsesRequest(request, {
    model: "m",
    stream: false,
    dialect: canonicalResponsesDialect,
    maxOutputTokens: null,
  });

const items = [
  { type: "message", role: "developer", content: [{ type: "input_text", text: "Be short." }] },
  {
    type: "message",
    role: "user",
    content: [
      { type: "input_text", text: "Look" },
      { type: "input_image", image_url: "https://x/y.png", detail: "low" },
      { type: "input_file", file_url: "https://x/y.pdf", filename: "y.pdf" },
    ],
  },
  {
    type: "reasoning",
    id: "rs_1",
    summary: [{ type: "summary_text", text: "hm" }],
    encrypted_content: "gAAA",
  },
  {
    type: "message",
    role: "assistant",
    content: "Calling",
    phase: "commentary",
  },
  { type: "function_call", call_id: "c1", name: "f", arguments: '{"a":1}' },
  { type: "custom_tool_call", call_id: "c2", name: "sql", input: "SELECT 1" },
  { type: "web_search_call", id: "ws_1", status: "completed" },
  { type: "function_call_output", call_id: "c1", output: "one" },
  { type: "custom_tool_call_output", call_id: "c2", output: "two" },
  { type: "shell_call_output", call_id: "s1", output: [] },
];

test("what this wire says comes back word for word", () => {
  const tools = [
    { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true },
    { type: "custom", name: "sql", format: { type: "text" } },
    { type: "mcp", server_label: "s" },
  ];
  const body = {
    input: items,
    tools,
    tool_choice: { type: "custom", name: "sql" },
    parallel_tool_calls: false,
    text: { format: { type: "json_schema", name: "n", schema: { type: "object" } } },
    reasoning: { effort: "high", summary: "auto" },
    include: ["reasoning.encrypted_content"],
    max_output_tokens: 99,
    temperature: 0.5,
  };
  const neutral = neutralOf(body);
  const encoded = encode(neutral);
  expect(encoded.losses).toEqual([]);
  expect(encoded.body).toEqual({ model: "m", store: false, ...body });
  expect(neutralOf(encoded.body)).toEqual(neutral);
});

test("opaque reasoning of other makers is left out with a loss", () => {
  const neutral = neutralOf({ input: "Hi" });
  const { body, losses } = encode({
    ...neutral,
    messages: [
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "x", signature: "s", maker: "anthropic" },
          { kind: "text", text: "y" },
        ],
      },
    ],
  });
  expect(losses.map(({ code }) => code)).toEqual(["reasoning_block_dropped"]);
  expect(body["input"]).toHaveLength(1);
});

test.each([
  [{ background: true }, "background"],
  [{ previous_response_id: "resp_1" }, "previous_response_id"],
  [{ conversation: "conv_1" }, "conversation"],
  [{ prompt: { id: "p" } }, "prompt"],
  [{ input: [{ type: "item_reference", id: "x" }] }, "input[0]"],
  [{ input: [{ role: "robot", content: "x" }] }, "input[0].role"],
  [{ temperature: 3 }, "temperature"],
])("%j is refused by name", (fields, param) => {
  const parsed = parseResponsesRequest({ model: "m", input: "Hi", ...fields });
  expect(parsed).toMatchObject({ ok: false, error: { code: "invalid_parameter_value", param } });
});

test("store is ignored with a warning, null is absent", () => {
  const json = { model: "m", input: "Hi", store: true, previous_response_id: null, own: 1 };
  const read = readResponsesRequest(createRawBody(new TextEncoder().encode(JSON.stringify(json))));
  if (!read.ok) throw new Error(read.error.message);
  expect(read.losses.map(({ code }) => code)).toEqual(["unsupported_field", "unsupported_field"]);
  expect(read.caller.surface).toBe("responses");
});

test("service_tier is told of and not carried, as on chat", () => {
  const parsed = parseResponsesRequest({ model: "m", input: "Hi", service_tier: "flex" });
  expect(parsed).toMatchObject({ ok: true, losses: [{ code: "unsupported_field" }] });
  expect(parsed.ok && "service_tier" in parsed.request).toBe(false);
});
