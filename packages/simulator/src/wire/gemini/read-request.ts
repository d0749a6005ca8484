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
import type { Route, WireRequest } from "../wire.ts";
import { readContents } from "./read-contents.ts";

/** https://ai.google.dev/api/generate-content */
const known = new Set([
  "contents",
  "tools",
  "toolConfig",
  "safetySettings",
  "systemInstruction",
  "generationConfig",
  "cachedContent",
  "labels",
  "serviceTier",
  "store",
]);

const knownInConfig = new Set([
  "stopSequences",
  "responseMimeType",
  "responseSchema",
  "responseJsonSchema",
  "responseModalities",
  "candidateCount",
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "seed",
  "presencePenalty",
  "frequencyPenalty",
  "responseLogprobs",
  "logprobs",
  "enableEnhancedCivicAnswers",
  "speechConfig",
  "thinkingConfig",
  "imageConfig",
  "mediaResolution",
]);

/** What only the Gemini wire asks for. */
export type GeminiExtras = { readonly includesThoughts: boolean };

const unknownName = (key: string, at: string): Error =>
  badRequest(`Invalid JSON payload received. Unknown name "${key}"${at}: Cannot find field.`);

/** Schemas of the older form name their types in capitals. */
const lowerTypes = (schema: Json): Json => {
  if (isJsonArray(schema)) return schema.map(lowerTypes);
  if (!isJsonObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === "type" && typeof value === "string" ? value.toLowerCase() : lowerTypes(value),
    ]),
  );
};

const readTools = (body: JsonObject): readonly ModelTool[] =>
  (optionalArray(body, "tools") ?? []).flatMap((tool) => {
    if (!isJsonObject(tool)) throw badRequest("Invalid value at 'tools'");
    return (optionalArray(tool, "functionDeclarations") ?? []).map((declared, at): ModelTool => {
      if (!isJsonObject(declared)) throw badRequest("Invalid value at 'function_declarations'");
      const name = declared["name"];
      if (typeof name !== "string" || !/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/u.test(name)) {
        throw badRequest(
          `* GenerateContentRequest.tools[0].function_declarations[${at}].name: Invalid function name. Must start with a letter or an underscore.`,
        );
      }
      const { parameters, parametersJsonSchema } = declared;
      if (parameters !== undefined && parametersJsonSchema !== undefined) {
        throw badRequest("Only one of parameters and parameters_json_schema may be set.");
      }
      const schema = lowerTypes(parameters ?? parametersJsonSchema ?? {});
      return { name, parameters: { type: "object", ...(isJsonObject(schema) ? schema : {}) } };
    });
  });

const readChoice = (body: JsonObject, tools: readonly ModelTool[]): ToolChoice => {
  const config = optionalObject(body, "toolConfig");
  const calling = config === null ? null : optionalObject(config, "functionCallingConfig");
  const mode = textOf(calling?.["mode"] ?? "AUTO");
  const allowed = (calling === null ? null : optionalArray(calling, "allowedFunctionNames")) ?? [];
  if (allowed.length > 0 && mode !== "ANY" && mode !== "VALIDATED") {
    throw badRequest(
      "Allowed function names should only be set when function calling mode is ANY.",
    );
  }
  switch (mode) {
    case "AUTO":
    case "VALIDATED":
      return { mode: "auto" };
    case "NONE":
      return { mode: "none" };
    case "ANY": {
      const [name] = allowed;
      if (name === undefined) return { mode: "required" };
      if (typeof name !== "string" || !tools.some((tool) => tool.name === name)) {
        throw badRequest(`Allowed function name '${textOf(name)}' is not declared.`);
      }
      return { mode: "named", name };
    }
    default:
      throw badRequest(`Invalid value at 'tool_config.function_calling_config.mode': "${mode}"`);
  }
};

const readFormat = (config: JsonObject): AnswerFormat => {
  const mime = optionalString(config, "responseMimeType") ?? "text/plain";
  const schema = config["responseJsonSchema"] ?? config["responseSchema"];
  if (mime === "text/plain") {
    if (schema !== undefined) {
      throw badRequest(
        'Unsupported: response_schema with response_mime_type: "text/plain". Use "application/json".',
      );
    }
    return { kind: "text" };
  }
  if (mime !== "application/json") throw badRequest(`Unsupported response mime type: ${mime}`);
  return schema === undefined
    ? { kind: "json_object" }
    : { kind: "json_schema", schema: asSchema(lowerTypes(schema)) };
};

const readThinking = (config: JsonObject): { effort: string | null; includesThoughts: boolean } => {
  const thinking = optionalObject(config, "thinkingConfig");
  if (thinking === null) return { effort: null, includesThoughts: false };
  const includesThoughts = optionalBoolean(thinking, "includeThoughts") ?? false;
  const level = optionalString(thinking, "thinkingLevel")?.toLowerCase() ?? null;
  const budget = optionalNumber(thinking, "thinkingBudget", { minimum: -1, whole: true });
  if (level !== null && budget !== null) {
    throw badRequest("You can only set only one of thinking budget and thinking level.");
  }
  if (level !== null) return { effort: level, includesThoughts };
  if (budget === null) return { effort: null, includesThoughts };
  if (budget === 0) return { effort: "none", includesThoughts };
  return { effort: budget < 0 ? "medium" : effortOfBudget(budget), includesThoughts };
};

/**
 * Reads the body of `generateContent`, `streamGenerateContent` or `countTokens`.
 *
 * @throws Refusal with Google's wording for what Google refuses
 */
export const readGeminiRequest = (body: JsonObject, route: Route): WireRequest & GeminiExtras => {
  refuseUnknown(body, known, (key) => unknownName(key, ""));
  const config = optionalObject(body, "generationConfig") ?? {};
  refuseUnknown(config, knownInConfig, (key) => unknownName(key, " at 'generation_config'"));
  const model = route.model ?? "";
  const { messages, segments } = readContents(body, model.startsWith("gemini-3"));
  const tools = readTools(body);
  const { effort, includesThoughts } = readThinking(config);
  const stop = (optionalArray(config, "stopSequences") ?? []).map((one) => textOf(one));
  if (stop.length > 5) throw badRequest("Too many stop sequences: at most 5 are allowed.");
  const temperature = optionalNumber(config, "temperature", { minimum: 0, maximum: 2 });
  const topP = optionalNumber(config, "topP", { minimum: 0, maximum: 1 });
  return {
    model,
    stream: route.stream ?? false,
    choices: optionalNumber(config, "candidateCount", { minimum: 1, maximum: 8, whole: true }) ?? 1,
    maxTokens: optionalNumber(config, "maxOutputTokens", { minimum: 1, whole: true }),
    stop,
    effort,
    reasonsUnasked: true,
    serviceTier: optionalString(body, "serviceTier"),
    prompt: {
      messages,
      tools,
      toolChoice: readChoice(body, tools),
      parallelToolCalls: true,
      format: readFormat(config),
      seed: optionalNumber(config, "seed", { minimum: Number.MIN_SAFE_INTEGER, whole: true }),
    },
    segments: [
      ...(tools.length === 0 ? [] : [{ text: JSON.stringify(body["tools"]), tokens: null }]),
      ...segments,
      { text: "model:", tokens: 2 },
    ],
    marks: null,
    parameters: [
      ...(temperature === null ? [] : ["temperature"]),
      ...(topP === null ? [] : ["top_p"]),
      ...(stop.length > 0 ? ["stop"] : []),
      ...(tools.length > 0 ? ["tools"] : []),
    ],
    includesThoughts,
  };
};
