import { present } from "../json/present.ts";
import type {
  HostedTool,
  NeutralMessage,
  NeutralRequest,
  NeutralTool,
  ToolChoice,
} from "../neutral/request.ts";
import { cacheOf } from "./decode-blocks.ts";
import { decodeSystem, decodeTurns } from "./decode-turns.ts";
import { messagesNativeFields } from "./messages-request-schema.ts";
import type { MessagesRequest, MessagesTool } from "./messages-request-schema.ts";

type CustomTool = Extract<MessagesTool, { input_schema: unknown }>;

const isCustom = (tool: MessagesTool): tool is CustomTool =>
  tool.type === undefined || tool.type === null || tool.type === "custom";

const decodeTool = (tool: CustomTool): NeutralTool => ({
  name: tool.name,
  ...present("description", tool.description),
  parameters: tool.input_schema,
  ...present("strict", tool.strict),
  ...cacheOf(tool.cache_control),
});

const decodeHosted = (tool: MessagesTool): HostedTool => ({
  wire: "messages",
  type: tool.type ?? "custom",
  json: tool,
});

const decodeChoice = (choice: MessagesRequest["tool_choice"]): ToolChoice | undefined => {
  if (choice === undefined) return undefined;
  switch (choice.type) {
    case "any":
      return { kind: "required" };
    case "tool":
      return { kind: "function", name: choice.name };
    default:
      return { kind: choice.type };
  }
};

const disablesParallel = (choice: MessagesRequest["tool_choice"]): boolean | undefined =>
  choice !== undefined && choice.type !== "none" && choice.disable_parallel_tool_use === true
    ? false
    : undefined;

type Reasoning = Pick<
  NeutralRequest,
  "reasoningEffort" | "reasoningBudgetTokens" | "adaptiveReasoning"
>;

const decodeReasoning = ({ thinking, output_config: output }: MessagesRequest): Reasoning => {
  if (thinking?.type === "disabled") return { reasoningEffort: "off" };
  return {
    ...present("reasoningEffort", output?.effort),
    ...(thinking?.type === "adaptive" ? { adaptiveReasoning: true } : {}),
    ...(thinking?.type === "enabled" ? { reasoningBudgetTokens: thinking.budget_tokens } : {}),
  };
};

const decodeNativeFields = (request: MessagesRequest): NeutralRequest["native"] => {
  const fields = Object.fromEntries(
    messagesNativeFields.flatMap((field) =>
      request[field] === undefined ? [] : [[field, request[field]]],
    ),
  );
  return Object.keys(fields).length === 0 ? undefined : { wire: "messages", fields };
};

/** A validated Messages body in neutral form. */
export const decodeMessagesRequest = (request: MessagesRequest): NeutralRequest => {
  const { system, tools = [], output_config: output } = request;
  const leading: readonly NeutralMessage[] =
    system === undefined ? [] : [{ role: "system", parts: decodeSystem(system) }];
  const hosted = tools.filter((tool) => !isCustom(tool)).map(decodeHosted);
  const schema = output?.format?.schema;
  return {
    messages: [...leading, ...decodeTurns(request.messages)],
    tools: tools.filter(isCustom).map(decodeTool),
    ...(hosted.length === 0 ? {} : { hostedTools: hosted }),
    ...present("toolChoice", decodeChoice(request.tool_choice)),
    ...present("parallelToolCalls", disablesParallel(request.tool_choice)),
    ...(schema === undefined
      ? {}
      : { responseFormat: { kind: "json_schema", name: "output", schema } as const }),
    ...decodeReasoning(request),
    excludeReasoning: false,
    sampling: {
      ...present("temperature", request.temperature),
      ...present("topP", request.top_p),
      ...present("topK", request.top_k),
    },
    ...present("maxOutputTokens", request.max_tokens),
    stop: request.stop_sequences ?? [],
    ...present("user", request.metadata?.user_id),
    ...present("cache", cacheOf(request.cache_control).cache),
    legacyFunctions: false,
    extensions: request.extensions ?? {},
    ...present("native", decodeNativeFields(request)),
  };
};
