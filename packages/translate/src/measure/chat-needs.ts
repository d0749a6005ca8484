import type { Capability } from "@pointsman/core";
import type { ChatRequest } from "../chat/chat-request-schema.ts";

/** What a request needs an offering to do. */
export type ChatNeeds = {
  readonly capabilities: readonly Capability[];
  /** Optional parameters that were sent, of those `require_parameters` looks at. */
  readonly parameters: readonly string[];
};

/** What `gateway.routing.require_parameters` insists on (docs/contract.md §4). */
const requirable = [
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
] as const satisfies readonly (keyof ChatRequest)[];

const partTypes = (chat: ChatRequest): ReadonlySet<string> => {
  const types = new Set<string>();
  for (const message of chat.messages) {
    if (message.role !== "user" || typeof message.content === "string") continue;
    for (const part of message.content) types.add(part.type);
  }
  return types;
};

/** Tools that may be called; `none` switches them off whatever the offering can do. */
const usesTools = (chat: ChatRequest): boolean => {
  const count = (chat.tools?.length ?? 0) + (chat.functions?.length ?? 0);
  return count > 0 && chat.tool_choice !== "none" && chat.function_call !== "none";
};

const forcesTool = (chat: ChatRequest): boolean =>
  chat.tool_choice === "required" ||
  typeof chat.tool_choice === "object" ||
  typeof chat.function_call === "object";

/** Capabilities and parameters that a chat request uses. */
export const chatNeeds = (chat: ChatRequest): ChatNeeds => {
  const capabilities: Capability[] = [];
  const types = partTypes(chat);
  if (types.has("image_url")) capabilities.push("vision");
  if (types.has("input_audio")) capabilities.push("audio_input");
  if (types.has("file")) capabilities.push("file_input");
  const tools = usesTools(chat);
  if (tools) capabilities.push("tools");
  if (tools && forcesTool(chat)) capabilities.push("tool_choice_required");
  const format = chat.response_format?.type;
  if (format === "json_object") capabilities.push("json_mode");
  if (format === "json_schema") capabilities.push("structured_output");
  if (format === "json_schema" && tools) capabilities.push("tools_with_structured_output");
  const effort = chat.reasoning_effort;
  if (effort === "off" || effort === "none") capabilities.push("reasoning_disable");
  else if (effort !== undefined) capabilities.push("reasoning");
  if (chat.web_search_options !== undefined) capabilities.push("web_search");
  // One choice is what everybody gives.
  const parameters = requirable.filter(
    (name) => chat[name] !== undefined && !(name === "n" && chat.n === 1),
  );
  return { capabilities, parameters };
};
