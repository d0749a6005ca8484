import { Ajv2020 } from "ajv/dist/2020.js";
import OpenAI, { APIError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientOf, offering } from "./world.fixture.ts";
import { startSimulatedWorld } from "./world.ts";
import type { SimulatedProvider, SimulatedWorld } from "./world.ts";

const model = "train-1";
const messages = [{ role: "user" as const, content: "Explain how a railway signal works." }];
const weather = {
  type: "function" as const,
  function: {
    name: "get_weather",
    parameters: {
      type: "object",
      properties: { city: { type: "string" }, unit: { enum: ["C", "F"] } },
      required: ["city", "unit"],
      additionalProperties: false,
    },
  },
};
const clock = { type: "function" as const, function: { name: "get_time" } };

let world: SimulatedWorld;
let provider: SimulatedProvider;
let client: OpenAI;

beforeAll(async () => {
  const old = offering({
    id: "openai/old-1",
    providerModelId: "old-1",
    capabilities: { reasoning: false, vision: false },
    unsupportedParameters: ["max_tokens", "temperature"],
  });
  world = await startSimulatedWorld({
    providers: [{ id: "openai", offerings: [offering(), old] }],
    pace: 0,
  });
  const [first] = world.providers;
  if (first === undefined) throw new Error("the world has no provider");
  provider = first;
  client = clientOf(provider);
});

afterAll(() => world.close());

const collect = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

/** The refusal of a call, as the client raises it. */
const refusalOf = async (call: Promise<unknown>): Promise<APIError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof APIError)) throw new Error("the call was not refused");
  return error;
};

describe("whole answers", () => {
  test("have OpenAI's shape, and usage that adds up", async () => {
    const { data, response } = await client.chat.completions
      .create({ model, messages })
      .withResponse();
    expect(data).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: "chat.completion",
      model,
      service_tier: "default",
      system_fingerprint: expect.stringMatching(/^fp_/),
      choices: [{ index: 0, finish_reason: "stop", logprobs: null }],
    });
    expect(data.choices[0]?.message).toMatchObject({ role: "assistant", refusal: null });
    expect(data.choices[0]?.message.content).toMatch(/railway|signal/i);
    const { usage } = data;
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    expect(Number(response.headers.get("openai-processing-ms"))).toBeGreaterThanOrEqual(0);
  });

  test("come in as many choices as asked for", async () => {
    const one = await client.chat.completions.create({ model, messages });
    const many = await client.chat.completions.create({ model, messages, n: 3 });
    expect(many.choices.map((choice) => choice.index)).toEqual([0, 1, 2]);
    expect(new Set(many.choices.map((choice) => choice.message.content)).size).toBe(3);
    expect(many.choices[0]?.message.content).toBe(one.choices[0]?.message.content);
  });

  test("end at the limit, and before a stop sequence", async () => {
    const short = await client.chat.completions.create({ model, messages, max_tokens: 5 });
    expect(short.choices[0]?.finish_reason).toBe("length");
    expect(short.usage?.completion_tokens).toBe(5);
    const stopped = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: "Repeat exactly: first | second" }],
      stop: " |",
    });
    expect(stopped.choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { content: "first" },
    });
  });

  test("follow a JSON schema", async () => {
    const schema = {
      type: "object",
      properties: { title: { type: "string" }, year: { type: "integer", minimum: 1800 } },
      required: ["title", "year"],
      additionalProperties: false,
    };
    const said = await client.chat.completions.create({
      model,
      messages,
      response_format: { type: "json_schema", json_schema: { name: "book", schema, strict: true } },
    });
    const value: unknown = JSON.parse(said.choices[0]?.message.content ?? "");
    expect(new Ajv2020().validate(schema, value)).toBe(true);
  });

  test("call every tool that is required, and tell its result", async () => {
    const called = await client.chat.completions.create({
      model,
      messages,
      tools: [weather, clock],
      tool_choice: "required",
    });
    const [choice] = called.choices;
    expect(choice).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
    const calls = (choice?.message.tool_calls ?? []).filter((call) => call.type === "function");
    expect(calls.map((call) => call.function.name)).toEqual(["get_weather", "get_time"]);
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    const given: unknown = JSON.parse(calls[0]?.function.arguments ?? "");
    expect(new Ajv2020().validate(weather.function.parameters, given)).toBe(true);

    const told = await client.chat.completions.create({
      model,
      messages: [
        ...messages,
        { role: "assistant", tool_calls: calls },
        ...calls.map(({ id }, at) => ({
          role: "tool" as const,
          tool_call_id: id,
          content: `result ${at}`,
        })),
      ],
      tools: [weather, clock],
    });
    expect(told.choices[0]?.message.content).toContain("The result of get_weather is: result 0");
    expect(told.choices[0]?.message.content).toContain("The result of get_time is: result 1");
  });

  test("tell log probabilities of their tokens", async () => {
    const asked = { model, messages, max_tokens: 4, logprobs: true, top_logprobs: 2 };
    const whole = await client.chat.completions.create(asked);
    const [choice] = whole.choices;
    const tokens = choice?.logprobs?.content ?? [];
    expect(tokens.map((one) => one.token).join("")).toBe(choice?.message.content);
    expect(tokens.every((one) => one.logprob < 0 && one.top_logprobs.length === 2)).toBe(true);
    const chunks = await collect(await client.chat.completions.create({ ...asked, stream: true }));
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.logprobs?.content ?? [])).toEqual(tokens);
  });

  test("reason when asked", async () => {
    const reasoned = await client.chat.completions.create({
      model,
      messages,
      reasoning_effort: "low",
    });
    const tokens = reasoned.usage?.completion_tokens_details?.reasoning_tokens ?? 0;
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThan(reasoned.usage?.completion_tokens ?? 0);
    expect(reasoned.choices[0]?.message).toHaveProperty("reasoning_content");
    const plain = await client.chat.completions.create({ model, messages });
    expect(plain.usage?.completion_tokens_details?.reasoning_tokens).toBe(0);
  });
});

describe("streams", () => {
  test("say the same as the whole answer, in OpenAI's order", async () => {
    const whole = await client.chat.completions.create({
      model,
      messages,
      reasoning_effort: "low",
    });
    const stream = await client.chat.completions.create({
      model,
      messages,
      reasoning_effort: "low",
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    const deltas = chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta));
    expect(deltas[0]).toEqual({ role: "assistant", content: "", refusal: null });
    expect(deltas.map((delta) => delta.content ?? "").join("")).toBe(
      whole.choices[0]?.message.content,
    );
    expect(deltas.at(-1)).toEqual({});
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { ...whole.usage } });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  });

  test("carry no usage unless asked, and end with [DONE]", async () => {
    const response = await fetch(`${provider.baseUrl}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${provider.apiKey}` },
      body: JSON.stringify({ model, messages, stream: true, n: 2 }),
    });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const text = await response.text();
    expect(text).not.toContain('"usage"');
    const events = text.split("\n\n");
    expect(events.slice(-2)).toEqual(["data: [DONE]", ""]);
    expect(events.filter((event) => event.includes('"finish_reason":"stop"'))).toHaveLength(2);
  });

  test("carry parallel tool calls in pieces", async () => {
    const stream = client.chat.completions.stream({
      model,
      messages,
      tools: [weather, clock],
      tool_choice: "required",
    });
    const { choices } = await stream.finalChatCompletion();
    const calls = (choices[0]?.message.tool_calls ?? []).filter((call) => call.type === "function");
    expect(calls.map((call) => call.function.name)).toEqual(["get_weather", "get_time"]);
    for (const call of calls) {
      expect(call.id).toMatch(/^call_\w{24}$/);
      expect(JSON.parse(call.function.arguments)).toBeTypeOf("object");
    }
  });
});

describe("refusals", () => {
  test("have OpenAI's status and code", async () => {
    const stranger = new OpenAI({ baseURL: provider.baseUrl, apiKey: "sk-wrong", maxRetries: 0 });
    const long = [{ role: "user" as const, content: "7 ".repeat(20_000) }];
    const image = { type: "image_url" as const, image_url: { url: "https://example.com/a.png" } };
    const expected = [
      [stranger.chat.completions.create({ model, messages }), 401, "invalid_api_key"],
      [client.chat.completions.create({ model: "none", messages }), 404, "model_not_found"],
      [client.chat.completions.create({ model, messages: [] }), 400, "empty_array"],
      [client.chat.completions.create({ model, messages: long }), 400, "context_length_exceeded"],
      [client.chat.completions.create({ model, messages, max_tokens: 4001 }), 400, "invalid_value"],
      [
        client.chat.completions.create({ model: "old-1", messages, max_tokens: 10 }),
        400,
        "unsupported_parameter",
      ],
      [
        client.chat.completions.create({ model: "old-1", messages, reasoning_effort: "low" }),
        400,
        "unsupported_parameter",
      ],
      [
        client.chat.completions.create({
          model: "old-1",
          messages: [{ role: "user", content: [image] }],
        }),
        400,
        "unsupported_parameter",
      ],
    ] as const;
    for (const [call, status, code] of expected) {
      expect(await refusalOf(call)).toMatchObject({ status, code });
    }
  });

  test("hold the rules of tool calls and JSON mode", async () => {
    const call = {
      id: "call_1",
      type: "function" as const,
      function: { name: "get_time", arguments: "{}" },
    };
    const unanswered = await refusalOf(
      client.chat.completions.create({
        model,
        messages: [...messages, { role: "assistant", tool_calls: [call] }, ...messages],
      }),
    );
    expect(unanswered.message).toContain("call_1");
    const json = await refusalOf(
      client.chat.completions.create({ model, messages, response_format: { type: "json_object" } }),
    );
    expect(json).toMatchObject({ status: 400, param: "messages" });
  });

  test("meet what is no JSON, no path and no method", async () => {
    const headers = { authorization: `Bearer ${provider.apiKey}` };
    const post = (body: string) =>
      fetch(`${provider.baseUrl}/chat/completions`, { method: "POST", headers, body });
    expect((await post("{")).status).toBe(400);
    expect((await post("[]")).status).toBe(400);
    expect((await fetch(`${provider.baseUrl}/chat/completions`, { headers })).status).toBe(405);
    expect((await fetch(`${provider.baseUrl}/nothing`, { headers })).status).toBe(404);
    expect((await fetch(`${provider.baseUrl}/models`)).status).toBe(401);
  });

  test("leave the list of models", async () => {
    const models = await collect(client.models.list());
    expect(models.map((one) => one.id)).toEqual(["train-1", "old-1"]);
    expect(await client.models.retrieve("old-1")).toMatchObject({ object: "model" });
    expect(await refusalOf(client.models.retrieve("none"))).toMatchObject({ status: 404 });
  });
});
