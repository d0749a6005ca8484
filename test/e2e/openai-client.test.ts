import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";

/** The official client, nothing changed but its base URL and key. */
describe("the openai client over the simulated world", () => {
  let served: Served;
  let client: OpenAI;

  beforeAll(async () => {
    served = await serve();
    client = new OpenAI({
      baseURL: served.ready.url,
      apiKey: served.ready.key ?? "",
      maxRetries: 0,
    });
  });

  afterAll(async () => {
    expect(await served.stop()).toBe(0);
  });

  it("creates a completion, with routing metadata and an exact cost", async () => {
    const answer = await client.chat.completions.create({
      model: "gpt-4o",
      messages: [{ role: "user", content: "Repeat exactly: The points are set." }],
    });
    expect(answer.choices[0]?.message.content).toBe("The points are set.");
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    const { routing_metadata: metadata, usage } = answer as unknown as Metadata;
    expect(metadata).toMatchObject({
      provider: "invented_cloud",
      provider_model_id: "gpt-4o",
      model_canonical: "gpt-4o",
      routing_strategy: "cost-focus",
    });
    // The invented place asks 2.25 and 9 dollars per million tokens.
    const picoUsd = usage.prompt_tokens * 2_250_000 + usage.completion_tokens * 9_000_000;
    expect(metadata.cost.usd).toBe(picoUsd / 1e12);
    expect(metadata).not.toHaveProperty("ttft_ms");
    expect(metadata).not.toHaveProperty("attempts");
  });

  it("streams the same answer, usage and metadata last", async () => {
    const stream = await client.chat.completions.create({
      model: "gpt-4o",
      stream: true,
      messages: [{ role: "user", content: "Repeat exactly: One, two,\n  three – über 漢字." }],
    });
    let text = "";
    let last: unknown;
    const ids = new Set<string>();
    for await (const chunk of stream) {
      ids.add(chunk.id);
      text += chunk.choices[0]?.delta.content ?? "";
      last = chunk;
    }
    expect(text).toBe("One, two,\n  three – über 漢字.");
    expect(ids.size).toBe(1);
    const { routing_metadata: metadata, usage, choices } = last as Metadata;
    expect(choices).toEqual([]);
    const picoUsd = usage.prompt_tokens * 2_250_000 + usage.completion_tokens * 9_000_000;
    expect(metadata.cost.usd).toBe(picoUsd / 1e12);
    expect(metadata.ttft_ms).toBeGreaterThan(0);
    expect(metadata.throughput_tps).toBeGreaterThan(0);
  });

  it("answers the client's stream helper with a folded completion", async () => {
    const runner = client.chat.completions.stream({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: "Repeat exactly: folded" }],
    });
    expect(await runner.finalContent()).toBe("folded");
  });

  it("calls tools with valid arguments", async () => {
    const answer = await client.chat.completions.create({
      model: "gpt-4o",
      messages: [{ role: "user", content: "What is the weather in Bern?" }],
      tool_choice: "required",
      tools: [
        {
          type: "function",
          function: {
            name: "weather",
            parameters: {
              type: "object",
              properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } },
              required: ["city", "days"],
            },
          },
        },
      ],
    });
    const [call] = answer.choices[0]?.message.tool_calls ?? [];
    if (call?.type !== "function") throw new Error("expected a function call");
    expect(call.function.name).toBe("weather");
    const args = JSON.parse(call.function.arguments) as { city: unknown; days: unknown };
    expect(args.city).toBeTypeOf("string");
    expect(args.days).toBeGreaterThanOrEqual(1);
    expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
  });

  it("lists and retrieves models", async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toEqual(served.ready.models);
    expect(ids).toEqual(
      expect.arrayContaining([
        "gpt-4o",
        "gpt-4o-mini",
        "claude-sonnet-4-6",
        "claude-sonnet-4-20250514",
        "gemini-2.5-flash",
        "gpt-oss-120b",
        "kimi-k2.6",
        "glm-4.7",
        "deepseek-v3.2",
      ]),
    );
    const model = await client.models.retrieve("gpt-4o");
    expect(model).toMatchObject({ id: "gpt-4o", object: "model", owned_by: "pointsman" });
  });

  it("raises typed errors", async () => {
    const stranger = new OpenAI({ baseURL: served.ready.url, apiKey: "sk-wrong", maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "Hi" }];

    const unauthorized = await caught(
      stranger.chat.completions.create({ model: "gpt-4o", messages }),
    );
    expect(unauthorized).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(unauthorized).toMatchObject({ status: 401, code: "invalid_api_key" });

    const unknown = await caught(client.chat.completions.create({ model: "gpt-4oo", messages }));
    expect(unknown).toBeInstanceOf(OpenAI.NotFoundError);
    expect(unknown).toMatchObject({ status: 404, code: "model_not_found", param: "model" });
    expect(unknown.error).toMatchObject({
      suggestion: expect.stringContaining("gpt-4o") as string,
    });

    const malformed = await caught(
      client.chat.completions.create({
        model: "gpt-4o",
        messages: [{ role: "wizard" as "user", content: "Hi" }],
      }),
    );
    expect(malformed).toBeInstanceOf(OpenAI.BadRequestError);
    expect(malformed).toMatchObject({
      status: 400,
      code: "invalid_parameter_value",
      param: "messages[0].role",
      type: "invalid_request_error",
    });
    expect(malformed.requestID).toMatch(/^req_/);

    const missing = await caught(client.models.retrieve("no/such model"));
    expect(missing).toBeInstanceOf(OpenAI.NotFoundError);
  });
});

type Metadata = {
  readonly choices: readonly unknown[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
  readonly routing_metadata: {
    readonly cost: { readonly usd: number };
    readonly ttft_ms: number;
    readonly throughput_tps: number;
  };
};

const caught = async (promise: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> => {
  const error: unknown = await promise.then(
    () => new Error("expected a failure"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OpenAI.APIError)) throw error;
  return error;
};
