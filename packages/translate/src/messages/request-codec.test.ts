import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createRawBody,
  decodeMessagesRequest,
  encodeMessagesRequest,
  encodePassthroughMessagesRequest,
  messagesRequestSchema,
  needsOf,
  parseMessagesRequest,
  readMessagesRequest,
} from "../index.ts";
import type { MessagesDialect, NeutralRequest } from "../index.ts";

const plain: MessagesDialect = {
  thinking: { by: "nothing" },
  structuredOutput: true,
  sampling: "both",
  maxOutputTokens: 64_000,
};
const adaptive: MessagesDialect = {
  ...plain,
  thinking: { by: "adaptive", efforts: ["low", "medium", "high", "max"] },
};
const budget: MessagesDialect = { ...plain, thinking: { by: "budget", efforts: [] } };
const both: MessagesDialect = {
  ...plain,
  thinking: { by: "budget", efforts: ["low", "medium", "high"] },
};

type Body = Readonly<Record<string, unknown>>;

const minimal: Body = {
  model: "m",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hi" }],
};

const decode = (over: Body): NeutralRequest => {
  const parsed = parseMessagesRequest({ ...minimal, ...over }, "answer");
  if (!parsed.ok) throw new Error(parsed.error.message);
  return decodeMessagesRequest(parsed.request);
};

const encode = (
  request: NeutralRequest,
  dialect: MessagesDialect = plain,
  options: Partial<Parameters<typeof encodeMessagesRequest>[1]> = {},
): { readonly body: Body; readonly losses: readonly string[] } => {
  const { body, losses } = encodeMessagesRequest(request, {
    model: "claude",
    stream: false,
    dialect,
    maxOutputTokens: null,
    ...options,
  });
  return { body, losses: losses.map(({ code }) => code) };
};

const neutral = (over: Partial<NeutralRequest> = {}): NeutralRequest => ({
  messages: [{ role: "user", parts: [{ kind: "text", text: "Hi" }] }],
  tools: [],
  excludeReasoning: false,
  sampling: {},
  stop: [],
  legacyFunctions: false,
  extensions: {},
  ...over,
});

const mark = fc.constantFrom(
  {},
  { cache_control: { type: "ephemeral" } },
  { cache_control: { type: "ephemeral", ttl: "1h" } },
);
const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text.trim() === text);
const text = fc
  .tuple(word, mark)
  .map(([value, cache]) => ({ type: "text", text: value, ...cache }));
const image = fc
  .tuple(
    fc.constantFrom(
      { type: "base64", media_type: "image/png", data: "aGk=" },
      { type: "url", url: "https://example.org/a.png" },
      { type: "file", file_id: "file_1" },
    ),
    mark,
  )
  .map(([source, cache]) => ({ type: "image", source, ...cache }));
const document = fc
  .tuple(
    fc.constantFrom(
      { type: "base64", media_type: "application/pdf", data: "aGk=" },
      { type: "url", url: "https://example.org/a.pdf" },
      { type: "content", content: "inside" },
    ),
    mark,
  )
  .map(([source, cache]) => ({ type: "document", source, title: "A", ...cache }));
const native = fc.constantFrom(
  { type: "search_result", source: "s", title: "t", content: [] },
  { type: "container_upload", file_id: "file_2" },
);
const userBlock = fc.oneof(text, image, document, native);
const thinking = fc.constantFrom(
  { type: "thinking", thinking: "Hm.", signature: "c2ln" },
  { type: "thinking", thinking: "", signature: "c2ln" },
  { type: "redacted_thinking", data: "b3BhcXVl" },
);
const serverTool = fc.constantFrom(
  { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "q" } },
  { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] },
);

/** Turns by turns; each call has its result, first in the turn that follows. */
const conversation = fc
  .array(
    fc.record({
      said: fc.array(userBlock, { minLength: 1, maxLength: 2 }),
      answer: fc.array(fc.oneof(text, serverTool), { minLength: 1, maxLength: 2 }),
      thought: fc.array(thinking, { maxLength: 1 }),
      calls: fc.array(fc.tuple(word, mark, fc.array(text, { maxLength: 2 }), fc.boolean()), {
        maxLength: 2,
      }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((rounds) => {
    const turns: Body[] = [];
    let results: Body[] = [];
    for (const [round, { said, answer, thought, calls }] of rounds.entries()) {
      turns.push({ role: "user", content: [...results, ...said] });
      const uses = calls.map(([key, cache], place) => ({
        type: "tool_use",
        id: `toolu_${round}_${place}`,
        name: "tool",
        input: { key },
        ...cache,
      }));
      turns.push({ role: "assistant", content: [...thought, ...answer, ...uses] });
      results = calls.map(([, , content, failed], place) => ({
        type: "tool_result",
        tool_use_id: `toolu_${round}_${place}`,
        content,
        ...(failed ? { is_error: true } : {}),
      }));
    }
    turns.push({ role: "user", content: [...results, { type: "text", text: "Go on" }] });
    return turns;
  });

const tool = fc.tuple(mark, fc.boolean()).map(([cache, strict]) => ({
  name: "tool",
  description: "d",
  input_schema: { type: "object", properties: { key: { type: "string" } } },
  strict,
  ...cache,
}));

const requestBody = fc.record(
  {
    messages: conversation,
    system: fc.oneof(word, fc.array(text, { minLength: 1, maxLength: 2 })),
    tools: fc.tuple(tool).map(([only]) => [only, { type: "web_search_20250305", name: "s" }]),
    tool_choice: fc.constantFrom(
      { type: "auto" },
      { type: "any", disable_parallel_tool_use: true },
      { type: "tool", name: "tool" },
      { type: "none" },
    ),
    stop_sequences: fc.array(word, { minLength: 1, maxLength: 2 }),
    temperature: fc.constantFrom(0, 0.5, 1),
    top_k: fc.nat({ max: 50 }),
    metadata: fc.constant({ user_id: "u" }),
    output_config: fc.constant({
      format: {
        type: "json_schema",
        schema: { type: "object", properties: {}, additionalProperties: false },
      },
    }),
    cache_control: fc.constant({ type: "ephemeral" }),
    service_tier: fc.constant("auto"),
    context_management: fc.constant({ edits: [] }),
  },
  { requiredKeys: ["messages", "tools"] },
);

test("what the wire says comes back from the neutral form without a loss", () => {
  fc.assert(
    fc.property(requestBody, (body) => {
      const request = decode(body);
      const { body: written, losses } = encode(request);
      expect(losses).toEqual([]);
      expect(messagesRequestSchema.safeParse(written).success).toBe(true);
      expect(decode(written)).toEqual(request);
    }),
  );
});

test("a pass-through holds the caller's own JSON, but for what the gateway owns", () => {
  fc.assert(
    fc.property(requestBody, fc.boolean(), (fields, stream) => {
      const own = { gateway: { metadata: { user_id: "g" } }, unknown: { a: "ü" }, top_p: null };
      const body = { ...minimal, ...fields, ...own, stream };
      const bytes = new TextEncoder().encode(JSON.stringify(body));
      const read = readMessagesRequest(createRawBody(bytes), { betas: [], purpose: "answer" });
      if (!read.ok) throw new Error(read.error.message);
      expect(read.caller.canPassThrough).toBe(true);
      const byteText = encodePassthroughMessagesRequest(read.caller, {
        model: "claude-ü",
        stream,
        maxOutputTokens: 7,
        dropFields: ["top_k"],
      });
      const sent = new TextDecoder().decode(Uint8Array.from(byteText, (c) => c.charCodeAt(0)));
      const { top_k: _topK, ...kept } = fields;
      expect(JSON.parse(sent)).toEqual({
        ...kept,
        model: "claude-ü",
        max_tokens: 7,
        ...(stream ? { stream } : {}),
      });
    }),
  );
});

describe("the turns", () => {
  test("neighbours of one role are one turn, results first; ids are made legal and stay with their calls", () => {
    const call = (id: string) =>
      ({ kind: "tool_call", id, name: "t", arguments: '{"a":1}' }) as const;
    const { body } = encode(
      neutral({
        messages: [
          { role: "system", parts: [{ kind: "text", text: "A" }] },
          { role: "developer", parts: [{ kind: "text", text: "B" }] },
          { role: "assistant", parts: [call("call:1")] },
          { role: "assistant", parts: [call("call|1"), call("ok_1")] },
          { role: "user", parts: [{ kind: "text", text: "first" }] },
          { role: "tool", callId: "call|1", parts: [{ kind: "text", text: "2" }] },
          { role: "tool", callId: "call:1", parts: [], isError: true },
          { role: "tool", callId: "ok_1", parts: [{ kind: "text", text: "3" }] },
        ],
      }),
    );
    expect(body["system"]).toEqual([
      { type: "text", text: "A" },
      { type: "text", text: "B" },
    ]);
    type Block = { type: string; id?: string; tool_use_id?: string };
    const turns = body["messages"] as readonly { role: string; content: Block[] }[];
    expect(turns.map(({ role }) => role)).toEqual(["assistant", "user"]);
    const ids = turns[0]?.content.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/u);
    expect(ids[2]).toBe("ok_1");
    const results = turns[1]?.content ?? [];
    expect(results.map(({ type }) => type)).toEqual([
      "tool_result",
      "tool_result",
      "tool_result",
      "text",
    ]);
    expect(results.map(({ tool_use_id }) => tool_use_id)).toEqual([
      ids[1],
      ids[0],
      ids[2],
      undefined,
    ]);
  });

  test("nothing but instructions is still spoken to", () => {
    const { body } = encode(
      neutral({ messages: [{ role: "system", parts: [{ kind: "text", text: "Say hi." }] }] }),
    );
    expect(body["messages"]).toEqual([
      { role: "user", content: [{ type: "text", text: "Say hi." }] },
    ]);
    expect(body["system"]).toBeUndefined();
  });

  test("an answer to go on with does not end in blanks, and empty texts are left out", () => {
    const { body } = encode(
      neutral({
        messages: [
          {
            role: "user",
            parts: [
              { kind: "text", text: "" },
              { kind: "text", text: "Hi" },
            ],
          },
          { role: "assistant", parts: [{ kind: "text", text: "Well \n" }] },
        ],
      }),
    );
    expect(body["messages"]).toEqual([
      { role: "user", content: [{ type: "text", text: "Hi" }] },
      { role: "assistant", content: [{ type: "text", text: "Well" }] },
    ]);
  });

  test("only what Anthropic made goes back as thinking; the rest is one loss", () => {
    const { body, losses } = encode(
      neutral({
        messages: [
          { role: "user", parts: [{ kind: "text", text: "Hi" }] },
          {
            role: "assistant",
            parts: [
              { kind: "reasoning", text: "a", signature: "s", maker: "anthropic" },
              { kind: "reasoning", text: "b", signature: "s", maker: "openai" },
              { kind: "reasoning_redacted", data: "d", maker: "xai" },
              { kind: "text", text: "c", signature: "s", maker: "google" },
            ],
          },
          { role: "user", parts: [{ kind: "text", text: "Go on" }] },
        ],
      }),
    );
    expect(body["messages"]).toMatchObject([
      {},
      {
        content: [
          { type: "thinking", thinking: "a", signature: "s" },
          { type: "text", text: "c" },
        ],
      },
      {},
    ]);
    expect(losses).toEqual(["reasoning_block_dropped"]);
  });

  test("audio, and blocks of another wire, are told as left out", () => {
    const json = { type: "input_file" };
    const { losses } = encode(
      neutral({
        messages: [
          {
            role: "user",
            parts: [
              { kind: "audio", data: "aGk=", format: "mp3" },
              { kind: "native", wire: "responses", json },
              { kind: "text", text: "Hi" },
            ],
          },
        ],
        hostedTools: [{ wire: "responses", type: "web_search", json }],
        native: { wire: "responses", fields: { truncation: "auto" } },
      }),
    );
    expect(losses.toSorted()).toEqual(["content_dropped", "unsupported_field"]);
  });
});

describe("seals in the history", () => {
  test("go back to what they were attached to", () => {
    const { messages } = decode({
      messages: [
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "x", signature: "pm1.openai.reasoning.enc" },
            { type: "text", text: "Hi" },
            { type: "thinking", thinking: "", signature: "pm1.google.text.sig" },
            { type: "thinking", thinking: "", signature: "pm1.google.call=t1.sig2" },
            { type: "tool_use", id: "t1", name: "f", input: {} },
            { type: "redacted_thinking", data: "pm1.xai.redacted.data" },
          ],
        },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t1" }] },
      ],
    });
    expect(messages).toEqual([
      {
        role: "assistant",
        parts: [
          { kind: "reasoning", text: "x", signature: "enc", maker: "openai" },
          { kind: "text", text: "Hi", signature: "sig", maker: "google" },
          {
            kind: "tool_call",
            id: "t1",
            name: "f",
            arguments: "{}",
            signature: "sig2",
            maker: "google",
          },
          { kind: "reasoning_redacted", data: "data", maker: "xai" },
        ],
      },
      { role: "tool", callId: "t1", parts: [] },
    ]);
  });

  test.each([
    { type: "thinking", thinking: "x", signature: "pm1.openai.reasoning.enc" },
    { type: "thinking", thinking: "x", signature: "" },
    { type: "redacted_thinking", data: "pm1.xai.redacted.data" },
    { type: "tool_use", id: "call:1", name: "f", input: {} },
  ])("and such a request is no pass-through: %j", (block) => {
    const body = { ...minimal, messages: [{ role: "assistant", content: [block] }] };
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const read = readMessagesRequest(createRawBody(bytes), { betas: [], purpose: "answer" });
    expect(read.ok && read.caller.canPassThrough).toBe(false);
  });
});

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
