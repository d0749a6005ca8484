import { present } from "../json/present.ts";
import type {
  HostedTool,
  NeutralMessage,
  NeutralRequest,
  NeutralTool,
  ResponseFormat,
  ToolChoice,
} from "../neutral/request.ts";
import { decodeItems } from "./decode-items.ts";
import type { ResponsesRequest, ResponsesTool } from "./responses-request-schema.ts";

const isOwn = ({ type, name }: ResponsesTool): boolean =>
  (type === "function" || type === "custom") && typeof name === "string";

const decodeTool = (tool: ResponsesTool): NeutralTool => {
  const common = { name: tool.name ?? "", ...present("description", tool.description) };
  if (tool.type === "custom") return { ...common, freeform: present("format", tool.format) };
  return {
    ...common,
    ...present("parameters", tool.parameters),
    ...present("strict", tool.strict),
  };
};

const decodeHosted = (tool: ResponsesTool): HostedTool => ({
  wire: "responses",
  type: tool.type,
  json: tool,
});

const decodeChoice = (choice: ResponsesRequest["tool_choice"]): ToolChoice | undefined => {
  if (choice === undefined) return undefined;
  if (typeof choice === "string") return { kind: choice };
  const { type, name, mode } = choice;
  if ((type === "function" || type === "custom") && typeof name === "string") {
    return { kind: "function", name };
  }
  // A choice among some of the tools says at least whether one must be called.
  if (type === "allowed_tools") return { kind: mode === "required" ? "required" : "auto" };
  return { kind: "required" };
};

const decodeFormat = (
  format: NonNullable<ResponsesRequest["text"]>["format"],
): ResponseFormat | undefined => {
  if (format === undefined || format === null) return undefined;
  if (format.type !== "json_schema") return { kind: format.type };
  const { name, schema, description, strict } = format;
  return {
    kind: "json_schema",
    name,
    schema,
    ...present("description", description),
    ...present("strict", strict),
  };
};

const leadingOf = ({ instructions }: ResponsesRequest): readonly NeutralMessage[] =>
  instructions === undefined
    ? []
    : [{ role: "system", parts: [{ kind: "text", text: instructions }] }];

/** A validated Responses body in neutral form. */
export const decodeResponsesRequest = (request: ResponsesRequest): NeutralRequest => {
  const { input, tools = [], reasoning, text } = request;
  const items = typeof input === "string" ? [{ role: "user" as const, content: input }] : input;
  const hosted = tools.filter((tool) => !isOwn(tool)).map(decodeHosted);
  const effort = reasoning?.effort === "none" ? "off" : reasoning?.effort;
  const logprobs = request.include?.includes("message.output_text.logprobs") === true;
  return {
    messages: [...leadingOf(request), ...decodeItems(items)],
    tools: tools.filter(isOwn).map(decodeTool),
    ...(hosted.length === 0 ? {} : { hostedTools: hosted }),
    ...present("toolChoice", decodeChoice(request.tool_choice)),
    ...present("parallelToolCalls", request.parallel_tool_calls),
    ...present("responseFormat", decodeFormat(text?.format)),
    ...present("reasoningEffort", effort),
    ...present("reasoningSummary", reasoning?.summary ?? reasoning?.generate_summary),
    ...(request.include?.includes("reasoning.encrypted_content") === true
      ? { wantsEncryptedReasoning: true }
      : {}),
    excludeReasoning: false,
    sampling: {
      ...present("temperature", request.temperature),
      ...present("topP", request.top_p),
      ...present("topK", request.top_k),
      ...present("frequencyPenalty", request.frequency_penalty),
      ...present("presencePenalty", request.presence_penalty),
    },
    ...present("maxOutputTokens", request.max_output_tokens),
    stop: [],
    ...(logprobs || request.top_logprobs !== undefined ? { logprobs: true } : {}),
    ...present("topLogprobs", request.top_logprobs),
    ...present("user", request.user),
    ...present("safetyIdentifier", request.safety_identifier),
    ...present("promptCacheKey", request.prompt_cache_key),
    ...present("promptCacheRetention", request.prompt_cache_retention),
    ...present("verbosity", text?.verbosity),
    ...present("maxToolCalls", request.max_tool_calls),
    legacyFunctions: false,
    extensions: request.extensions ?? {},
  };
};
