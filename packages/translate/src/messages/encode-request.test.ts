import { describe, expect, test } from "vitest";
import { decodeMessagesRequest, needsOf, parseMessagesRequest } from "../index.ts";
import type { MessagesDialect, NeutralRequest } from "../index.ts";
import {
  plain,
  adaptive,
  budget,
  both,
  minimal,
  decode,
  encode,
  neutral,
} from "../../test/messages-requests.ts";
import type { Body } from "../../test/messages-requests.ts";

describe("thinking", () => {
  const thinks = (over: Partial<NeutralRequest>, dialect: MessagesDialect) => {
    const { body, losses } = encode(neutral({ maxOutputTokens: 40_000, ...over }), dialect);
    return { thinking: body["thinking"], output: body["output_config"], losses };
  };
  const on = (tokens: number): Body => ({ type: "enabled", budget_tokens: tokens });

  test.each([
    ["adaptive", adaptive, { reasoningEffort: "medium" }, { type: "adaptive" }, "medium", 0],
    ["adaptive", adaptive, { reasoningEffort: "minimal" }, { type: "adaptive" }, "low", 1],
    ["adaptive", adaptive, { reasoningEffort: "xhigh" }, { type: "adaptive" }, "max", 1],
    ["adaptive", adaptive, { reasoningBudgetTokens: 6000 }, { type: "adaptive" }, "medium", 0],
    ["adaptive", adaptive, { adaptiveReasoning: true }, { type: "adaptive" }, undefined, 0],
    ["adaptive", adaptive, { reasoningEffort: "off" }, { type: "disabled" }, undefined, 0],
    ["budget", budget, { reasoningEffort: "low" }, on(2048), undefined, 0],
    ["budget", budget, { reasoningEffort: "xhigh" }, on(32_000), undefined, 0],
    ["budget", budget, { reasoningEffort: "max" }, on(39_999), undefined, 0],
    ["budget", budget, { adaptiveReasoning: true }, on(8000), undefined, 0],
    ["budget", budget, { reasoningBudgetTokens: 500 }, on(1024), undefined, 0],
    ["both", both, { reasoningEffort: "high" }, on(16_000), "high", 0],
    ["both", both, { reasoningEffort: "max" }, on(39_999), "high", 1],
    ["nothing", plain, { reasoningEffort: "high" }, undefined, undefined, 1],
    ["nothing", plain, { reasoningEffort: "off" }, undefined, undefined, 0],
  ] as const)("%s: %j", (_name, dialect, asked, thinking, effort, losses) => {
    const said = thinks(asked, dialect);
    expect(said.thinking).toEqual(thinking);
    expect(said.output).toEqual(effort === undefined ? undefined : { effort });
    expect(said.losses).toHaveLength(losses);
  });

  test("text that is hidden by default is asked for, unless nobody wants it", () => {
    const hidden: MessagesDialect = {
      ...adaptive,
      thinking: { by: "adaptive", efforts: ["low", "high"], hidden: true },
    };
    const asked = { reasoningEffort: "low" } as const;
    expect(thinks(asked, hidden).thinking).toEqual({ type: "adaptive", display: "summarized" });
    expect(thinks({ ...asked, excludeReasoning: true }, hidden).thinking).toEqual({
      type: "adaptive",
    });
  });

  test("leaves out clashing sampling parameters, each with a loss", () => {
    const sampling = { temperature: 0.3, topP: 0.5, topK: 4 };
    const { body, losses } = encode(neutral({ reasoningEffort: "low", sampling }), adaptive);
    for (const field of ["temperature", "top_p", "top_k"]) expect(body).not.toHaveProperty(field);
    expect(losses).toEqual(Array(3).fill("sampling_parameter_removed"));
  });

  test("is off beside a forced tool, with no room, and in a loop that began without it", () => {
    const tools = [{ name: "t" }];
    const forced = { tools, toolChoice: { kind: "required" } } as const;
    const asked = { reasoningEffort: "low" } as const;
    expect(thinks({ ...asked, ...forced }, adaptive)).toMatchObject({
      thinking: undefined,
      losses: ["unsupported_parameter"],
    });
    expect(thinks({ ...asked, maxOutputTokens: 1024 }, budget).thinking).toBeUndefined();
    const loop = {
      ...asked,
      tools,
      messages: [
        { role: "user", parts: [{ kind: "text", text: "Hi" }] },
        {
          role: "assistant",
          parts: [{ kind: "tool_call", id: "a", name: "t", arguments: "{}" }],
        },
        { role: "tool", callId: "a", parts: [{ kind: "text", text: "x" }] },
      ],
    } as const;
    expect(thinks(loop, budget).thinking).toBeUndefined();
    expect(thinks(loop, adaptive).thinking).toEqual({ type: "adaptive" });
  });
});

describe("single fields", () => {
  test("max_tokens is always there", () => {
    expect(encode(neutral()).body["max_tokens"]).toBe(64_000);
    expect(encode(neutral({ maxOutputTokens: 9 })).body["max_tokens"]).toBe(9);
    const capped = encode(neutral({ maxOutputTokens: 9 }), plain, { maxOutputTokens: 3 });
    expect(capped.body["max_tokens"]).toBe(3);
  });

  test("tools take an object, whatever their schema says or leaves out", () => {
    const { body } = encode(
      neutral({
        tools: [
          { name: "none" },
          { name: "bare", parameters: { properties: {} } },
          { name: "free", freeform: {} },
        ],
      }),
    );
    for (const { input_schema } of body["tools"] as readonly { input_schema: Body }[]) {
      expect(input_schema).toMatchObject({ type: "object", properties: {} });
    }
  });

  test("a schema of the answer closes its objects", () => {
    const inner = { type: ["object", "null"], properties: { a: { type: "string" } } };
    const schema = {
      type: "object",
      additionalProperties: true,
      properties: { list: { type: "array", items: inner } },
      $defs: { x: { anyOf: [inner, { type: "string" }] } },
    };
    const { body } = encode(
      neutral({ responseFormat: { kind: "json_schema", name: "n", schema } }),
    );
    const closed = { ...inner, additionalProperties: false };
    expect(body["output_config"]).toEqual({
      format: {
        type: "json_schema",
        schema: {
          ...schema,
          additionalProperties: false,
          properties: { list: { type: "array", items: closed } },
          $defs: { x: { anyOf: [closed, { type: "string" }] } },
        },
      },
    });
  });

  test("parallel calls are switched off also where nobody chose", () => {
    const { body } = encode(neutral({ tools: [{ name: "t" }], parallelToolCalls: false }));
    expect(body["tool_choice"]).toEqual({ type: "auto", disable_parallel_tool_use: true });
  });

  test("what the wire has no word for is a loss each", () => {
    const { losses } = encode(
      neutral({
        sampling: { seed: 1, frequencyPenalty: 1, temperature: 1.5 },
        logprobs: true,
        stop: [" ", "x"],
        n: 2,
      }),
    );
    expect(losses).toEqual(Array(6).fill("unsupported_parameter"));
  });

  test("sampling follows the model", () => {
    const sampling = { temperature: 0.5, topP: 0.9 };
    const one = encode(neutral({ sampling }), { ...plain, sampling: "one" });
    expect(one.body).toMatchObject({ temperature: 0.5 });
    expect(one.body).not.toHaveProperty("top_p");
    const none = encode(neutral({ sampling }), { ...plain, sampling: "none" });
    expect(none.body).not.toHaveProperty("temperature");
    expect(none.losses).toHaveLength(2);
  });
});

describe("cache marks", () => {
  const options = {
    cacheMarks: [
      { after: 0, ttl: "1h" },
      { after: 1, ttl: "5m" },
    ],
  } as const;

  test("stand where they are wanted, on the last block that takes one", () => {
    const request = decode({ system: "S", tools: [{ name: "t", input_schema: {} }] });
    const { body } = encode(request, plain, options);
    const ephemeral = { cache_control: { type: "ephemeral" } };
    const hour = { cache_control: { type: "ephemeral", ttl: "1h" } };
    expect(body["system"]).toEqual([{ type: "text", text: "S", ...hour }]);
    expect(body["messages"]).toEqual([
      { role: "user", content: [{ type: "text", text: "Hi", ...ephemeral }] },
    ]);
    expect(JSON.stringify(body).split("cache_control")).toHaveLength(3);
    const afterTools = encode(request, plain, { cacheMarks: [{ after: -1, ttl: "5m" }] }).body;
    expect(afterTools["tools"]).toMatchObject([ephemeral]);
    expect(JSON.stringify(afterTools).split("cache_control")).toHaveLength(2);
  });

  test("go to the block before where a message ends in thinking, and are four at most", () => {
    const thinking = { type: "thinking", thinking: "Hm.", signature: "s" };
    const messages = [
      { role: "user", content: "One" },
      { role: "assistant", content: [{ type: "text", text: "Two" }, thinking] },
      ...Array.from({ length: 6 }, (_, at) => ({
        role: at % 2 === 0 ? "user" : "assistant",
        content: `More ${at}`,
      })),
    ];
    const marked = encode(decode({ messages }), plain, { cacheMarks: [{ after: 1, ttl: "5m" }] });
    expect(marked.body).toMatchObject({
      messages: expect.arrayContaining([
        {
          role: "assistant",
          content: [{ type: "text", text: "Two", cache_control: { type: "ephemeral" } }, thinking],
        },
      ]) as unknown,
    });
    const all = messages.map((_, after) => ({ after, ttl: "5m" }) as const);
    const { body } = encode(decode({ messages }), plain, { cacheMarks: all });
    expect(JSON.stringify(body).split("cache_control")).toHaveLength(5);
  });

  test.each([
    { cache_control: { type: "ephemeral" } },
    { system: [{ type: "text", text: "S", cache_control: { type: "ephemeral" } }] },
    { tools: [{ type: "bash_20250124", name: "bash", cache_control: { type: "ephemeral" } }] },
    {
      messages: [
        {
          role: "assistant",
          content: [
            {
              type: "tool_use",
              id: "a",
              name: "t",
              input: {},
              cache_control: { type: "ephemeral" },
            },
          ],
        },
        { role: "user", content: "Hi" },
      ],
    },
  ])("are not added where the caller set one: %j", (over) => {
    const { body } = encode(decode(over), plain, options);
    expect(JSON.stringify(body).split("cache_control")).toHaveLength(2);
  });
});

describe("faults", () => {
  test.each([
    [{ max_tokens: undefined }, "missing_required_parameter", "max_tokens"],
    [{ model: undefined }, "missing_required_parameter", "model"],
    [{ gateway: { models: ["a"] } }, "invalid_parameter_value", "gateway.models"],
    [{ gateway: { routin: {} } }, "unknown_field", "gateway.routin"],
    [{ speed: "fast" }, "tier_opt_in_required", "speed"],
    [{ extensions: { thinking: {} } }, "invalid_parameter_value", "extensions.thinking"],
    [{ messages: [] }, "invalid_parameter_value", "messages"],
    [
      { messages: [{ role: "user", content: [{ type: "image_url" }] }] },
      "invalid_parameter_value",
      "messages[0].content[0].type",
    ],
    [{ messages: [{ role: "tool", content: "x" }] }, "invalid_parameter_value", "messages[0].role"],
    [{ tools: [{ type: "function", name: "f" }] }, "invalid_parameter_value", "tools[0].type"],
    [{ thinking: { type: "enabled" } }, "missing_required_parameter", "thinking.budget_tokens"],
  ])("%j is %s at %s", (over, code, param) => {
    const parsed = parseMessagesRequest(
      JSON.parse(JSON.stringify({ ...minimal, ...over })),
      "answer",
    );
    expect(parsed).toMatchObject({ ok: false, error: { code, param } });
  });

  test("nulls are absent, unknown fields a loss each, fast is taken where it is asked for", () => {
    const body = {
      ...minimal,
      system: null,
      store: true,
      routing: {},
      speed: "fast",
      gateway: { routing: { tier: "priority", optimize: null } },
    };
    const parsed = parseMessagesRequest(body, "answer");
    if (!parsed.ok) throw new Error(parsed.error.message);
    expect(parsed.losses.map(({ code }) => code)).toEqual([
      "unsupported_field",
      "unsupported_field",
    ]);
    expect(parsed.losses[1]?.message).toContain("gateway.routing");
    expect(decodeMessagesRequest(parsed.request).native).toEqual({
      wire: "messages",
      fields: { speed: "fast" },
    });
  });

  test("counting needs no cap; needs are told", () => {
    const parsed = parseMessagesRequest({ model: "m", messages: minimal["messages"] }, "count");
    expect(parsed.ok).toBe(true);
    const request = decode({
      thinking: { type: "adaptive" },
      tools: [{ name: "t", input_schema: {} }],
      tool_choice: { type: "any" },
    });
    expect(needsOf(request).capabilities).toEqual(["tools", "tool_choice_required", "reasoning"]);
    const hosted = decode({ tools: [{ type: "web_search_20250305", name: "s" }] });
    expect(needsOf(hosted).onlyWire).toEqual({ wire: "messages", for: "hosted_tool" });
  });
});
