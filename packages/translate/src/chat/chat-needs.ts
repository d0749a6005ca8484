import type { Capability } from "@pointsman/core";
import type { RequestNeeds } from "../measure/request-needs.ts";
import { requirableParameters } from "../measure/request-needs.ts";
import type { ChatRequest } from "./chat-request-schema.ts";

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

/** The same as `needsOf` its neutral form, for a chat request that has none yet. */
export const chatNeeds = (chat: ChatRequest): RequestNeeds => {
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
  const parameters = requirableParameters.filter(
    (name) => chat[name] !== undefined && !(name === "n" && chat.n === 1),
  );
  return { capabilities, parameters };
};
