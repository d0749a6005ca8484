import { Server } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { createPointsman } from "@pointsman/ai-sdk-provider";
import { Client, parseRoutingMetadata } from "@pointsman/sdk";
import { PointsmanOpenAI } from "@pointsman/sdk/openai";
import { generateText, jsonSchema, streamText, tool } from "ai";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { models, startInProcess } from "./in-process.ts";
import type { InProcess } from "./in-process.ts";

let local: InProcess;
beforeAll(async () => {
  local = await startInProcess();
});
beforeEach(() => {
  for (const { id } of local.world.providers) local.world.setFault(id, null);
});
afterAll(() => local.close());

const content = "Repeat exactly: The points are set.";
const said = "The points are set.";
const messages = [{ role: "user" as const, content }];
const weather = [{ role: "user" as const, content: "Use get_weather for Olten." }];
const parameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
} as const;

/** Where it is served is of no account: no such address is ever asked. */
const openai = (): OpenAI =>
  new OpenAI({ apiKey: "none", baseURL: "http://in-process/v1", fetch: local.fetch });
const anthropic = (): Anthropic =>
  new Anthropic({ apiKey: "none", baseURL: "http://in-process", fetch: local.fetch });
const sdk = (): Client => new Client({ apiKey: "none", fetch: local.fetch });
const ai = () => createPointsman({ apiKey: "none", fetch: local.fetch });

const metadataOf = (answer: unknown, model: string): void => {
  const metadata = parseRoutingMetadata(answer);
  expect(metadata).toMatchObject({ model_canonical: model, routing_strategy: "cost-focus" });
  expect(metadata?.cost.usd).toBeGreaterThan(0);
};

describe.each(models)("%s", (model) => {
  test("openai, chat: whole, streamed, a call", async () => {
    const client = openai();
    const answer = await client.chat.completions.create({ model, messages });
    expect(answer.choices[0]?.message.content).toBe(said);
    metadataOf(answer, model);

    let text = "";
    let last: unknown;
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      last = chunk;
    }
    expect(text).toBe(said);
    metadataOf(last, model);

    const called = await client.chat.completions.create({
      model,
      messages: weather,
      tools: [{ type: "function", function: { name: "get_weather", parameters } }],
    });
    const [call] = called.choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ type: "function", function: { name: "get_weather" } });
  });

  test("openai, Responses: whole, streamed, a call", async () => {
    const client = openai();
    const answer = await client.responses.create({ model, input: content });
    expect(answer.output_text).toBe(said);
    metadataOf(answer, model);

    const stream = client.responses.stream({ model, input: content });
    const final = await stream.finalResponse();
    expect(final.output_text).toBe(said);
    metadataOf(final, model);

    const called = await client.responses.create({
      model,
      input: "Use get_weather for Olten.",
      tools: [{ type: "function", name: "get_weather", parameters, strict: false }],
    });
    expect(called.output.find(({ type }) => type === "function_call")).toMatchObject({
      name: "get_weather",
    });
  });

  test("anthropic: whole, streamed, a call, a count", async () => {
    const client = anthropic();
    const answer = await client.messages.create({ model, messages, max_tokens: 500 });
    expect(answer.content.at(-1)).toMatchObject({ type: "text", text: said });
    metadataOf(answer, model);

    const stream = client.messages.stream({ model, messages, max_tokens: 500 });
    expect(await stream.finalText()).toBe(said);

    const called = await client.messages.create({
      model,
      messages: weather,
      max_tokens: 500,
      tools: [{ name: "get_weather", input_schema: { ...parameters, required: ["city"] } }],
    });
    expect(called.stop_reason).toBe("tool_use");
    expect(called.content.at(-1)).toMatchObject({ type: "tool_use", name: "get_weather" });

    const { input_tokens: tokens } = await client.messages.countTokens({ model, messages });
    expect(tokens).toBeGreaterThan(0);
  });

  test("@pointsman/sdk: chat, Responses, Messages, streams", async () => {
    const client = sdk();
    const answer = await client.chat.completions.create({ model, messages });
    expect(answer.choices[0]?.message.content).toBe(said);
    expect(answer.routing_metadata.model_canonical).toBe(model);
    expect(answer.responseHeaders.requestId).toMatch(/^req_/u);
    const response = await client.responses.create({ model, input: content });
    expect(response.output_text).toBe(said);
    const message = await client.messages.create({ model, messages, max_tokens: 500 });
    expect(message.content.at(-1)).toMatchObject({ text: said });

    const stream = await client.chat.completions.create({ model, messages, stream: true });
    const whole = await stream.final();
    expect(whole.choices[0]?.message.content).toBe(said);
    expect(stream.routing_metadata?.model_canonical).toBe(model);
    const events = await client.responses.create({ model, input: content, stream: true });
    expect((await events.final()).output_text).toBe(said);
  });

  test("AI SDK: a text, a stream, a call, on both wires", async () => {
    for (const wire of ["chat", "responses"] as const) {
      const provider = ai();
      const whole = await generateText({ model: provider[wire](model), prompt: content });
      expect(whole.text).toBe(said);
      expect(whole.providerMetadata?.["pointsman"]).toMatchObject({
        routing_metadata: { model_canonical: model },
      });
      const streamed = streamText({ model: provider[wire](model), prompt: content });
      expect(await streamed.text).toBe(said);
      const called = await generateText({
        model: provider[wire](model),
        prompt: "Use get_weather for Olten.",
        tools: { get_weather: tool({ inputSchema: jsonSchema(parameters) }) },
      });
      expect(called.toolCalls).toMatchObject([{ toolName: "get_weather" }]);
    }
  });
});

test("models are listed for every client, and found by their other names", async () => {
  const listed: string[] = [];
  for await (const { id } of openai().models.list()) listed.push(id);
  expect(listed).toEqual([...models].sort());
  const one = await sdk().models.retrieve("openai/gpt-oss-120b");
  expect(one.providers.map(({ name }) => name)).toEqual(["deepinfra", "groq"]);
  expect((await anthropic().models.retrieve("claude-sonnet-4-5")).display_name).toMatch(/Claude/u);
});

test("when a provider fails the next one answers, and each attempt is told", async () => {
  local.world.setFault("deepinfra", { kind: "status", status: 503 });
  const client = new PointsmanOpenAI({ apiKey: "none", fetch: local.fetch });
  const model = "gpt-oss-120b";
  const answer = await client.chat.completions.create({ model, messages });
  expect(answer.choices[0]?.message.content).toBe(said);
  expect(client.lastRoutingMetadata?.provider).toBe("groq");
  const attempts = client.lastRoutingMetadata?.attempts ?? [];
  expect(attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
    ["deepinfra", "server_error"],
    ["deepinfra", "server_error"],
    ["groq", "success"],
  ]);
  const { data, response } = await client.chat.completions
    .create({ model, messages, stream: true })
    .withResponse();
  let text = "";
  for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? "";
  expect(text).toBe(said);
  expect(response.headers.get("x-pointsman-provider")).toBe("groq");
  const [last] = local.finished.slice(-1);
  expect(last).toMatchObject({ outcome: "success", stream: true });
  expect(last?.report?.costPicoUsd).toBeGreaterThan(0);
});

test("a stream that breaks off is gone on with by another provider", async () => {
  local.world.setFault("deepinfra", { kind: "cut", afterContentEvents: 3 });
  const stream = await sdk().chat.completions.create({
    model: "gpt-oss-120b",
    messages: [{ role: "user", content: "Write 60 words about points and tracks." }],
    stream: true,
  });
  const { choices } = await stream.final();
  expect(choices[0]?.finish_reason).toBe("stop");
  expect(choices[0]?.message.content?.split(" ")).toHaveLength(60);
  expect(stream.routing_metadata?.attempts?.map(({ provider }) => provider)).toContain("deepinfra");
});

test("no address is opened", async () => {
  const listen = vi.spyOn(Server.prototype, "listen");
  const other = await openai().responses.create({ model: "gpt-5.4", input: content });
  expect(other.output_text).toBe(said);
  expect(listen).not.toHaveBeenCalled();
  listen.mockRestore();
});
