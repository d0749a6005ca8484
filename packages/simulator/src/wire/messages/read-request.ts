import type { IncomingHttpHeaders } from "node:http";
import type { PromptSegment } from "../../cache/prefix-chain.ts";
import { isJsonArray, isJsonObject, textOf } from "../../model/json.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { AnswerFormat, ModelTool, ToolChoice } from "../../model/model-request.ts";
import { asSchema } from "../../model/schema/resolve-reference.ts";
import { effortOfBudget } from "../effort-of-budget.ts";
import {
  optionalArray,
  optionalBoolean,
  optionalNumber,
  optionalObject,
  optionalString,
  refuseUnknown,
} from "../fields.ts";
import { badRequest } from "../refusal.ts";
import type { CacheMarks, Route, WireRequest } from "../wire.ts";
import { readTurns } from "./read-turns.ts";

/** https://docs.claude.com/en/api/messages */
const known = new Set([
  "model",
  "messages",
  "max_tokens",
  "cache_control",
  "container",
  "context_management",
  "inference_geo",
  "mcp_servers",
  "metadata",
  "output_config",
  "output_format",
  "service_tier",
  "speed",
  "stop_sequences",
  "stream",
  "system",
  "temperature",
  "thinking",
  "tool_choice",
  "tools",
  "top_k",
  "top_p",
]);

const maximumMarks = 4;
const smallestBudget = 1024;

type Thinking = { readonly effort: string; readonly isOn: boolean };

const readThinking = (body: JsonObject, maxTokens: number): Thinking => {
  const thinking = optionalObject(body, "thinking");
  const output = optionalObject(body, "output_config");
  const effort = output === null ? null : optionalString(output, "effort");
  const type = thinking === null ? "disabled" : thinking["type"];
  switch (type) {
    case "disabled":
      return { effort: "none", isOn: false };
    case "adaptive":
      return { effort: effort ?? "high", isOn: true };
    case "enabled": {
      const budget = thinking?.["budget_tokens"];
      if (typeof budget !== "number" || !Number.isInteger(budget) || budget < smallestBudget) {
        throw badRequest(
          `thinking.enabled.budget_tokens: Input should be greater than or equal to ${smallestBudget}`,
        );
      }
      if (budget >= maxTokens) {
        throw badRequest(
          "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size",
        );
      }
      return { effort: effort ?? effortOfBudget(budget), isOn: true };
    }
    default:
      throw badRequest(
        `thinking: Input tag '${textOf(type)}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'`,
      );
  }
};

const readTools = (body: JsonObject): readonly ModelTool[] =>
  (optionalArray(body, "tools") ?? []).map((tool, at) => {
    if (!isJsonObject(tool)) throw badRequest(`tools.${at}: Input should be an object`);
    const { name, input_schema: schema, type } = tool;
    if (type !== undefined && type !== null && type !== "custom") {
      throw badRequest(`tools.${at}: this model has no tool of type '${textOf(type)}'`);
    }
    if (typeof name !== "string" || !/^[a-zA-Z0-9_-]{1,128}$/u.test(name)) {
      throw badRequest(
        `tools.${at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`,
      );
    }
    if (!isJsonObject(schema)) throw badRequest(`tools.${at}.custom.input_schema: Field required`);
    if (schema["type"] !== "object") {
      throw badRequest(`tools.${at}.custom.input_schema.type: Input should be 'object'`);
    }
    return { name, parameters: { ...schema, type: "object" } };
  });

type Choice = { readonly toolChoice: ToolChoice; readonly parallelToolCalls: boolean };

const readChoice = (body: JsonObject, tools: readonly ModelTool[], thinks: boolean): Choice => {
  const choice = optionalObject(body, "tool_choice");
  if (choice === null) return { toolChoice: { mode: "auto" }, parallelToolCalls: true };
  const { type, name } = choice;
  const parallelToolCalls = choice["disable_parallel_tool_use"] !== true;
  if (tools.length === 0 && type !== "none") {
    throw badRequest("tool_choice: may only be specified while providing tools");
  }
  if (thinks && (type === "any" || type === "tool")) {
    throw badRequest("Thinking may not be enabled when tool_choice forces tool use.");
  }
  switch (type) {
    case "auto":
    case "none":
      return { toolChoice: { mode: type }, parallelToolCalls };
    case "any":
      return { toolChoice: { mode: "required" }, parallelToolCalls };
    case "tool":
      if (typeof name !== "string" || !tools.some((tool) => tool.name === name)) {
        throw badRequest(`Tool '${textOf(name)}' not found in provided tools`);
      }
      return { toolChoice: { mode: "named", name }, parallelToolCalls };
    default:
      throw badRequest(
        `tool_choice: Input tag '${textOf(type)}' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'`,
      );
  }
};

const readFormat = (body: JsonObject): AnswerFormat => {
  const output = optionalObject(body, "output_config");
  const format =
    (output === null ? null : optionalObject(output, "format")) ??
    optionalObject(body, "output_format");
  if (format === null) return { kind: "text" };
  if (format["type"] !== "json_schema" || !isJsonObject(format["schema"])) {
    throw badRequest("output_config.format: Input should be {type: 'json_schema', schema}");
  }
  return { kind: "json_schema", schema: asSchema(format["schema"]) };
};

/** How many marks a value carries, at any depth but inside schemas and inputs. */
const isMarked = (value: Json | undefined): value is JsonObject =>
  isJsonObject(value) && isJsonObject(value["cache_control"]);

const ttlOf = (value: Json | undefined): "5m" | "1h" => {
  const mark = isMarked(value) ? value["cache_control"] : null;
  if (!isJsonObject(mark)) return "5m";
  if (mark["type"] !== "ephemeral") {
    throw badRequest("cache_control.type: Input should be 'ephemeral'");
  }
  return mark["ttl"] === "1h" ? "1h" : "5m";
};

/**
 * Reads the body of `POST /v1/messages` or of a count.
 *
 * @throws Refusal with Anthropic's wording for what Anthropic refuses
 */
export const readMessagesRequest = (
  body: JsonObject,
  route: Route,
  headers: IncomingHttpHeaders,
): WireRequest => {
  if (headers["anthropic-version"] === undefined) {
    throw badRequest("anthropic-version: header is required");
  }
  refuseUnknown(body, known, (key) => badRequest(`${key}: Extra inputs are not permitted`));
  const model = optionalString(body, "model");
  if (model === null) throw badRequest("model: Field required");
  const maxTokens = optionalNumber(body, "max_tokens", { minimum: 1, whole: true });
  if (maxTokens === null && route.purpose === "answer") {
    throw badRequest("max_tokens: Field required");
  }
  const thinking = readThinking(body, maxTokens ?? Infinity);
  const temperature = optionalNumber(body, "temperature", { minimum: 0, maximum: 1 });
  if (thinking.isOn && temperature !== null && temperature !== 1) {
    throw badRequest("`temperature` may only be set to 1 when thinking is enabled.");
  }
  const topP = optionalNumber(body, "top_p", { minimum: 0, maximum: 1 });
  const topK = optionalNumber(body, "top_k", { minimum: 0, whole: true });
  if (thinking.isOn && topK !== null) {
    throw badRequest("`top_k` must be unset when thinking is enabled.");
  }
  if (thinking.isOn && topP !== null && topP < 0.95) {
    throw badRequest("`top_p` must be greater than or equal to 0.95 or unset when thinking is on.");
  }
  const tools = readTools(body);
  const segments: PromptSegment[] = [];
  let marks: CacheMarks = { segments: 0, ttl: "5m" };
  let markCount = 0;
  const add = (added: readonly PromptSegment[], marked: Json | undefined): void => {
    segments.push(...added);
    if (!isMarked(marked)) return;
    markCount += 1;
    marks = { segments: segments.length, ttl: ttlOf(marked) };
  };
  for (const tool of optionalArray(body, "tools") ?? []) {
    add([{ text: JSON.stringify(withoutMark(tool)), tokens: null }], tool);
  }
  const { system } = body;
  const systemBlocks = typeof system === "string" ? [{ type: "text", text: system }] : system;
  let systemText = "";
  if (systemBlocks !== undefined && systemBlocks !== null) {
    if (!isJsonArray(systemBlocks)) throw badRequest("system: Input should be a valid string");
    systemBlocks.forEach((block, at) => {
      if (!isJsonObject(block) || typeof block["text"] !== "string") {
        throw badRequest(`system.${at}.text: Field required`);
      }
      if (block["text"] === "") {
        throw badRequest("system: text content blocks must be non-empty");
      }
      systemText += block["text"];
      add([{ text: block["text"], tokens: null }], block);
    });
  }
  const { messages } = readTurns(body["messages"], thinking.isOn, add);
  if (isMarked(body)) add([], body);
  if (markCount > maximumMarks) {
    throw badRequest(
      `A maximum of ${maximumMarks} blocks with cache_control may be provided. Found ${markCount}.`,
    );
  }
  const stop = (optionalArray(body, "stop_sequences") ?? []).map((one, at) => {
    if (typeof one === "string" && one.trim() !== "") return one;
    throw badRequest(`stop_sequences.${at}: each stop sequence must contain non-whitespace`);
  });
  return {
    model,
    stream: optionalBoolean(body, "stream") ?? false,
    choices: 1,
    maxTokens,
    stop,
    effort: thinking.effort,
    reasonsUnasked: false,
    serviceTier: body["speed"] === "fast" ? "priority" : null,
    prompt: {
      messages:
        systemText === ""
          ? messages
          : [{ role: "system", text: systemText, images: 0, toolName: null }, ...messages],
      tools,
      ...readChoice(body, tools, thinking.isOn),
      format: readFormat(body),
      seed: null,
    },
    segments: [...segments, { text: "assistant:", tokens: 3 }],
    marks,
    parameters: [
      ...(temperature === null ? [] : ["temperature"]),
      ...(topP === null ? [] : ["top_p"]),
      ...(topK === null ? [] : ["top_k"]),
      ...(tools.length > 0 ? ["tools"] : []),
      ...(stop.length > 0 ? ["stop"] : []),
    ],
  };
};

const withoutMark = (value: Json): Json => {
  if (!isJsonObject(value)) return value;
  const { cache_control: _, ...rest } = value;
  return rest;
};
