import { createPointsman } from "@pointsman/ai-sdk-provider";
import type { PointsmanMetadata, PointsmanProvider } from "@pointsman/ai-sdk-provider";
import { createMemoryStores } from "@pointsman/store";
import {
  APICallError,
  generateText,
  jsonSchema,
  NoSuchModelError,
  Output,
  stepCountIs,
  streamText,
  tool,
} from "ai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { answers, calls, drips, fails, json, says, story } from "../failover/upstream.ts";
import type { Act } from "../failover/upstream.ts";
import { until } from "../failover/until.ts";

let lab: Lab;
let provider: PointsmanProvider;
const open = async (specs: Parameters<typeof startLab>[0] = ["chat", "chat"]): Promise<void> => {
  lab = await startLab(specs, { stores: createMemoryStores() });
  provider = createPointsman({ apiKey: "pk-lab", baseURL: lab.url });
};
beforeEach(() => open());
afterEach(() => lab.close());

const prompt = "Which track is the express on today?";
const said = story.join("");
const ownOf = (metadata: unknown): PointsmanMetadata =>
  (metadata as { pointsman?: PointsmanMetadata } | undefined)?.pointsman ?? {};
const bodyAt = (at: number): Record<string, unknown> =>
  JSON.parse(lab.upstreams[0]?.attempts[at]?.body ?? "{}") as Record<string, unknown>;

const wires = {
  chat: (id: string) => provider.chat(id),
  responses: (id: string) => provider.responses(id),
};

describe.each(["chat", "responses"] as const)("%s", (wire) => {
  test("a text, with routing metadata, usage and the reason of its end", async () => {
    const result = await generateText({ model: wires[wire]("lab"), prompt });
    expect(result.text).toBe(said);
    expect(result.finishReason).toBe("stop");
    expect(result.usage).toMatchObject({ inputTokens: 11, outputTokens: 8 });
    const own = ownOf(result.providerMetadata);
    expect(own.routing_metadata).toMatchObject({ provider: "p0", cost: { usd: 0.000_027 } });
    expect(own.request_id).toMatch(/^req_/u);
  });

  test("a stream, with the same at its end", async () => {
    const result = streamText({ model: wires[wire]("lab"), prompt });
    let text = "";
    for await (const delta of result.textStream) text += delta;
    expect(text).toBe(said);
    expect(await result.usage).toMatchObject({ inputTokens: 11, outputTokens: 8 });
    const own = ownOf(await result.providerMetadata);
    expect(own.routing_metadata).toMatchObject({ provider: "p0" });
    expect(own.routing_metadata?.ttft_ms).toBeGreaterThan(0);
    expect(own.request_id).toMatch(/^req_/u);
  });

  test("options of the call go over those of the model", async () => {
    const settings = { gateway: { routing: { prefer: "p1", max_fallback_attempts: 1 } } };
    const model = provider[wire]("lab", settings);
    const first = await generateText({ model, prompt });
    expect(ownOf(first.providerMetadata).routing_metadata?.provider).toBe("p1");
    const second = await generateText({
      model,
      prompt,
      providerOptions: { pointsman: { gateway: { routing: { providers: ["p0"] } } } },
    });
    expect(ownOf(second.providerMetadata).routing_metadata?.provider).toBe("p0");
  });

  test("several models stand in for one", async () => {
    const model = provider[wire]("any", { models: ["nobody", "lab"] });
    const result = await generateText({ model, prompt });
    expect(ownOf(result.providerMetadata).routing_metadata?.model_canonical).toBe("lab");
    const told = (result.warnings ?? []).map((warning) => JSON.stringify(warning));
    expect(told.join(" ")).toContain("nobody");
  });

  test("an error is one of the API's, retryable as the gateway says", async () => {
    const model = wires[wire]("nobody");
    const error: unknown = await generateText({ model, prompt, maxRetries: 0 }).catch(
      (reason: unknown) => reason,
    );
    if (!APICallError.isInstance(error)) throw new Error(String(error));
    expect(error).toMatchObject({ statusCode: 404, isRetryable: false });
    expect(error.responseBody).toContain("model_not_found");
    for (const upstream of lab.upstreams) upstream.play(fails(500));
    const again = wires[wire]("lab");
    const failed: unknown = await generateText({ model: again, prompt, maxRetries: 0 }).catch(
      (reason: unknown) => reason,
    );
    expect(failed).toMatchObject({ statusCode: 502, isRetryable: true });
  });

  test("a loop with a tool", async () => {
    lab.upstreams[0]?.play(calls(answers), says(["It rains."]));
    const result = await generateText({
      model: wires[wire]("lab"),
      prompt,
      tools: {
        get_weather: tool({
          inputSchema: jsonSchema<{ city: string }>({
            type: "object",
            properties: { city: { type: "string" } },
            required: ["city"],
          }),
          execute: async ({ city }) => `rain in ${city}`,
        }),
      },
      stopWhen: stepCountIs(3),
    });
    expect(result.text).toBe("It rains.");
    expect(JSON.stringify(bodyAt(1))).toContain("rain in Olten");
  });

  test("a stream that is left ends the call at the provider within a second", async () => {
    lab.upstreams[0]?.play(drips(50));
    const controller = new AbortController();
    const result = streamText({
      model: wires[wire]("lab"),
      prompt,
      abortSignal: controller.signal,
      onError: () => {},
    });
    const reading = (async () => {
      for await (const delta of result.textStream) if (delta !== "") controller.abort();
    })();
    await reading.catch(() => {});
    const leftMs = performance.now();
    await until(() => lab.upstreams[0]?.attempts[0]?.aborted === true);
    expect(performance.now() - leftMs).toBeLessThan(1000);
  });
});

test("an answer of a form", async () => {
  lab.upstreams[0]?.play(says(['{"track"', ":9}"]));
  await lab.close();
  await open([{ wire: "chat", model: { capabilities: { structured_output: true } } }]);
  lab.upstreams[0]?.play(says(['{"track"', ":9}"]));
  const result = await generateText({
    model: provider("lab"),
    prompt,
    output: Output.object({
      schema: jsonSchema<{ track: number }>({
        type: "object",
        properties: { track: { type: "number" } },
        required: ["track"],
        additionalProperties: false,
      }),
    }),
  });
  expect(result.output).toEqual({ track: 9 });
  expect(bodyAt(0)["response_format"]).toMatchObject({ type: "json_schema" });
});

describe("what a provider signs comes back to it", () => {
  const thinking = { type: "thinking", thinking: "Track nine?", signature: "c2lnbmVk" };
  const call = { type: "tool_use", id: "toolu_1", name: "get_weather", input: { city: "Olten" } };
  const usage = { input_tokens: 11, output_tokens: 8 };
  const event = (type: string, rest: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  const block = (index: number, start: object, deltas: readonly object[]): string =>
    [
      event("content_block_start", { index, content_block: start }),
      ...deltas.map((delta) => event("content_block_delta", { index, delta })),
      event("content_block_stop", { index }),
    ].join("");
  /** A turn of Anthropic's that thinks, then calls a tool. */
  const thinksAndCalls: Act = (scene) => {
    const head = { id: "msg_1", type: "message", role: "assistant", model: "m", usage };
    if (!scene.stream) {
      return json({
        ...head,
        content: [thinking, call],
        stop_reason: "tool_use",
        stop_sequence: null,
      })(scene);
    }
    scene.response.writeHead(200, { "content-type": "text/event-stream" });
    scene.response.end(
      [
        event("message_start", {
          message: { ...head, content: [], stop_reason: null, stop_sequence: null },
        }),
        block(0, { type: "thinking", thinking: "", signature: "" }, [
          { type: "thinking_delta", thinking: thinking.thinking },
          { type: "signature_delta", signature: thinking.signature },
        ]),
        block(1, { ...call, input: {} }, [
          { type: "input_json_delta", partial_json: JSON.stringify(call.input) },
        ]),
        event("message_delta", { delta: { stop_reason: "tool_use", stop_sequence: null }, usage }),
        event("message_stop", {}),
      ].join(""),
    );
  };
  const tools = {
    get_weather: tool({
      inputSchema: jsonSchema<{ city: string }>({
        type: "object",
        properties: { city: { type: "string" } },
      }),
      execute: async ({ city }) => `rain in ${city}`,
    }),
  };

  test.each([false, true])("stream: %s", async (stream) => {
    await lab.close();
    await open([{ wire: "messages", model: { capabilities: { tools: true, reasoning: true } } }]);
    lab.upstreams[0]?.play(thinksAndCalls, says(["It rains."]));
    const asked = {
      model: provider("lab", { reasoning_effort: "high" }),
      prompt,
      tools,
      stopWhen: stepCountIs(3),
      maxOutputTokens: 4000,
    };
    if (stream) {
      const result = streamText(asked);
      await result.consumeStream();
      expect(await result.text).toBe("It rains.");
    } else {
      const result = await generateText(asked);
      expect(result.text).toBe("It rains.");
      expect(result.steps[0]?.reasoningText).toBe("Track nine?");
    }
    const second = bodyAt(1)["messages"] as readonly { role: string; content: unknown }[];
    expect(second[1]).toMatchObject({
      role: "assistant",
      content: [thinking, { type: "tool_use", name: "get_weather", input: { city: "Olten" } }],
    });
  });
});

test("there are no other kinds of models", () => {
  expect(() => provider.embeddingModel("lab")).toThrow(NoSuchModelError);
  expect(() => provider.imageModel("lab")).toThrow(NoSuchModelError);
  expect(provider("lab").provider).toBe("pointsman.chat");
  expect(provider.responses("lab").provider).toBe("pointsman.responses");
});

test("without a key the first call says so", async () => {
  const keyless = createPointsman({ baseURL: lab.url, apiKey: "" });
  const named = createPointsman({ baseURL: lab.url, name: "rail" });
  expect(named("lab").provider).toBe("rail.chat");
  await expect(generateText({ model: keyless("lab"), prompt, maxRetries: 0 })).rejects.toThrow();
});
