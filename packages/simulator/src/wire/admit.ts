import type { Capability, Offering } from "@pointsman/core";
import type { ReasoningEffort } from "../model/model-request.ts";
import { badParameter } from "./refusal.ts";
import type { Refusal } from "./refusal.ts";
import type { WireRequest } from "./wire.ts";

/** What an offering grants a request it takes. */
export type Admission = {
  readonly reasoningEffort: ReasoningEffort | null;
  /** Tokens of each choice, reasoning included. */
  readonly maxTokens: number;
};

const efforts: readonly ReasoningEffort[] = ["minimal", "low", "medium", "high", "xhigh", "max"];

/** Providers that take `json_object` only if a message says "JSON". */
const insistOnTheWordJson = new Set(["openai", "azure", "deepseek"]);

const refuseParameter = (param: string): Refusal =>
  badParameter(
    param,
    param === "max_tokens"
      ? "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
      : `Unsupported parameter: '${param}' is not supported with this model.`,
    "unsupported_parameter",
  );

/** The parameter that a capability which the offering is known to lack makes unusable. */
const lacking = (offering: Offering, request: WireRequest): string | null => {
  const { prompt } = request;
  const images = prompt.messages.some((message) => message.images > 0);
  const choice = prompt.toolChoice.mode;
  const needs: readonly (readonly [Capability, string, boolean])[] = [
    ["streaming", "stream", request.stream],
    ["tools", "tools", prompt.tools.length > 0],
    ["tool_choice_required", "tool_choice", choice === "required" || choice === "named"],
    ["vision", "messages", images],
    ["json_mode", "response_format", prompt.format.kind === "json_object"],
    ["structured_output", "response_format", prompt.format.kind === "json_schema"],
    ["reasoning", "reasoning_effort", request.effort !== null && request.effort !== "none"],
    ["logprobs", "logprobs", request.parameters.includes("logprobs")],
  ];
  const missing = needs.find(
    ([capability, , used]) => used && offering.capabilities[capability] === false,
  );
  return missing?.[1] ?? null;
};

const settleEffort = (
  offering: Offering,
  { effort, reasonsUnasked }: WireRequest,
): ReasoningEffort | null => {
  const { reasoning, reasoning_disable: canStop } = offering.capabilities;
  // Models that reason and are not known to stop do so unasked.
  if (effort === null) {
    return reasonsUnasked && reasoning === true && canStop !== true ? "medium" : null;
  }
  if (effort === "none") {
    if (reasoning !== true || canStop !== false) return null;
  } else {
    const known = efforts.find((one) => one === effort);
    if (known !== undefined) return known;
  }
  throw badParameter(
    "reasoning_effort",
    `Unsupported value: 'reasoning_effort' does not support '${effort}' with this model. Supported values are: 'low', 'medium', and 'high'.`,
    "unsupported_value",
  );
};

/**
 * Holds a request against what the offering is known to take.
 *
 * @throws Refusal for parameters, capabilities and lengths it does not take
 */
export const admit = (
  offering: Offering,
  request: WireRequest,
  promptTokens: number,
): Admission => {
  const refused =
    offering.unsupportedParameters.find((name) => request.parameters.includes(name)) ??
    lacking(offering, request);
  if (refused !== null) throw refuseParameter(refused);
  if (
    request.prompt.format.kind === "json_object" &&
    insistOnTheWordJson.has(offering.provider) &&
    !request.prompt.messages.some((message) => /json/i.test(message.text))
  ) {
    throw badParameter(
      "messages",
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      null,
    );
  }
  const most = offering.maxOutputTokens ?? Infinity;
  if (request.maxTokens !== null && request.maxTokens > most) {
    const param = request.parameters.includes("max_completion_tokens")
      ? "max_completion_tokens"
      : "max_tokens";
    throw badParameter(
      param,
      `${param} is too large: ${request.maxTokens}. This model supports at most ${most} completion tokens, whereas you provided ${request.maxTokens}.`,
      "invalid_value",
    );
  }
  const window = offering.contextWindow ?? Infinity;
  const wanted = promptTokens + Math.max(1, request.maxTokens ?? 1);
  if (wanted > window) {
    throw badParameter(
      "messages",
      `This model's maximum context length is ${window} tokens. However, you requested ${wanted} tokens (${promptTokens} in the messages, ${wanted - promptTokens} in the completion). Please reduce the length of the messages or completion.`,
      "context_length_exceeded",
    );
  }
  return {
    reasoningEffort: settleEffort(offering, request),
    maxTokens: Math.min(request.maxTokens ?? Infinity, most, window - promptTokens),
  };
};
