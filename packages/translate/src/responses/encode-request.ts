import type { JsonRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";
import {
  contentDropped,
  effortAdjusted,
  fieldDropped,
  unsupportedParameter,
} from "../neutral/losses.ts";
import { askedEffort, nearestEffort } from "../neutral/reasoning-budget.ts";
import type { NeutralRequest, NeutralTool, ResponseFormat } from "../neutral/request.ts";
import { encodeItems } from "./encode-items.ts";
import type { ResponsesDialect } from "./responses-dialect.ts";

export type EncodeResponsesOptions = {
  /** The provider's own name of the model. */
  readonly model: string;
  readonly stream: boolean;
  readonly dialect: ResponsesDialect;
  /** Cap to send instead of the caller's own; `null` = the caller's. */
  readonly maxOutputTokens: number | null;
  /** Further fields this offering does not take, wire names. @default none */
  readonly unsupportedParameters?: readonly string[];
};

export type EncodedResponsesRequest = {
  readonly body: Readonly<Record<string, unknown>>;
  readonly losses: readonly Loss[];
};

const encodeTool = ({
  name,
  description,
  parameters,
  strict,
  freeform,
}: NeutralTool): JsonRecord => {
  const common = { name, ...(description === undefined ? {} : { description }) };
  if (freeform !== undefined) {
    const { format } = freeform;
    return { type: "custom", ...common, ...(format === undefined ? {} : { format }) };
  }
  return {
    type: "function",
    ...common,
    parameters: parameters ?? { type: "object", properties: {} },
    // Left out it would mean strict here, which other wires' schemas need not bear.
    strict: strict ?? false,
  };
};

const encodeTools = (request: NeutralRequest, losses: Set<Loss>): readonly JsonRecord[] => {
  const tools = request.tools.map(encodeTool);
  if (request.webSearch !== undefined) tools.push({ type: "web_search" });
  for (const { wire, json } of request.hostedTools ?? []) {
    if (wire === "responses") tools.push(json);
    else losses.add(contentDropped);
  }
  return tools;
};

const encodeChoice = ({ toolChoice, tools }: NeutralRequest): unknown => {
  if (toolChoice?.kind !== "function") return toolChoice?.kind;
  const { name } = toolChoice;
  const isFreeform = tools.some((tool) => tool.name === name && tool.freeform !== undefined);
  return { type: isFreeform ? "custom" : "function", name };
};

const encodeFormat = (format: ResponseFormat | undefined): unknown => {
  if (format === undefined) return undefined;
  const { kind, ...rest } = format;
  return { type: kind, ...rest };
};

const encodeText = ({ responseFormat, verbosity }: NeutralRequest): unknown => {
  const format = encodeFormat(responseFormat);
  if (format === undefined && verbosity === undefined) return undefined;
  return {
    ...(format === undefined ? {} : { format }),
    ...(verbosity === undefined ? {} : { verbosity }),
  };
};

const encodeReasoning = (
  request: NeutralRequest,
  dialect: ResponsesDialect,
  losses: Set<Loss>,
): JsonRecord | undefined => {
  const { reasoningSummary: summary } = request;
  const rest = summary === undefined ? {} : { summary };
  const level = askedEffort(request);
  if (level === undefined) return summary === undefined ? undefined : rest;
  if (level === "off") {
    return dialect.reasoningOffWord === null ? undefined : { effort: dialect.reasoningOffWord };
  }
  const effort = nearestEffort(level, dialect.reasoningEfforts);
  if (effort === undefined) return summary === undefined ? undefined : rest;
  if (effort !== level) losses.add(effortAdjusted(level, effort));
  return { effort, ...rest };
};

const includes = (request: NeutralRequest, reasons: boolean): readonly string[] | undefined => {
  const list = [
    ...(request.wantsEncryptedReasoning === true || reasons ? ["reasoning.encrypted_content"] : []),
    ...(request.logprobs === true ? ["message.output_text.logprobs"] : []),
  ];
  return list.length === 0 ? undefined : list;
};

/** Fields of the neutral request that this wire has no word for, by their chat name. */
const withoutWord = (request: NeutralRequest): JsonRecord => ({
  min_p: request.sampling.minP,
  top_a: request.sampling.topA,
  repetition_penalty: request.sampling.repetitionPenalty,
  seed: request.sampling.seed,
  logit_bias: request.sampling.logitBias,
  stop: request.stop.length === 0 ? undefined : request.stop,
  n: request.n === 1 ? undefined : request.n,
});

/**
 * Body for a provider's POST /responses. Nothing is stored there; reasoning comes back encrypted, so that
 * it survives in the caller's hands.
 */
export const encodeResponsesRequest = (
  request: NeutralRequest,
  options: EncodeResponsesOptions,
): EncodedResponsesRequest => {
  const { model, stream, dialect } = options;
  const losses = new Set<Loss>();
  for (const [field, value] of Object.entries(withoutWord(request))) {
    if (value !== undefined) losses.add(unsupportedParameter(field));
  }
  for (const field of request.native === undefined ? [] : Object.keys(request.native.fields)) {
    losses.add(fieldDropped(field));
  }
  const tools = encodeTools(request, losses);
  const freeform = new Set(
    request.tools.filter((tool) => tool.freeform !== undefined).map(({ name }) => name),
  );
  const reasoning = encodeReasoning(request, dialect, losses);
  const reasons = reasoning?.["effort"] !== undefined && request.reasoningEffort !== "off";
  const hasTools = tools.length > 0;
  const { sampling } = request;
  const optional: JsonRecord = {
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    top_logprobs: request.topLogprobs,
    tools: hasTools ? tools : undefined,
    tool_choice: hasTools ? encodeChoice(request) : undefined,
    parallel_tool_calls: hasTools ? request.parallelToolCalls : undefined,
    text: encodeText(request),
    reasoning,
    include: includes(request, reasons),
    user: request.user,
    safety_identifier: request.safetyIdentifier,
    prompt_cache_key: request.promptCacheKey,
    prompt_cache_retention: request.promptCacheRetention,
    max_tool_calls: request.maxToolCalls,
    max_output_tokens: options.maxOutputTokens ?? request.maxOutputTokens,
  };
  const refused = new Set([
    ...dialect.unsupportedParameters,
    ...(options.unsupportedParameters ?? []),
  ]);
  const body: Record<string, unknown> = {
    model,
    input: encodeItems(request.messages, { dialect, freeform, losses }),
    store: false,
  };
  for (const [field, value] of Object.entries(optional)) {
    if (value === undefined) continue;
    if (refused.has(field)) losses.add(unsupportedParameter(field));
    else body[field] = value;
  }
  if (stream) body["stream"] = true;
  return { body, losses: [...losses] };
};
