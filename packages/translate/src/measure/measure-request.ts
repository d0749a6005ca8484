import type { PromptSize } from "@pointsman/core";
import type { InputPart, OutputPart } from "../neutral/content.ts";
import type { NeutralMessage, NeutralRequest } from "../neutral/request.ts";
import { PromptTally } from "./prompt-tally.ts";

const addPart = (tally: PromptTally, part: InputPart | OutputPart): void => {
  switch (part.kind) {
    case "text":
    case "refusal":
    case "reasoning":
      return tally.text(part.text);
    case "reasoning_redacted":
      return tally.text(part.data);
    case "tool_call":
      tally.text(part.name);
      return tally.text(part.arguments);
    case "image_url":
      return tally.image(part.detail);
    case "image":
      return tally.image("auto");
    case "audio":
      return tally.audio(part.data.length);
    case "file":
      return tally.file(part.data?.length ?? 0);
    case "native":
    default:
      return tally.json(part.json);
  }
};

const addMessage = (tally: PromptTally, message: NeutralMessage): void => {
  for (const part of message.parts) addPart(tally, part);
};

/**
 * The prompt's length without encoding it: UTF-8 bytes (estimated for long texts, see
 * `estimateUtf8Bytes`) of all text the model sees, tools and answer schema included; images, audio and
 * files as extra tokens.
 */
export const measureRequest = (request: NeutralRequest): PromptSize => {
  const tally = new PromptTally();
  for (const message of request.messages) addMessage(tally, message);
  for (const { name, description, parameters, strict } of request.tools) {
    tally.json({ name, description, parameters, strict });
  }
  for (const { json } of request.hostedTools ?? []) tally.json(json);
  if (request.responseFormat?.kind === "json_schema") tally.json(request.responseFormat.schema);
  return tally.size();
};
