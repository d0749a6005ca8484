import type { PromptSegment } from "../../cache/prefix-chain.ts";
import { isJsonArray, isJsonObject, textOf } from "../../model/json.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { ModelMessage } from "../../model/model-request.ts";
import { wrongType } from "../fields.ts";
import { isUnchangedCallId } from "../openai-call-id.ts";
import { openAiRoles } from "../openai-roles.ts";
import { badParameter } from "../refusal.ts";

/** What each message costs beside its text, as OpenAI's cookbook counts for its chat models. */
const messageTokens = 3;
/** Sizes OpenAI documents for GPT-4o: 85 at low detail; 85 + 4 tiles of 170 at high. */
const imageTokens = { low: 85, high: 765 };
const audioTokens = 100;
const fileTokens = 250;

const roles: Readonly<Record<string, ModelMessage["role"]>> = {
  ...openAiRoles,
  tool: "tool",
  function: "tool",
};

export type ReadMessages = {
  readonly messages: readonly ModelMessage[];
  readonly segments: readonly PromptSegment[];
};

type Content = { readonly text: string; readonly images: number; segments: PromptSegment[] };

const stringIn = (part: JsonObject, key: string, path: string): string => {
  const value = part[key];
  if (typeof value !== "string") throw wrongType(`${path}.${key}`, "a string", value);
  return value;
};

const readPart = (part: Json, path: string): Content => {
  if (!isJsonObject(part)) throw wrongType(path, "an object", part);
  const type = textOf(part["type"]);
  switch (type) {
    case "text":
    case "refusal": {
      const text = stringIn(part, type, path);
      return { text, images: 0, segments: [{ text, tokens: null }] };
    }
    case "image_url": {
      const image = part["image_url"];
      if (!isJsonObject(image)) throw wrongType(`${path}.image_url`, "an object", image);
      const url = stringIn(image, "url", `${path}.image_url`);
      const tokens = image["detail"] === "low" ? imageTokens.low : imageTokens.high;
      return { text: "", images: 1, segments: [{ text: url, tokens }] };
    }
    case "input_audio":
    case "file": {
      const tokens = type === "file" ? fileTokens : audioTokens;
      return { text: "", images: 0, segments: [{ text: JSON.stringify(part), tokens }] };
    }
    default:
      throw badParameter(
        `${path}.type`,
        `Invalid value: '${type}'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', and 'file'.`,
        "invalid_value",
      );
  }
};

const readContent = (content: Json | undefined, path: string): Content => {
  if (content === undefined || content === null) return { text: "", images: 0, segments: [] };
  if (typeof content === "string") {
    return { text: content, images: 0, segments: [{ text: content, tokens: null }] };
  }
  if (!isJsonArray(content)) throw wrongType(path, "a string or an array", content);
  const parts = content.map((part, at) => readPart(part, `${path}[${at}]`));
  return {
    text: parts
      .map((part) => part.text)
      .filter((text) => text !== "")
      .join("\n"),
    images: parts.reduce((sum, part) => sum + part.images, 0),
    segments: parts.flatMap((part) => part.segments),
  };
};

/**
 * Reads `messages`, and holds OpenAI's rule that every tool call is answered at once and every
 * tool message answers one.
 *
 * @throws Refusal
 */
export const readMessages = (value: Json | undefined): ReadMessages => {
  if (!isJsonArray(value)) throw wrongType("messages", "an array of objects", value);
  if (value.length === 0) {
    throw badParameter(
      "messages",
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      "empty_array",
    );
  }
  const messages: ModelMessage[] = [];
  const segments: PromptSegment[] = [];
  let open = new Map<string, string>();
  const answered = new Map<string, string>();
  value.forEach((message, at) => {
    const path = `messages[${at}]`;
    if (!isJsonObject(message)) throw wrongType(path, "an object", message);
    const name = textOf(message["role"]);
    const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
    if (role === undefined) {
      throw badParameter(
        `${path}.role`,
        `Invalid value: '${name}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
        "invalid_value",
      );
    }
    let toolName: string | null = null;
    if (name === "tool") {
      const id = textOf(message["tool_call_id"]);
      toolName = open.get(id) ?? answered.get(id) ?? null;
      if (toolName === null) {
        throw badParameter(
          `${path}.role`,
          "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
          null,
        );
      }
      open.delete(id);
      answered.set(id, toolName);
    } else {
      refuseOpenCalls(open, path);
      answered.clear();
      if (name === "function" && typeof message["name"] === "string") toolName = message["name"];
    }
    const content = readContent(message["content"], `${path}.content`);
    if (role === "user" && (message["content"] ?? null) === null) {
      throw wrongType(`${path}.content`, "a string or an array", message["content"] ?? undefined);
    }
    messages.push({ role, text: content.text, images: content.images, toolName });
    const author = typeof message["name"] === "string" ? message["name"] : "";
    segments.push({ text: `${role}:${author}`, tokens: messageTokens }, ...content.segments);
    const calls = message["tool_calls"] ?? message["function_call"];
    if (calls !== undefined && calls !== null) {
      segments.push({ text: JSON.stringify(calls), tokens: null });
    }
    if (isJsonArray(message["tool_calls"])) open = readCalls(message["tool_calls"], path);
  });
  refuseOpenCalls(open, `messages[${value.length - 1}]`);
  return { messages, segments: [...segments, { text: "assistant:", tokens: messageTokens }] };
};

const readCalls = (calls: readonly Json[], path: string): Map<string, string> => {
  const open = new Map<string, string>();
  calls.forEach((call, at) => {
    const here = `${path}.tool_calls[${at}]`;
    if (!isJsonObject(call)) throw wrongType(here, "an object", call);
    const callee = call["function"] ?? call["custom"];
    if (!isJsonObject(callee)) throw wrongType(`${here}.function`, "an object", callee);
    const id = stringIn(call, "id", here);
    if (!isUnchangedCallId(id)) {
      throw badParameter(`${here}.id`, `'${id}' is no id that this API gave out.`, null);
    }
    open.set(id, stringIn(callee, "name", `${here}.function`));
    if (call["function"] !== undefined) stringIn(callee, "arguments", `${here}.function`);
  });
  return open;
};

const refuseOpenCalls = (open: ReadonlyMap<string, string>, path: string): void => {
  if (open.size === 0) return;
  throw badParameter(
    `${path}.role`,
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open.keys()].join(", ")}`,
    null,
  );
};
