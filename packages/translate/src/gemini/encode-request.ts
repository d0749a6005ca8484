import type { JsonRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped, effortAdjusted, unsupportedParameter } from "../neutral/losses.ts";
import { budgetOfEffort, effortOfBudget, nearestEffort } from "../neutral/reasoning-budget.ts";
import type { NeutralRequest, NeutralTool } from "../neutral/request.ts";
import { encodeContents } from "./encode-contents.ts";
import type { GeminiDialect } from "./gemini-dialect.ts";

export type EncodeGeminiOptions = {
  readonly dialect: GeminiDialect;
  /** Cap to send instead of the caller's own; `null` = the caller's. */
  readonly maxOutputTokens: number | null;
  /** Further fields this offering does not take, chat names. @default none */
  readonly unsupportedParameters?: readonly string[];
};

export type EncodedGeminiRequest = {
  readonly body: Readonly<Record<string, unknown>>;
  readonly losses: readonly Loss[];
};

/** Leaves what is `undefined` out. */
const defined = (fields: JsonRecord): JsonRecord =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const freeformSchema = {
  type: "object",
  properties: { input: { type: "string" } },
  required: ["input"],
};

const encodeTool = ({ name, description, parameters, freeform }: NeutralTool): JsonRecord =>
  defined({
    name,
    description,
    parametersJsonSchema: freeform === undefined ? parameters : freeformSchema,
  });

const encodeTools = (request: NeutralRequest, losses: Set<Loss>): unknown => {
  const tools: JsonRecord[] = [];
  if (request.tools.length > 0) tools.push({ functionDeclarations: request.tools.map(encodeTool) });
  if (request.webSearch !== undefined) tools.push({ googleSearch: {} });
  for (const { wire, json } of request.hostedTools ?? []) {
    if (wire === "generate_content") tools.push(json);
    else losses.add(contentDropped);
  }
  return tools.length === 0 ? undefined : tools;
};

const encodeToolConfig = ({ tools, toolChoice }: NeutralRequest): unknown => {
  // Without functions there is nothing to choose.
  if (tools.length === 0 || toolChoice === undefined) return undefined;
  switch (toolChoice.kind) {
    case "auto":
      return { functionCallingConfig: { mode: "AUTO" } };
    case "none":
      return { functionCallingConfig: { mode: "NONE" } };
    case "required":
      return { functionCallingConfig: { mode: "ANY" } };
    case "function":
    default:
      return { functionCallingConfig: { mode: "ANY", allowedFunctionNames: [toolChoice.name] } };
  }
};

const budgetConfig = (
  request: NeutralRequest,
  bounds: Extract<GeminiDialect["thinking"], { by: "budget" }>,
  cap: number | undefined,
): number => {
  const { reasoningEffort: effort, reasoningBudgetTokens: asked } = request;
  if (effort === "off") return bounds.leastTokens;
  // −1: the model decides.
  if (asked === undefined && effort === undefined) return -1;
  const most = Math.min(bounds.mostTokens, cap ?? Number.POSITIVE_INFINITY);
  const wanted = asked ?? budgetOfEffort(effort ?? "medium", bounds.mostTokens);
  return Math.max(bounds.leastTokens, Math.min(wanted, most));
};

const encodeThinking = (
  request: NeutralRequest,
  { thinking }: GeminiDialect,
  cap: number | undefined,
  losses: Set<Loss>,
): unknown => {
  const { reasoningEffort: effort, reasoningBudgetTokens: asked } = request;
  const wanted = effort !== undefined || asked !== undefined || request.adaptiveReasoning === true;
  if (!wanted) return undefined;
  const includeThoughts = effort !== "off" && !request.excludeReasoning;
  switch (thinking.by) {
    case "nothing":
      if (effort !== "off") losses.add(unsupportedParameter("reasoning_effort"));
      return undefined;
    case "budget":
      return { includeThoughts, thinkingBudget: budgetConfig(request, thinking, cap) };
    case "level":
    default: {
      if (effort === "off") {
        losses.add(unsupportedParameter("reasoning_effort"));
        return undefined;
      }
      const level = effort ?? (asked === undefined ? undefined : effortOfBudget(asked));
      if (level === undefined) return { includeThoughts };
      const thinkingLevel = nearestEffort(level, thinking.levels);
      if (thinkingLevel !== undefined && thinkingLevel !== level) {
        losses.add(effortAdjusted(level, thinkingLevel));
      }
      // The API's enum is in capitals: https://ai.google.dev/api/generate-content#ThinkingLevel
      const word = thinkingLevel?.toUpperCase();
      return { includeThoughts, ...(word === undefined ? {} : { thinkingLevel: word }) };
    }
  }
};

const encodeFormat = ({ responseFormat: format }: NeutralRequest): JsonRecord => {
  if (format === undefined || format.kind === "text") return {};
  const json = { responseMimeType: "application/json" };
  return format.kind === "json_schema" ? { ...json, responseJsonSchema: format.schema } : json;
};

/** Fields of the neutral request that this wire has no word for, by their chat name. */
const withoutWord = (request: NeutralRequest): JsonRecord => ({
  min_p: request.sampling.minP,
  top_a: request.sampling.topA,
  repetition_penalty: request.sampling.repetitionPenalty,
  logit_bias: request.sampling.logitBias,
  n: request.n === 1 ? undefined : request.n,
  parallel_tool_calls: request.parallelToolCalls === false ? false : undefined,
  verbosity: request.verbosity,
  max_tool_calls: request.maxToolCalls,
});

const isLogprobs = (field: string): boolean => field === "logprobs" || field === "responseLogprobs";

/** Chat names of the fields of `generationConfig`, for offerings that lack one. */
const chatNames: Readonly<Record<string, string>> = {
  topP: "top_p",
  topK: "top_k",
  stopSequences: "stop",
  presencePenalty: "presence_penalty",
  frequencyPenalty: "frequency_penalty",
};

/**
 * Body for generateContent and streamGenerateContent; what the wire cannot say is left out, each with
 * a loss. Fields: https://ai.google.dev/api/generate-content
 */
export const encodeGeminiRequest = (
  request: NeutralRequest,
  options: EncodeGeminiOptions,
): EncodedGeminiRequest => {
  const { dialect } = options;
  const losses = new Set<Loss>();
  const { sampling, stop } = request;
  for (const [field, value] of Object.entries(withoutWord(request))) {
    if (value !== undefined) losses.add(unsupportedParameter(field));
  }
  const cap = options.maxOutputTokens ?? request.maxOutputTokens;
  const config = defined({
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    seed: sampling.seed,
    presencePenalty: sampling.presencePenalty,
    frequencyPenalty: sampling.frequencyPenalty,
    stopSequences: stop.length === 0 ? undefined : stop,
    maxOutputTokens: cap,
    responseLogprobs: request.logprobs,
    logprobs: request.logprobs === true ? request.topLogprobs : undefined,
    thinkingConfig: encodeThinking(request, dialect, cap, losses),
    ...encodeFormat(request),
  });
  const refused = new Set(options.unsupportedParameters);
  const generationConfig = Object.fromEntries(
    Object.entries(config).filter(([field]) => {
      const name = isLogprobs(field) ? "logprobs" : (chatNames[field] ?? field);
      if (!refused.has(name)) return true;
      losses.add(unsupportedParameter(name));
      return false;
    }),
  );
  const native = request.native?.wire === "generate_content" ? request.native.fields : {};
  const body = defined({
    ...native,
    ...encodeContents(request.messages, dialect, losses),
    tools: encodeTools(request, losses),
    toolConfig: encodeToolConfig(request),
    generationConfig: Object.keys(generationConfig).length === 0 ? undefined : generationConfig,
  });
  return { body, losses: [...losses] };
};
