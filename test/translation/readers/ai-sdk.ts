import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText, tool, jsonSchema } from "ai";
import type { LanguageModel, ToolSet } from "ai";
import type { Place, Reader, Said } from "../said.ts";
import { question } from "../said.ts";

const finishes: Readonly<Record<string, Said["finish"]>> = {
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
};

/** Recorded answers call tools of their own: whatever they are called is offered, and none is run. */
const toolsNamed = (names: readonly string[]): ToolSet =>
  Object.fromEntries(
    names.map((name) => [name, tool({ inputSchema: jsonSchema({ type: "object" }) })]),
  );

/** The SDK's own word for it, on whatever wire. */
const effort = {
  providerOptions: {
    pointsman: { reasoningEffort: "low" },
    anthropic: { thinking: { type: "enabled", budgetTokens: 1024 } },
  },
};

const reader = (
  name: string,
  modelOf: (place: Place) => LanguageModel,
): ((tools: readonly string[]) => Reader) => {
  const read = async (place: Place, stream: boolean, names: readonly string[]): Promise<Said> => {
    const ask = {
      model: modelOf(place),
      prompt: question,
      maxRetries: 0,
      tools: toolsNamed(place.reasonsWithTools === true ? ["any", ...names] : names),
      ...(place.reasonsWithTools === true ? effort : {}),
    };
    // Failures reject the promises below.
    const result = stream ? streamText({ ...ask, onError: () => {} }) : await generateText(ask);
    const [said, thought, calls, finish, usage] = await Promise.all([
      result.text,
      result.reasoningText,
      result.toolCalls,
      result.finishReason,
      result.usage,
    ]);
    return {
      text: said,
      reasoning: thought ?? "",
      calls: calls
        .filter((call) => call.providerExecuted !== true)
        .map((call) => ({ name: call.toolName, args: call.input as unknown })),
      finish: finishes[finish] ?? "stop",
      usage:
        usage.inputTokens === undefined
          ? null
          : { input: usage.inputTokens, output: usage.outputTokens ?? 0 },
      warnings: [],
    };
  };
  return (names) => ({ name, read: (place, stream) => read(place, stream, names) });
};

/** @ai-sdk/openai-compatible on /chat/completions. */
export const aiSdkChat = reader("@ai-sdk/openai-compatible", ({ baseURL, apiKey, model }) =>
  createOpenAICompatible({ name: "pointsman", baseURL, apiKey, includeUsage: true })(model),
);

/** @ai-sdk/openai on /responses. */
export const aiSdkResponses = reader("@ai-sdk/openai", ({ baseURL, apiKey, model }) =>
  createOpenAI({ baseURL, apiKey })(model),
);

/** @ai-sdk/anthropic on /messages. */
export const aiSdkMessages = reader("@ai-sdk/anthropic", ({ baseURL, apiKey, model }) =>
  createAnthropic({ baseURL, apiKey })(model),
);
