import OpenAI from "openai";
import type { Json, Reader, Said } from "../said.ts";
import { asJson, count, objects, parseArguments, question, text, warningsOf } from "../said.ts";

const finishOf = (response: Json, calls: number): Said["finish"] => {
  if (response["status"] === "incomplete") {
    const { reason } = asJson(response["incomplete_details"]);
    return reason === "content_filter" ? "content_filter" : "length";
  }
  return calls > 0 ? "tool_calls" : "stop";
};

const callsOf = (item: Json): Said["calls"] => {
  const name = text(item["name"]);
  if (item["type"] === "function_call") {
    return [{ name, args: parseArguments(text(item["arguments"])) }];
  }
  // xAI's own tools, which it runs itself, come as such items too.
  if (item["type"] !== "custom_tool_call" || name.startsWith("x_")) return [];
  return [{ name, args: { input: text(item["input"]) } }];
};

const reasoningOf = (item: Json): string => {
  if (item["type"] !== "reasoning") return "";
  const parts = [...objects(item["summary"]), ...objects(item["content"])];
  return parts.map((part) => text(part["text"])).join("");
};

/** What a whole response says, as an agent reads it. */
const saidOf = (response: Json): Said => {
  const output = objects(response["output"]);
  const calls = output.flatMap(callsOf);
  const { input_tokens: input, output_tokens: produced } = asJson(response["usage"]);
  const parts = output.flatMap((item) =>
    item["type"] === "message" ? objects(item["content"]) : [],
  );
  return {
    text: parts.map((part) => text(part["text"])).join(""),
    reasoning: output.map(reasoningOf).join(""),
    calls,
    finish: finishOf(response, calls.length),
    usage:
      response["usage"] === null || response["usage"] === undefined
        ? null
        : { input: count(input), output: count(produced) },
    warnings: warningsOf(response),
  };
};

/** The openai client on /responses; of a stream the text of the deltas, the rest of its last event. */
export const openAiResponses: Reader = {
  name: "openai responses",
  read: async ({ baseURL, apiKey, model }, stream) => {
    const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
    if (!stream) {
      return saidOf(asJson(await client.responses.create({ model, input: question })));
    }
    const events = await client.responses.create({ model, input: question, stream: true });
    let said = "";
    let last: Json = {};
    for await (const event of events) {
      if (event.type === "response.output_text.delta") said += event.delta;
      if ("response" in event) last = asJson(event.response);
    }
    if (last["status"] === "failed") throw Object.assign(new Error("failed"), last["error"]);
    // Its deltas are what a client shows; a recording may have lost some of them.
    return { ...saidOf(last), text: said };
  },
};
