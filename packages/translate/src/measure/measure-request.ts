import type { InputPart, OutputPart } from "../neutral/content.ts";
import type { NeutralRequest } from "../neutral/request.ts";
import type { MeasuredPrompt } from "./prompt-tally.ts";
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
      return tally.image(part.detail, part.url);
    case "image":
      return tally.image("auto", part.data);
    case "audio":
      return tally.audio(part.data);
    case "file":
      return tally.file(part.data ?? part.reference ?? "");
    case "native":
    default:
      return tally.json(part.json);
  }
};

/**
 * Measures a prompt without encoding it: UTF-8 bytes (estimated for long texts, see `estimateUtf8Bytes`)
 * of all text the model sees, tools and answer schema included; images, audio and files as extra tokens.
 */
export const measureRequest = (request: NeutralRequest): MeasuredPrompt => {
  const tally = new PromptTally();
  for (const { name, description, parameters, strict } of request.tools) {
    tally.json({ name, description, parameters, strict });
  }
  for (const { json } of request.hostedTools ?? []) tally.json(json);
  if (request.responseFormat?.kind === "json_schema") tally.json(request.responseFormat.schema);
  tally.close(-1);
  for (const [index, { role, parts }] of request.messages.entries()) {
    tally.role(role);
    for (const part of parts) addPart(tally, part);
    tally.close(index);
  }
  return tally.measured();
};
