import { isJsonObject } from "../../model/json.ts";
import type { JsonObject } from "../../model/json.ts";
import { optionalBoolean, optionalNumber, optionalObject, optionalString } from "../fields.ts";
import { readMessages } from "./read-messages.ts";
import { readFormat, readStop, readToolChoice, readTools } from "./read-tools.ts";
import { badParameter, Refusal } from "../refusal.ts";
import type { WireRequest } from "../wire.ts";

/** What only the chat wire asks for. */
export type ChatExtras = {
  readonly includeUsage: boolean;
  /** Alternatives asked for with each token; `null` = no log probabilities. */
  readonly topLogprobs: number | null;
};

const readEffort = (body: JsonObject): string | null => {
  const effort = optionalString(body, "reasoning_effort");
  if (effort !== null) return effort;
  const thinking = body["thinking"];
  const type = isJsonObject(thinking) ? thinking["type"] : undefined;
  if (type === "enabled" || body["enable_thinking"] === true) return "medium";
  return type === "disabled" || body["enable_thinking"] === false ? "none" : null;
};

const readLogprobs = (body: JsonObject): number | null => {
  const top = optionalNumber(body, "top_logprobs", { minimum: 0, maximum: 20, whole: true });
  if (optionalBoolean(body, "logprobs") === true) return top ?? 0;
  if (top === null) return null;
  throw badParameter(
    "top_logprobs",
    "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
    null,
  );
};

const readStreamOptions = (body: JsonObject, stream: boolean): boolean => {
  const options = optionalObject(body, "stream_options");
  if (options === null) return false;
  if (!stream) {
    throw badParameter(
      "stream_options",
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      null,
    );
  }
  return optionalBoolean(options, "include_usage") ?? false;
};

/**
 * Reads the body of `POST /v1/chat/completions`.
 *
 * @throws Refusal with OpenAI's wording for what OpenAI refuses
 */
export const readChatRequest = (body: JsonObject): WireRequest & ChatExtras => {
  const model = optionalString(body, "model");
  if (model === null || model === "") {
    throw new Refusal({ status: 400, message: "you must provide a model parameter" });
  }
  const { messages, segments } = readMessages(body["messages"]);
  const tools = readTools(body);
  const stream = optionalBoolean(body, "stream") ?? false;
  const count = { minimum: 1, whole: true };
  const limits = ["max_tokens", "max_completion_tokens"].flatMap(
    (key) => optionalNumber(body, key, count) ?? [],
  );
  optionalNumber(body, "temperature", { minimum: 0, maximum: 2 });
  optionalNumber(body, "top_p", { minimum: 0, maximum: 1 });
  optionalNumber(body, "frequency_penalty", { minimum: -2, maximum: 2 });
  optionalNumber(body, "presence_penalty", { minimum: -2, maximum: 2 });
  const extras = [body["tools"], body["response_format"]].filter((part) => isPresent(part));
  return {
    model,
    stream,
    includeUsage: readStreamOptions(body, stream),
    choices: optionalNumber(body, "n", { ...count, maximum: 128 }) ?? 1,
    maxTokens: limits.length === 0 ? null : Math.min(...limits),
    stop: readStop(body),
    topLogprobs: readLogprobs(body),
    effort: readEffort(body),
    reasonsUnasked: true,
    marks: null,
    serviceTier: optionalString(body, "service_tier"),
    prompt: {
      messages,
      tools,
      toolChoice: readToolChoice(body, tools),
      parallelToolCalls: optionalBoolean(body, "parallel_tool_calls") ?? true,
      format: readFormat(body),
      seed: optionalNumber(body, "seed", { minimum: Number.MIN_SAFE_INTEGER, whole: true }),
    },
    segments: [
      ...extras.map((part) => ({ text: JSON.stringify(part), tokens: null })),
      ...segments,
    ],
    parameters: Object.keys(body).filter((key) => isPresent(body[key])),
  };
};

const isPresent = (value: unknown): boolean => value !== undefined && value !== null;
