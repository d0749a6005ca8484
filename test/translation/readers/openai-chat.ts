import OpenAI from "openai";
import type { Json, Place, Reader, Said } from "../said.ts";
import { asJson, count, objects, parseArguments, question, text, warningsOf } from "../said.ts";

const messages = [{ role: "user" as const, content: question }];

const demands = ({ reasonsWithTools }: Place) =>
  reasonsWithTools === true
    ? {
        reasoning_effort: "low" as const,
        tools: [{ type: "function" as const, function: { name: "any", parameters: {} } }],
      }
    : {};

const clientOf = ({ baseURL, apiKey }: Place): OpenAI =>
  new OpenAI({ baseURL, apiKey, maxRetries: 0 });

const usageOf = (usage: unknown): Said["usage"] => {
  const { prompt_tokens: input, completion_tokens: output } = asJson(usage);
  return usage === null || usage === undefined
    ? null
    : { input: count(input), output: count(output) };
};

// The words of the chat wire are ours.
const finishOf = (reason: unknown): Said["finish"] => reason as Said["finish"];

const whole = async (place: Place): Promise<Said> => {
  const answer = await clientOf(place).chat.completions.create({
    model: place.model,
    messages,
    ...demands(place),
  });
  const choice = answer.choices[0];
  const message: Json = asJson(choice?.message);
  return {
    text: text(message["content"]),
    reasoning: text(message["reasoning_content"]),
    calls: objects(message["tool_calls"]).map((call) => {
      const { name, arguments: json } = asJson(call["function"]);
      return { name: text(name), args: parseArguments(text(json)) };
    }),
    finish: finishOf(choice?.finish_reason),
    usage: usageOf(answer.usage),
    warnings: warningsOf(answer),
  };
};

const streamed = async (place: Place): Promise<Said> => {
  const stream = await clientOf(place).chat.completions.create({
    model: place.model,
    messages,
    ...demands(place),
    stream: true,
  });
  let said = "";
  let thought = "";
  let finish: unknown;
  let last: unknown;
  const calls = new Map<number, { name: string; json: string }>();
  for await (const chunk of stream) {
    last = chunk;
    for (const choice of chunk.choices) {
      const delta: Json = asJson(choice.delta);
      said += text(delta["content"]);
      thought += text(delta["reasoning_content"]);
      finish = choice.finish_reason ?? finish;
      for (const call of choice.delta.tool_calls ?? []) {
        const seen = calls.get(call.index) ?? { name: "", json: "" };
        seen.name ||= call.function?.name ?? "";
        seen.json += call.function?.arguments ?? "";
        calls.set(call.index, seen);
      }
    }
  }
  return {
    text: said,
    reasoning: thought,
    calls: [...calls.values()].map(({ name, json }) => ({ name, args: parseArguments(json) })),
    finish: finishOf(finish),
    usage: usageOf(asJson(last)["usage"]),
    warnings: warningsOf(last),
  };
};

/** The openai client on /chat/completions. */
export const openAiChat: Reader = {
  name: "openai chat.completions",
  read: (place, stream) => (stream ? streamed(place) : whole(place)),
};
