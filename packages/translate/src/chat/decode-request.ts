import type {
  NeutralRequest,
  NeutralTool,
  ResponseFormat,
  Sampling,
  ToolChoice,
} from "../neutral/request.ts";
import type { ChatRequest } from "./chat-request-schema.ts";
import { decodeChatMessages } from "./decode-messages.ts";
import { present } from "../json/present.ts";

/** The caller's own cap: the smaller of the two fields. */
export const callerMaxOutputTokens = (
  chat: Pick<ChatRequest, "max_tokens" | "max_completion_tokens">,
): number | undefined => {
  const { max_tokens: old, max_completion_tokens: completion } = chat;
  if (old === undefined) return completion;
  return completion === undefined ? old : Math.min(old, completion);
};

/** The caller speaks of functions, not of tools. */
export const usesLegacyFunctions = (chat: ChatRequest): boolean =>
  chat.functions !== undefined || chat.function_call !== undefined;

const decodeTool = (definition: NonNullable<ChatRequest["functions"]>[number]): NeutralTool => ({
  name: definition.name,
  ...present("description", definition.description),
  ...present("parameters", definition.parameters),
  ...present("strict", definition.strict),
});

const decodeTools = (chat: ChatRequest): readonly NeutralTool[] => {
  const definitions = chat.tools?.map((tool) => tool.function) ?? chat.functions ?? [];
  return definitions.map((definition) => decodeTool(definition));
};

const decodeToolChoice = (chat: ChatRequest): ToolChoice | undefined => {
  const choice = chat.tool_choice;
  if (choice !== undefined) {
    return typeof choice === "string"
      ? { kind: choice }
      : { kind: "function", name: choice.function.name };
  }
  const legacy = chat.function_call;
  if (legacy === undefined) return undefined;
  return typeof legacy === "string" ? { kind: legacy } : { kind: "function", name: legacy.name };
};

const decodeResponseFormat = (chat: ChatRequest): ResponseFormat | undefined => {
  const format = chat.response_format;
  if (format === undefined) return undefined;
  if (format.type !== "json_schema") return { kind: format.type };
  const { name, schema, description, strict } = format.json_schema;
  return {
    kind: "json_schema",
    name,
    schema,
    ...present("description", description),
    ...present("strict", strict),
  };
};

const decodeSampling = (chat: ChatRequest): Sampling => ({
  ...present("temperature", chat.temperature),
  ...present("topP", chat.top_p),
  ...present("topK", chat.top_k),
  ...present("minP", chat.min_p),
  ...present("topA", chat.top_a),
  ...present("frequencyPenalty", chat.frequency_penalty),
  ...present("presencePenalty", chat.presence_penalty),
  ...present("repetitionPenalty", chat.repetition_penalty),
  ...present("seed", chat.seed),
  ...present("logitBias", chat.logit_bias),
});

const decodeStop = (stop: ChatRequest["stop"]): readonly string[] =>
  typeof stop === "string" ? [stop] : (stop ?? []);

/** A validated chat body in neutral form; keys it does not know are left behind. */
export const decodeChatRequest = (chat: ChatRequest): NeutralRequest => {
  const legacy = usesLegacyFunctions(chat);
  const effort = chat.reasoning_effort === "none" ? "off" : chat.reasoning_effort;
  return {
    messages: decodeChatMessages(chat.messages),
    tools: decodeTools(chat),
    ...present("toolChoice", decodeToolChoice(chat)),
    // The legacy form knows one call a turn.
    ...present("parallelToolCalls", legacy ? false : chat.parallel_tool_calls),
    ...present("responseFormat", decodeResponseFormat(chat)),
    ...present("reasoningEffort", effort),
    excludeReasoning: chat.reasoning?.exclude === true,
    sampling: decodeSampling(chat),
    ...present("maxOutputTokens", callerMaxOutputTokens(chat)),
    stop: decodeStop(chat.stop),
    ...present("n", chat.n),
    ...present("logprobs", chat.logprobs),
    ...present("topLogprobs", chat.top_logprobs),
    ...present("user", chat.user),
    ...present("safetyIdentifier", chat.safety_identifier),
    ...present("promptCacheKey", chat.prompt_cache_key),
    ...present("promptCacheRetention", chat.prompt_cache_retention),
    ...present("verbosity", chat.verbosity),
    ...present("webSearch", chat.web_search_options),
    legacyFunctions: legacy,
    extensions: chat.extensions ?? {},
  };
};
