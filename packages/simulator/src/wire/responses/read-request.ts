import { isJsonObject, textOf } from "../../model/json.ts";
import type { JsonObject } from "../../model/json.ts";
import type { AnswerFormat, ModelTool, ToolChoice } from "../../model/model-request.ts";
import { asSchema } from "../../model/schema/resolve-reference.ts";
import {
  functionName,
  functionTool,
  optionalArray,
  optionalBoolean,
  optionalNumber,
  optionalObject,
  optionalString,
  refuseUnknown,
  wrongType,
} from "../fields.ts";
import { badParameter, Refusal } from "../refusal.ts";
import type { WireRequest } from "../wire.ts";
import { readItems } from "./read-items.ts";

/** https://platform.openai.com/docs/api-reference/responses/create */
const known = new Set([
  "background",
  "context_management",
  "conversation",
  "include",
  "input",
  "instructions",
  "max_output_tokens",
  "max_tool_calls",
  "metadata",
  "model",
  "parallel_tool_calls",
  "previous_response_id",
  "prompt",
  "prompt_cache_key",
  "prompt_cache_retention",
  "reasoning",
  "safety_identifier",
  "service_tier",
  "store",
  "stream",
  "stream_options",
  "temperature",
  "text",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "truncation",
  "user",
]);

/** https://platform.openai.com/docs/api-reference/responses/create#responses_create-max_output_tokens */
const smallestLimit = 16;

/** What only the Responses wire asks for. */
export type ResponsesExtras = {
  readonly sealsReasoning: boolean;
  readonly summarises: boolean;
  /** Fields that a response repeats. */
  readonly echoed: JsonObject;
};

const readTools = (body: JsonObject): readonly ModelTool[] =>
  (optionalArray(body, "tools") ?? []).map((tool, at) => {
    const path = `tools[${at}]`;
    const { name: given, parameters } = functionTool(tool, path);
    const name = functionName(given, `${path}.name`);
    return {
      name,
      parameters: { type: "object", ...(isJsonObject(parameters) ? parameters : {}) },
    };
  });

const readChoice = (body: JsonObject, tools: readonly ModelTool[]): ToolChoice => {
  const choice = body["tool_choice"];
  if (choice === undefined || choice === null || choice === "auto") return { mode: "auto" };
  if (choice === "none") return { mode: "none" };
  if (tools.length === 0) {
    throw badParameter(
      "tool_choice",
      "Tool choice '" + textOf(choice) + "' must be specified with 'tools' parameter.",
      null,
    );
  }
  if (choice === "required") return { mode: "required" };
  const name = isJsonObject(choice) && choice["type"] === "function" ? choice["name"] : undefined;
  if (typeof name === "string" && tools.some((tool) => tool.name === name)) {
    return { mode: "named", name };
  }
  throw badParameter(
    "tool_choice",
    `Tool choice '${textOf(name ?? choice)}' not found in 'tools' parameter.`,
    null,
  );
};

const readFormat = (body: JsonObject): AnswerFormat => {
  const text = optionalObject(body, "text");
  const format = text === null ? null : optionalObject(text, "format");
  switch (textOf(format === null ? "text" : format["type"])) {
    case "text":
      return { kind: "text" };
    case "json_object":
      return { kind: "json_object" };
    case "json_schema": {
      if (typeof format?.["name"] !== "string") {
        throw badParameter(
          "text.format.name",
          "Missing required parameter: 'text.format.name'.",
          "missing_required_parameter",
        );
      }
      const schema = format["schema"];
      if (!isJsonObject(schema)) throw wrongType("text.format.schema", "an object", schema);
      return { kind: "json_schema", schema: asSchema(schema) };
    }
    default:
      throw badParameter(
        "text.format.type",
        "Invalid value for 'text.format.type'. Supported values are: 'json_object', 'json_schema', and 'text'.",
        "invalid_value",
      );
  }
};

/**
 * Reads the body of `POST /v1/responses`.
 *
 * @throws Refusal with OpenAI's wording for what OpenAI refuses
 */
export const readResponsesRequest = (body: JsonObject): WireRequest & ResponsesExtras => {
  refuseUnknown(body, known, (key) =>
    badParameter(key, `Unknown parameter: '${key}'.`, "unknown_parameter"),
  );
  const model = optionalString(body, "model");
  if (model === null || model === "") {
    throw new Refusal({
      status: 400,
      message: "Missing required parameter: 'model'.",
      param: "model",
      code: "missing_required_parameter",
    });
  }
  const previous = optionalString(body, "previous_response_id");
  if (previous !== null) {
    throw new Refusal({
      status: 400,
      message: `Previous response with id '${previous}' not found.`,
      param: "previous_response_id",
      code: "previous_response_not_found",
    });
  }
  const instructions = optionalString(body, "instructions");
  const { messages, segments } = readItems(body["input"]);
  const tools = readTools(body);
  const reasoning = optionalObject(body, "reasoning");
  const summary = reasoning === null ? null : optionalString(reasoning, "summary");
  const include = (optionalArray(body, "include") ?? []).map((one) => textOf(one));
  const maxTokens = optionalNumber(body, "max_output_tokens", {
    minimum: smallestLimit,
    whole: true,
  });
  const temperature = optionalNumber(body, "temperature", { minimum: 0, maximum: 2 });
  const topP = optionalNumber(body, "top_p", { minimum: 0, maximum: 1 });
  const parallelToolCalls = optionalBoolean(body, "parallel_tool_calls") ?? true;
  const head =
    instructions === null
      ? []
      : [{ role: "system" as const, text: instructions, images: 0, toolName: null }];
  return {
    model,
    stream: optionalBoolean(body, "stream") ?? false,
    choices: 1,
    maxTokens,
    stop: [],
    effort: reasoning === null ? null : optionalString(reasoning, "effort"),
    reasonsUnasked: true,
    serviceTier: optionalString(body, "service_tier"),
    prompt: {
      messages: [...head, ...messages],
      tools,
      toolChoice: readChoice(body, tools),
      parallelToolCalls,
      format: readFormat(body),
      seed: null,
    },
    segments: [
      ...(tools.length === 0 ? [] : [{ text: JSON.stringify(body["tools"]), tokens: null }]),
      ...(instructions === null ? [] : [{ text: instructions, tokens: null }]),
      ...segments,
      { text: "assistant:", tokens: 3 },
    ],
    marks: null,
    parameters: [
      ...(temperature === null ? [] : ["temperature"]),
      ...(topP === null ? [] : ["top_p"]),
      ...(tools.length > 0 ? ["tools"] : []),
    ],
    sealsReasoning: include.includes("reasoning.encrypted_content"),
    summarises: summary !== null,
    echoed: {
      instructions,
      max_output_tokens: maxTokens,
      parallel_tool_calls: parallelToolCalls,
      previous_response_id: null,
      reasoning: { effort: reasoning?.["effort"] ?? null, summary },
      store: optionalBoolean(body, "store") ?? true,
      temperature: temperature ?? 1,
      text: optionalObject(body, "text") ?? { format: { type: "text" } },
      tool_choice: body["tool_choice"] ?? "auto",
      tools: body["tools"] ?? [],
      top_p: topP ?? 1,
      truncation: "disabled",
      metadata: {},
    },
  };
};
