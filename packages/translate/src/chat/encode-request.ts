import type { Loss } from "../neutral/loss.ts";
import { effortAdjusted, unsupportedParameter } from "../neutral/losses.ts";
import { askedEffort, budgetOfEffort, nearestEffort } from "../neutral/reasoning-budget.ts";
import type {
  NeutralRequest,
  NeutralTool,
  ReasoningEffort,
  ResponseFormat,
  ToolChoice,
} from "../neutral/request.ts";
import type { ChatDialect } from "./chat-dialect.ts";
import { encodeChatMessages } from "./encode-messages.ts";

export type EncodeChatRequestOptions = {
  /** The provider's own name of the model. */
  readonly model: string;
  readonly stream: boolean;
  readonly dialect: ChatDialect;
  /** Cap to send instead of the caller's own; `null` = the caller's. */
  readonly maxOutputTokens: number | null;
  /** Further fields this offering does not take. @default none */
  readonly unsupportedParameters?: readonly string[];
};

export type EncodedChatRequest = {
  readonly body: Readonly<Record<string, unknown>>;
  readonly losses: readonly Loss[];
};

const canonicalEfforts = ["minimal", "low", "medium", "high", "xhigh"];

/** The word for an effort; the nearest lower level, else the lowest, where it is not understood. */
const encodeEffort = (
  effort: ReasoningEffort,
  dialect: ChatDialect,
  losses: Loss[],
): string | undefined => {
  if (effort === "off") return dialect.reasoningOffWord ?? undefined;
  const understood = dialect.reasoningEfforts ?? canonicalEfforts;
  const word = nearestEffort(effort, understood);
  if (word !== undefined && word !== effort) losses.push(effortAdjusted(effort, word));
  return word;
};

/** Fields that say whether to think, and how much. */
const encodeThinking = (
  request: NeutralRequest,
  dialect: ChatDialect,
  losses: Loss[],
): Readonly<Record<string, unknown>> => {
  const effort = askedEffort(request);
  if (effort === undefined) return {};
  const { thinkingSwitch } = dialect;
  if (thinkingSwitch === "enable_thinking") {
    if (effort === "off") return { enable_thinking: false };
    const asked = request.reasoningBudgetTokens;
    // Without a budget the model thinks as long as it likes.
    const budget = asked ?? (effort === "max" ? undefined : budgetOfEffort(effort, Infinity));
    return { enable_thinking: true, thinking_budget: budget };
  }
  const word = encodeEffort(effort, dialect, losses);
  if (thinkingSwitch === null) {
    if (word === undefined && effort !== "off") {
      losses.push(unsupportedParameter("reasoning_effort"));
    }
    return { reasoning_effort: word };
  }
  if (effort === "off") return { thinking: { type: "disabled" } };
  if (word === undefined) losses.push(effortAdjusted(effort, "enabled"));
  return { thinking: { type: "enabled" }, reasoning_effort: word };
};

const encodeTool = ({ name, description, parameters, strict }: NeutralTool): unknown => ({
  type: "function",
  function: {
    name,
    ...(description === undefined ? {} : { description }),
    // Some vendors insist on a schema where a tool takes no arguments.
    parameters: parameters ?? { type: "object", properties: {} },
    ...(strict === undefined ? {} : { strict }),
  },
});

const encodeToolChoice = (choice: ToolChoice | undefined): unknown =>
  choice?.kind === "function"
    ? { type: "function", function: { name: choice.name } }
    : choice?.kind;

const encodeFormat = (format: ResponseFormat | undefined): unknown => {
  if (format === undefined) return undefined;
  if (format.kind !== "json_schema") return { type: format.kind };
  const { kind, ...schema } = format;
  return { type: kind, json_schema: schema };
};

/** Optional fields by wire name; `undefined` = not asked for. */
const optionalFields = (
  request: NeutralRequest,
  dialect: ChatDialect,
  losses: Loss[],
): Readonly<Record<string, unknown>> => {
  const { sampling, stop } = request;
  // Without tools there is nothing to choose, and vendors refuse the field.
  const hasTools = request.tools.length > 0;
  return {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    min_p: sampling.minP,
    top_a: sampling.topA,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    repetition_penalty: sampling.repetitionPenalty,
    seed: sampling.seed,
    logit_bias: sampling.logitBias,
    stop: stop.length === 0 ? undefined : stop,
    n: request.n === 1 ? undefined : request.n,
    logprobs: request.logprobs,
    top_logprobs: request.topLogprobs,
    ...encodeThinking(request, dialect, losses),
    tools: hasTools ? request.tools.map((tool) => encodeTool(tool)) : undefined,
    tool_choice: hasTools ? encodeToolChoice(request.toolChoice) : undefined,
    parallel_tool_calls: hasTools ? request.parallelToolCalls : undefined,
    response_format: encodeFormat(request.responseFormat),
    user: request.user,
    safety_identifier: request.safetyIdentifier,
    prompt_cache_key: request.promptCacheKey,
    prompt_cache_retention: request.promptCacheRetention,
    verbosity: request.verbosity,
    web_search_options: request.webSearch,
  };
};

/** Body for a vendor's chat wire; what the vendor does not take is left out, each with a loss. */
export const encodeChatRequest = (
  request: NeutralRequest,
  options: EncodeChatRequestOptions,
): EncodedChatRequest => {
  const { model, stream, dialect } = options;
  const refused = new Set([
    ...dialect.unsupportedParameters,
    ...(options.unsupportedParameters ?? []),
    ...(dialect.n ? [] : ["n"]),
  ]);
  const losses: Loss[] = [];
  const messages = encodeChatMessages(request.messages, dialect, losses);
  const body: Record<string, unknown> = { model, messages };
  for (const [field, value] of Object.entries(optionalFields(request, dialect, losses))) {
    if (value === undefined) continue;
    if (refused.has(field)) losses.push(unsupportedParameter(field));
    else body[field] = value;
  }
  const cap = options.maxOutputTokens ?? request.maxOutputTokens;
  if (cap !== undefined) body[dialect.maxTokensField] = cap;
  if (stream) {
    body["stream"] = true;
    if (dialect.streamOptions) body["stream_options"] = { include_usage: true };
  }
  return { body, losses };
};
