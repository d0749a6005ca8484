import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  asSse,
  presetOfVendor,
  recordedChatReplies,
  recordedChatStreams,
} from "../fixtures/wire/load.ts";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";
import { startReplayServer } from "../support/replay-server.ts";
import type { ReplayServer } from "../support/replay-server.ts";

/**
 * Replies that real providers once gave (test/fixtures/wire/ATTRIBUTION.md), behind the gateway and
 * in front of the real client: what the client reads must be what the provider said.
 */
type Json = { readonly [key: string]: unknown };

const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isJson) : [];

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Visible text of a content field: a string, or Mistral's list of parts. */
const visible = (content: unknown): string =>
  typeof content === "string"
    ? content
    : objects(content)
        .filter(({ type }) => type === "text")
        .map(({ text }) => String(text))
        .join("");

const reasoning = (piece: Json): string =>
  [piece["reasoning_content"], piece["reasoning"]].find(
    (r): r is string => typeof r === "string",
  ) ??
  objects(piece["content"])
    .filter(({ type }) => type === "thinking")
    .flatMap(({ thinking }) => objects(thinking).map(({ text }) => String(text)))
    .join("");

type Expected = {
  readonly text: string;
  readonly reasoning: string;
  readonly finish: unknown;
  readonly tools: readonly { readonly name: string; readonly args: unknown }[];
  readonly prompt: number;
  readonly completion: number;
};

/** What a recording says, read without any code of the gateway's. */
const expectedOf = (vendor: string, pieces: readonly Json[], usage: Json | undefined): Expected => {
  const tools: { index: unknown; id: unknown; name: string; args: string }[] = [];
  for (const piece of pieces) {
    for (const [place, call] of objects(piece["tool_calls"]).entries()) {
      const fn = isJson(call["function"]) ? call["function"] : {};
      const index = call["index"] ?? place;
      const id = call["id"];
      const open = tools.findLast((tool) => tool.index === index);
      // Cerebras gives two calls the same index: a new id is a new call.
      const continues = open !== undefined && (!id || id === open.id);
      const tool = continues ? open : { index, id, name: "", args: "" };
      if (!continues) tools.push(tool);
      tool.name ||= text(fn["name"]);
      tool.args += text(fn["arguments"]);
    }
  }
  const details = usage?.["completion_tokens_details"];
  const hidden = isJson(details) ? Number(details["reasoning_tokens"] ?? 0) : 0;
  const completion = Number(usage?.["completion_tokens"] ?? 0);
  const finishes = pieces.map((piece) => piece["finish_reason"]).filter((reason) => reason);
  return {
    text: pieces.map(({ content }) => visible(content)).join(""),
    reasoning: pieces.map(reasoning).join(""),
    finish: tools.length > 0 ? "tool_calls" : finishes.at(-1),
    tools: tools.map(({ name, args }) => ({ name, args: JSON.parse(args || "{}") as unknown })),
    prompt: Number(usage?.["prompt_tokens"] ?? 0),
    // xAI's chat wire counts reasoning beside the completion, everyone else within it.
    completion: vendor === "xai" ? completion + hidden : completion,
  };
};

describe("recorded replies through the gateway", () => {
  let replay: ReplayServer;
  let served: Served;
  let client: OpenAI;

  beforeAll(async () => {
    replay = await startReplayServer();
    const providers = Object.entries(presetOfVendor).map(([vendor, preset]) => [
      `${vendor}_place`,
      {
        kind: "openai-compatible",
        preset,
        baseUrl: replay.baseUrl,
        apiKey: "sk-recorded",
        models: { [`${vendor}-model`]: { id: "recorded", price: { input: 1, output: 2 } } },
      },
    ]);
    served = await serve({
      config: JSON.stringify({
        keys: [{ key: "test-key" }],
        providers: Object.fromEntries(providers),
      }),
    });
    client = new OpenAI({ baseURL: served.ready.url, apiKey: "test-key", maxRetries: 0 });
  });

  afterAll(async () => {
    await served.stop();
    await replay.close();
  });

  const messages = [{ role: "user" as const, content: "Hi" }];

  it("has recordings of every vendor", () => {
    const vendors = [...recordedChatReplies(), ...recordedChatStreams()].map((r) => r.vendor);
    expect(new Set(vendors)).toEqual(new Set(Object.keys(presetOfVendor)));
  });

  it.each(recordedChatReplies())("whole answer $file", async ({ vendor, body }) => {
    const recorded = JSON.parse(body) as Json;
    replay.play({ contentType: "application/json", chunks: [Buffer.from(body)] });
    const answer = await client.chat.completions.create({ model: `${vendor}-model`, messages });
    const [choice] = objects(recorded["choices"]);
    const message = isJson(choice?.["message"]) ? choice["message"] : {};
    const expected = expectedOf(
      vendor,
      [{ ...message, finish_reason: choice?.["finish_reason"] }],
      recorded["usage"] as Json,
    );
    const [read] = answer.choices;
    expect(read?.message.content ?? "").toBe(expected.text);
    expect((read as unknown as { message: Json }).message["reasoning_content"] ?? "").toBe(
      expected.reasoning,
    );
    expect(read?.finish_reason).toBe(expected.finish);
    expect(
      (read?.message.tool_calls ?? []).map((call) =>
        call.type === "function"
          ? { name: call.function.name, args: JSON.parse(call.function.arguments) as unknown }
          : call,
      ),
    ).toEqual(expected.tools);
    expect(answer.usage).toMatchObject({
      prompt_tokens: expected.prompt,
      completion_tokens: expected.completion,
      total_tokens: expected.prompt + expected.completion,
    });
    expect(answer).toHaveProperty("routing_metadata.provider", `${vendor}_place`);
  });

  it.each(recordedChatStreams())("stream $file", async ({ vendor, chunks: lines }) => {
    const recorded = lines.map((line) => JSON.parse(line) as Json);
    const pieces = recorded.flatMap((chunk) =>
      objects(chunk["choices"]).map((choice) => ({
        ...(isJson(choice["delta"]) ? choice["delta"] : {}),
        finish_reason: choice["finish_reason"],
      })),
    );
    const usages = recorded.map(({ usage }) => usage).filter(isJson);
    const expected = expectedOf(vendor, pieces, usages.at(-1));
    // Cut at odd places: no event ends where a read does.
    const sse = Buffer.from(asSse(lines));
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < sse.length; at += 1777) chunks.push(sse.subarray(at, at + 1777));
    replay.play({ contentType: "text/event-stream", chunks });

    const stream = await client.chat.completions.create({
      model: `${vendor}-model`,
      messages,
      stream: true,
    });
    let text = "";
    let thought = "";
    let finish: unknown;
    const tools = new Map<number, { name: string; args: string }>();
    let last: unknown;
    for await (const chunk of stream) {
      last = chunk;
      for (const { delta, finish_reason: reason } of chunk.choices) {
        text += delta.content ?? "";
        thought += ((delta as Json)["reasoning_content"] as string | undefined) ?? "";
        finish = reason ?? finish;
        for (const call of delta.tool_calls ?? []) {
          const seen = tools.get(call.index) ?? { name: "", args: "" };
          seen.name ||= call.function?.name ?? "";
          seen.args += call.function?.arguments ?? "";
          tools.set(call.index, seen);
        }
      }
    }
    expect(text).toBe(expected.text);
    expect(thought).toBe(expected.reasoning);
    expect(finish).toBe(expected.finish);
    expect(
      [...tools.values()].map(({ name, args }) => ({
        name,
        args: JSON.parse(args || "{}") as unknown,
      })),
    ).toEqual(expected.tools);
    if (usages.length > 0) {
      expect(last).toMatchObject({
        choices: [],
        usage: {
          prompt_tokens: expected.prompt,
          completion_tokens: expected.completion,
          total_tokens: expected.prompt + expected.completion,
        },
      });
    } else {
      // Nobody counted: the cost is an estimate, and says so.
      expect(last).toHaveProperty("routing_metadata.cost.estimated", true);
    }
    expect(last).toHaveProperty("routing_metadata.provider", `${vendor}_place`);
  });
});
