import Anthropic from "@anthropic-ai/sdk";
import type { Json, Reader, Said } from "../said.ts";
import { asJson, count, objects, question, text, warningsOf } from "../said.ts";

const finishes: Readonly<Record<string, Said["finish"]>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

/** All that was read in, all that came out; rounds beside the last are billed too. */
const usageOf = (usage: Json): Said["usage"] => {
  const rounds = objects(usage["iterations"]).filter(
    ({ type }) => type === "message" || type === "compaction",
  );
  const billed = rounds.length > 0 ? rounds : [usage];
  const sum = (...keys: readonly string[]): number =>
    billed.reduce((total, round) => keys.reduce((s, key) => s + count(round[key]), total), 0);
  return {
    input: sum("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"),
    output: sum("output_tokens"),
  };
};

const saidOf = (message: Json): Said => {
  const content = objects(message["content"]);
  const ofType = (type: string): readonly Json[] =>
    content.filter((block) => block["type"] === type);
  return {
    text: ofType("text")
      .map((block) => text(block["text"]))
      .join(""),
    reasoning: ofType("thinking")
      .map((block) => text(block["thinking"]))
      .join(""),
    calls: ofType("tool_use").map((block) => ({ name: text(block["name"]), args: block["input"] })),
    finish: finishes[text(message["stop_reason"])] ?? "stop",
    usage: usageOf(asJson(message["usage"])),
    warnings: warningsOf(message),
  };
};

/** The Anthropic client; of a stream what its helper adds up. */
export const anthropicMessages: Reader = {
  name: "anthropic messages",
  read: async ({ baseURL, apiKey, model, reasonsWithTools }, stream) => {
    // The client adds /v1 itself.
    const root = baseURL.replace(/\/v1$/u, "");
    const client = new Anthropic({ baseURL: root, apiKey, maxRetries: 0 });
    const body = {
      model,
      max_tokens: 4000,
      ...(reasonsWithTools === true
        ? { thinking: { type: "enabled" as const, budget_tokens: 1024 } }
        : {}),
      messages: [{ role: "user" as const, content: question }],
    };
    if (!stream) return saidOf(asJson(await client.messages.create(body)));
    const running = client.messages.stream(body);
    let metadata: unknown;
    running.on("streamEvent", (event) => {
      metadata = asJson(event)["routing_metadata"] ?? metadata;
    });
    const message = await running.finalMessage();
    return { ...saidOf(asJson(message)), warnings: warningsOf({ routing_metadata: metadata }) };
  },
};
