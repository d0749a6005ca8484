import type { Capability, UpstreamWire } from "@pointsman/core";
import type { NeutralRequest } from "../neutral/request.ts";

/** What a request needs an offering to do. */
export type RequestNeeds = {
  readonly capabilities: readonly Capability[];
  /** Optional parameters that were sent, of those `require_parameters` looks at. */
  readonly parameters: readonly string[];
  /** The only wire that can carry the request; absent = any. */
  readonly onlyWire?: { readonly wire: UpstreamWire; readonly for: "hosted_tool" | "input" };
};

/** What `gateway.routing.require_parameters` insists on (docs/contract.md §4). */
export const requirableParameters = [
  "temperature",
  "top_p",
  "seed",
  "logit_bias",
  "logprobs",
  "top_logprobs",
  "n",
  "presence_penalty",
  "frequency_penalty",
  "user",
  "parallel_tool_calls",
  "web_search_options",
  "verbosity",
  "prompt_cache_key",
  "safety_identifier",
] as const;

const valueOf = (request: NeutralRequest, name: (typeof requirableParameters)[number]): unknown => {
  const { sampling } = request;
  switch (name) {
    case "temperature":
      return sampling.temperature;
    case "top_p":
      return sampling.topP;
    case "seed":
      return sampling.seed;
    case "logit_bias":
      return sampling.logitBias;
    case "logprobs":
      return request.logprobs;
    case "top_logprobs":
      return request.topLogprobs;
    case "n":
      // One choice is what everybody gives.
      return request.n === 1 ? undefined : request.n;
    case "presence_penalty":
      return sampling.presencePenalty;
    case "frequency_penalty":
      return sampling.frequencyPenalty;
    case "user":
      return request.user;
    case "parallel_tool_calls":
      return request.parallelToolCalls;
    case "web_search_options":
      return request.webSearch;
    case "verbosity":
      return request.verbosity;
    case "prompt_cache_key":
      return request.promptCacheKey;
    case "safety_identifier":
    default:
      return request.safetyIdentifier;
  }
};

const inputKinds = (request: NeutralRequest): ReadonlySet<string> => {
  const kinds = new Set<string>();
  for (const message of request.messages) {
    if (message.role !== "user" && message.role !== "tool") continue;
    for (const part of message.parts) kinds.add(part.kind);
  }
  return kinds;
};

/** Items of Responses that answer a call of a tool that only its wire knows. */
const awaited = /_output$|^mcp_approval_response$/u;

/** The wire of what only one wire knows: hosted tools, native blocks going in. */
const onlyWireOf = (request: NeutralRequest): RequestNeeds["onlyWire"] => {
  const [hosted] = request.hostedTools ?? [];
  if (hosted !== undefined) return { wire: hosted.wire, for: "hosted_tool" };
  for (const { role, parts } of request.messages) {
    for (const part of parts) {
      if (part.kind !== "native") continue;
      // What a provider's own tools once did may be left out; what they wait for may not.
      const isInput = role !== "assistant" || awaited.test(String(part.json["type"]));
      if (isInput) return { wire: part.wire, for: "input" };
    }
  }
  return undefined;
};

/** Capabilities, parameters and wire that a request uses, told from its neutral form. */
export const needsOf = (request: NeutralRequest): RequestNeeds => {
  const capabilities: Capability[] = [];
  const kinds = inputKinds(request);
  if (kinds.has("image_url")) capabilities.push("vision");
  if (kinds.has("audio")) capabilities.push("audio_input");
  if (kinds.has("file")) capabilities.push("file_input");
  const choice = request.toolChoice?.kind;
  const tools = request.tools.length > 0 && choice !== "none";
  if (tools) capabilities.push("tools");
  if (tools && (choice === "required" || choice === "function")) {
    capabilities.push("tool_choice_required");
  }
  const format = request.responseFormat?.kind;
  if (format === "json_object") capabilities.push("json_mode");
  if (format === "json_schema") capabilities.push("structured_output");
  if (format === "json_schema" && tools) capabilities.push("tools_with_structured_output");
  const { reasoningEffort: effort, reasoningBudgetTokens: budget } = request;
  if (effort === "off") capabilities.push("reasoning_disable");
  else if (effort !== undefined || budget !== undefined || request.adaptiveReasoning === true) {
    capabilities.push("reasoning");
  }
  if (request.webSearch !== undefined) capabilities.push("web_search");
  const onlyWire = onlyWireOf(request);
  return {
    capabilities,
    parameters: requirableParameters.filter((name) => valueOf(request, name) !== undefined),
    ...(onlyWire === undefined ? {} : { onlyWire }),
  };
};
