import type { JsonRecord } from "../json/read.ts";
import { hasCacheMarks } from "../neutral/cache-marks.ts";
import type { PlacedMark } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import {
  contentDropped,
  fieldDropped,
  samplingRemoved,
  unsupportedParameter,
} from "../neutral/losses.ts";
import type { NeutralRequest, NeutralTool } from "../neutral/request.ts";
import { encodeThinking } from "./encode-thinking.ts";
import type { Block, EncodedTurns } from "./encode-turns.ts";
import { cacheControl, encodeTurns } from "./encode-turns.ts";
import type { MessagesDialect } from "./messages-dialect.ts";
import { closeObjects } from "./strict-schema.ts";

export type EncodeMessagesOptions = {
  /** The provider's own name of the model. */
  readonly model: string;
  readonly stream: boolean;
  readonly dialect: MessagesDialect;
  /** Cap to send instead of the caller's own; `null` = the caller's, else the model's largest. */
  readonly maxOutputTokens: number | null;
  /** Marks to set if the caller set none. @default none */
  readonly cacheMarks?: readonly PlacedMark[];
  /** Further fields this offering does not take, chat names. @default none */
  readonly unsupportedParameters?: readonly string[];
};

export type EncodedMessagesRequest = {
  readonly body: Readonly<Record<string, unknown>>;
  readonly losses: readonly Loss[];
};

/** Leaves what is `undefined` out. */
const defined = (fields: JsonRecord): Block =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const noParameters = { type: "object", properties: {} };
const freeformSchema = {
  type: "object",
  properties: { input: { type: "string" } },
  required: ["input"],
};

/** The wire insists that the arguments are an object. */
const inputSchema = ({ parameters, freeform }: NeutralTool): JsonRecord => {
  if (freeform !== undefined) return freeformSchema;
  if (parameters === undefined) return noParameters;
  return parameters["type"] === undefined ? { type: "object", ...parameters } : parameters;
};

const encodeTool = (tool: NeutralTool): Block =>
  defined({
    name: tool.name,
    description: tool.description,
    input_schema: inputSchema(tool),
    strict: tool.strict,
    ...cacheControl(tool.cache),
  });

/** https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/web-search-tool */
const webSearchTool = { type: "web_search_20250305", name: "web_search" };

const encodeTools = (request: NeutralRequest, losses: Set<Loss>): readonly Block[] => {
  const tools = request.tools.map(encodeTool);
  if (request.webSearch !== undefined) tools.push(webSearchTool);
  for (const { wire, json } of request.hostedTools ?? []) {
    if (wire === "messages") tools.push({ ...json });
    else losses.add(contentDropped);
  }
  return tools;
};

const choiceTypes = { auto: "auto", required: "any", none: "none" } as const;

const encodeChoice = ({ toolChoice, parallelToolCalls }: NeutralRequest): Block | undefined => {
  const one = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  if (toolChoice === undefined) {
    return parallelToolCalls === false ? { type: "auto", ...one } : undefined;
  }
  if (toolChoice.kind === "function") return { type: "tool", name: toolChoice.name, ...one };
  if (toolChoice.kind === "none") return { type: "none" };
  return { type: choiceTypes[toolChoice.kind], ...one };
};

const encodeSampling = (
  { sampling }: NeutralRequest,
  { sampling: allowed }: MessagesDialect,
  thinks: boolean,
  losses: Set<Loss>,
): JsonRecord => {
  const { temperature, topP, topK } = sampling;
  const fields: Record<string, number | undefined> = { temperature, top_p: topP, top_k: topK };
  const remove = (field: string): void => {
    if (fields[field] === undefined) return;
    delete fields[field];
    losses.add(thinks ? samplingRemoved(field) : unsupportedParameter(field));
  };
  if (allowed === "none") for (const field of Object.keys(fields)) remove(field);
  if (thinks) {
    // While it thinks only its own temperature and a high top_p are taken.
    if (temperature !== 1) remove("temperature");
    remove("top_k");
    if (topP !== undefined && topP < 0.95) remove("top_p");
  }
  if (allowed === "one" && fields["temperature"] !== undefined) remove("top_p");
  const heat = fields["temperature"];
  if (heat !== undefined && heat > 1) {
    // Other wires go to 2.
    fields["temperature"] = 1;
    losses.add({
      type: "unsupported_parameter",
      code: "unsupported_parameter",
      message: `'temperature' ${heat} became 1, the highest this model takes.`,
    });
  }
  return fields;
};

/** Fields of the neutral request that this wire has no word for, by their chat name. */
const withoutWord = (request: NeutralRequest): JsonRecord => ({
  min_p: request.sampling.minP,
  top_a: request.sampling.topA,
  repetition_penalty: request.sampling.repetitionPenalty,
  frequency_penalty: request.sampling.frequencyPenalty,
  presence_penalty: request.sampling.presencePenalty,
  seed: request.sampling.seed,
  logit_bias: request.sampling.logitBias,
  n: request.n === 1 ? undefined : request.n,
  logprobs: request.logprobs === true ? true : undefined,
  top_logprobs: request.topLogprobs,
  verbosity: request.verbosity,
  max_tool_calls: request.maxToolCalls,
});

const encodeFormat = (
  { responseFormat: format }: NeutralRequest,
  { structuredOutput }: MessagesDialect,
  losses: Set<Loss>,
): Block => {
  if (format === undefined || format.kind === "text") return {};
  if (format.kind === "json_schema" && structuredOutput) {
    return { format: { type: "json_schema", schema: closeObjects(format.schema) } };
  }
  losses.add(unsupportedParameter("response_format"));
  return {};
};

/** Most marks of a request: https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching */
const maximumMarks = 4;

/** Each on the last block that takes one, at or before its place. */
const setMarks = (
  tools: readonly Block[],
  lastBlocks: EncodedTurns["lastBlocks"],
  marks: readonly PlacedMark[],
): void => {
  for (const { after, ttl } of marks.slice(-maximumMarks)) {
    const block =
      lastBlocks.slice(0, after + 1).findLast((one) => one !== undefined) ?? tools.at(-1);
    // Five minutes are the default.
    if (block !== undefined) Object.assign(block, cacheControl(ttl === "5m" ? {} : { ttl }));
  }
};

const nativeFields = (request: NeutralRequest, losses: Set<Loss>): JsonRecord => {
  const { native } = request;
  if (native === undefined) return {};
  if (native.wire === "messages") return native.fields;
  for (const field of Object.keys(native.fields)) losses.add(fieldDropped(field));
  return {};
};

/**
 * Body for Anthropic's POST /v1/messages; what the wire or the model cannot say is left out, each with a
 * loss. Fields: https://docs.anthropic.com/en/api/messages
 */
export const encodeMessagesRequest = (
  request: NeutralRequest,
  options: EncodeMessagesOptions,
): EncodedMessagesRequest => {
  const { model, stream, dialect } = options;
  const losses = new Set<Loss>();
  for (const [field, value] of Object.entries(withoutWord(request))) {
    if (value !== undefined) losses.add(unsupportedParameter(field));
  }
  const cap = options.maxOutputTokens ?? request.maxOutputTokens ?? dialect.maxOutputTokens;
  const { system, turns, lastBlocks } = encodeTurns(request.messages, losses);
  const tools = encodeTools(request, losses);
  if (options.cacheMarks !== undefined && !hasCacheMarks(request)) {
    setMarks(tools, lastBlocks, options.cacheMarks);
  }
  const thinking = encodeThinking(request, dialect, cap, losses);
  const output = {
    ...(thinking.fields.effort === undefined ? {} : { effort: thinking.fields.effort }),
    ...encodeFormat(request, dialect, losses),
  };
  const userId = request.user ?? request.safetyIdentifier;
  // Sequences of nothing but blanks are refused.
  const stop = request.stop.filter((sequence) => sequence.trim() !== "");
  if (stop.length < request.stop.length) losses.add(unsupportedParameter("stop"));
  const optional = defined({
    ...encodeSampling(request, dialect, thinking.isOn, losses),
    stop_sequences: stop.length === 0 ? undefined : stop,
    tools: tools.length === 0 ? undefined : tools,
    // Without tools there is nothing to choose.
    tool_choice: tools.length === 0 ? undefined : encodeChoice(request),
    thinking: thinking.fields.thinking,
    output_config: Object.keys(output).length === 0 ? undefined : output,
    metadata: userId === undefined ? undefined : { user_id: userId },
    cache_control: cacheControl(request.cache)["cache_control"],
  });
  for (const field of options.unsupportedParameters ?? []) {
    if (!Object.hasOwn(optional, field)) continue;
    delete optional[field];
    losses.add(unsupportedParameter(field));
  }
  const body = {
    ...nativeFields(request, losses),
    model,
    max_tokens: cap,
    messages: turns,
    ...(system.length === 0 ? {} : { system }),
    ...optional,
    ...(stream ? { stream: true } : {}),
  };
  return { body, losses: [...losses] };
};
