import Anthropic, { APIError as AnthropicError } from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI, { APIError } from "openai";
import { describe, expect, onTestFinished, test } from "vitest";
import { offering, rates } from "./world.fixture.ts";
import { startSimulatedWorld } from "./world.ts";
import type { SimulatedProviderSpec } from "./world.ts";

const model = "train-1";
const prompt = "Use get_weather for the next stop.";
const schema = { type: "object" as const, properties: { city: { type: "string" } } };

const start = async (spec: Partial<SimulatedProviderSpec>) => {
  const providers = [{ id: "vendor", offerings: [offering({ wires: [] })], ...spec }];
  const world = await startSimulatedWorld({ providers, pace: 0 });
  onTestFinished(() => world.close());
  const [place] = world.providers;
  if (place === undefined) throw new Error("the world has no provider");
  return { world, place };
};

const refusal = async (call: PromiseLike<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (error: unknown) => error,
  );

describe("Anthropic's own client", () => {
  const serve = async (spec: Partial<SimulatedProviderSpec> = {}) => {
    const { world, place } = await start({ vendor: "anthropic", ...spec });
    const baseURL = place.baseUrl.replace(/\/v1$/u, "");
    return { world, client: new Anthropic({ baseURL, apiKey: place.apiKey, maxRetries: 0 }) };
  };
  const thinking = { type: "enabled" as const, budget_tokens: 2000 };
  const tools = [{ name: "get_weather", input_schema: schema }];
  const ask = { model, max_tokens: 4000, messages: [{ role: "user" as const, content: prompt }] };

  test("reads the same message as JSON and as a stream", async () => {
    const { client } = await serve();
    const whole = await client.messages.create({ ...ask, thinking, tools });
    const streamed = await client.messages.stream({ ...ask, thinking, tools }).finalMessage();
    expect(whole.stop_reason).toBe("tool_use");
    const shown = ({ content, usage }: Anthropic.Message) => ({
      content: content.map((block) => ("id" in block ? { ...block, id: "" } : block)),
      input: usage.input_tokens + (usage.cache_read_input_tokens ?? 0),
      output: usage.output_tokens,
    });
    expect(shown(streamed)).toEqual(shown(whole));
  });

  test("is refused where a proof was changed, or a call was not answered", async () => {
    const { client } = await serve();
    const { content } = await client.messages.create({ ...ask, thinking, tools });
    const again = (
      change: (block: Anthropic.ContentBlock) => Anthropic.ContentBlock,
      answer = true,
    ) => {
      const blocks = content.map(change);
      const results = blocks.flatMap((block) =>
        block.type === "tool_use" ? [{ type: "tool_result" as const, tool_use_id: block.id }] : [],
      );
      const user = answer ? results : [{ type: "text" as const, text: "Go on." }];
      return refusal(
        client.messages.create({
          ...ask,
          thinking,
          tools,
          messages: [
            ...ask.messages,
            { role: "assistant", content: blocks },
            { role: "user", content: user },
          ],
        }),
      );
    };
    expect(await again((block) => block)).toBeNull();
    const forged = await again((block) =>
      block.type === "thinking" ? { ...block, thinking: "I never thought so." } : block,
    );
    expect(forged).toBeInstanceOf(AnthropicError);
    expect(String(forged)).toContain("Invalid `signature` in `thinking` block");
    const renamed = await again((block) =>
      block.type === "tool_use" ? { ...block, id: block.id.replace(/.{4}$/u, "beef") } : block,
    );
    expect(String(renamed)).toContain("no id that this API gave out");
    expect(String(await again((block) => block, false))).toContain(
      "without `tool_result` blocks immediately after",
    );
  });

  test("pays for what it marks: written once, at the price of its lifetime, then read", async () => {
    const cache = { mode: "explicit", minimumTokens: 64, blockTokens: 1, ttlSeconds: 300 } as const;
    const dear = { ...rates, cacheWrite5mPicoUsd: 3_125_000, cacheWrite1hPicoUsd: 5_000_000 };
    const priced = offering({ wires: ["messages"], cache: { ...cache, oneHour: true } });
    const [period] = priced.price?.periods ?? [];
    if (period === undefined) throw new Error("the fixture has a price");
    const price = { periods: [{ ...period, rates: dear }] as const };
    const { world, client } = await serve({ offerings: [{ ...priced, price }] });
    const text = "Keep the line clear at all times. ".repeat(40);
    const mark = { type: "ephemeral", ttl: "1h" } as const;
    const system = [{ type: "text" as const, text, cache_control: mark }];
    const first = await client.messages.create({ ...ask, system });
    const second = await client.messages.create({ ...ask, system });
    const unmarked = await client.messages.create({ ...ask, system: text.replace("Keep", "Hold") });
    const written = first.usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
    expect(written).toBeGreaterThan(200);
    expect(second.usage.cache_read_input_tokens).toBe(written);
    expect(second.usage.cache_creation_input_tokens).toBe(0);
    expect(unmarked.usage.cache_creation_input_tokens).toBe(0);
    const billed = [first, second, unmarked].reduce(
      (sum, { usage }) =>
        sum +
        usage.input_tokens * 2_500_000 +
        (usage.cache_creation?.ephemeral_1h_input_tokens ?? 0) * 5_000_000 +
        (usage.cache_read_input_tokens ?? 0) * 1_250_000 +
        usage.output_tokens * 10_000_000,
      0,
    );
    expect(world.invoice("vendor").picoUsd).toBe(BigInt(billed));
  });

  test("counts tokens as the answer's usage does", async () => {
    const { client } = await serve();
    const { input_tokens: counted } = await client.messages.countTokens({
      model,
      messages: ask.messages,
      tools,
    });
    const { usage } = await client.messages.create({ ...ask, tools });
    expect(usage.input_tokens).toBe(counted);
  });
});

describe("OpenAI's own client, on Responses", () => {
  const serve = async () => {
    const { place } = await start({});
    return new OpenAI({ baseURL: place.baseUrl, apiKey: place.apiKey, maxRetries: 0 });
  };
  const ask = {
    model,
    input: [{ role: "user" as const, content: prompt }],
    store: false,
    include: ["reasoning.encrypted_content" as const],
    reasoning: { effort: "low" as const, summary: "auto" as const },
    tools: [{ type: "function" as const, name: "get_weather", parameters: schema, strict: false }],
  };

  test("reads the same response as JSON and as a stream", async () => {
    const client = await serve();
    const whole = await client.responses.create(ask);
    const streamed = await client.responses.stream(ask).finalResponse();
    const shown = ({ output, usage, status }: OpenAI.Responses.Response) => ({
      status,
      usage,
      items: output.map((item) =>
        item.type === "function_call"
          ? [item.name, item.arguments]
          : [item.type, "summary" in item ? item.summary : null],
      ),
    });
    expect(shown(streamed)).toEqual(shown(whole));
    expect(whole.output.map(({ type }) => type)).toEqual(["reasoning", "function_call"]);
  });

  test("is refused where reasoning was changed or stands alone, or a call has no output", async () => {
    const client = await serve();
    const { output } = await client.responses.create(ask);
    const [reasoning, call] = output;
    if (reasoning?.type !== "reasoning" || call?.type !== "function_call") {
      throw new Error("the model reasons and calls");
    }
    const result = { type: "function_call_output" as const, call_id: call.call_id, output: "mild" };
    const again = (...items: readonly OpenAI.Responses.ResponseInputItem[]) =>
      refusal(client.responses.create({ ...ask, input: [...ask.input, ...items] }));
    expect(await again(reasoning, call, result)).toBeNull();
    const forged = await again({ ...reasoning, encrypted_content: "Zm9yZ2Vk" }, call, result);
    expect(forged).toBeInstanceOf(APIError);
    expect(forged).toMatchObject({ code: "invalid_encrypted_content" });
    expect(String(await again(reasoning, { role: "user", content: "Go on." }))).toContain(
      "without its required following item",
    );
    expect(String(await again(reasoning, call))).toContain("No tool output found");
    expect(String(await again(result))).toContain("No tool call found");
  });
});

describe("Google's own client", () => {
  const serve = async () => {
    const vendor = "google" as const;
    const { place } = await start({
      vendor,
      offerings: [offering({ providerModelId: "gemini-3-train", wires: ["generate_content"] })],
    });
    const baseUrl = place.baseUrl.replace(/\/v1beta$/u, "");
    return new GoogleGenAI({ apiKey: place.apiKey, httpOptions: { baseUrl } });
  };
  const ask = {
    model: "gemini-3-train",
    contents: [{ role: "user", parts: [{ text: prompt }] }],
    config: {
      thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 },
      tools: [{ functionDeclarations: [{ name: "get_weather", parametersJsonSchema: schema }] }],
    },
  };

  test("reads the same answer as JSON and as a stream", async () => {
    const client = await serve();
    const whole = await client.models.generateContent(ask);
    expect(whole.functionCalls?.map(({ name }) => name)).toEqual(["get_weather"]);
    let thoughts = "";
    let last = whole;
    const calls = [];
    for await (const chunk of await client.models.generateContentStream(ask)) {
      last = chunk;
      for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
        if (part.thought === true) thoughts += part.text ?? "";
        if (part.functionCall !== undefined) calls.push(part.functionCall);
      }
    }
    expect(calls).toEqual(whole.functionCalls);
    expect(thoughts).toBe(whole.candidates?.[0]?.content?.parts?.[0]?.text);
    expect(last.usageMetadata).toEqual(whole.usageMetadata);
    expect(last.candidates?.[0]?.finishReason).toBe("STOP");
  });

  test("is refused where a signature was lost or changed, or calls and responses differ", async () => {
    const client = await serve();
    const content = (await client.models.generateContent(ask)).candidates?.[0]?.content;
    const response = { functionResponse: { name: "get_weather", response: { output: "mild" } } };
    const again = (signature: string | undefined | null, responses = [response]) => {
      const parts = (content?.parts ?? []).map(({ thoughtSignature, ...part }) => ({
        ...part,
        ...(thoughtSignature === undefined || signature === undefined
          ? {}
          : { thoughtSignature: signature ?? thoughtSignature }),
      }));
      const contents = [
        ...ask.contents,
        { role: "model", parts },
        { role: "user", parts: responses },
      ];
      return refusal(client.models.generateContent({ ...ask, contents }));
    };
    expect(await again(null)).toBeNull();
    expect(String(await again(undefined))).toContain("missing a thought_signature");
    expect(String(await again("Zm9yZ2Vk"))).toContain("not valid");
    expect(String(await again(null, [response, response]))).toContain(
      "number of function response parts is equal",
    );
  });
});
