import { z } from "zod";

// Unknown keys inside messages, parts and calls are kept (`looseObject`): pass-through sends them on.
// `nullish`: a null there is legal and means absent.

const cacheControl = z
  .looseObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).nullish() })
  .nullish();

const textPart = z.looseObject({
  type: z.literal("text"),
  text: z.string(),
  cache_control: cacheControl,
});

const imagePart = z.looseObject({
  type: z.literal("image_url"),
  image_url: z.looseObject({ url: z.string(), detail: z.enum(["auto", "low", "high"]).nullish() }),
  cache_control: cacheControl,
});

const filePart = z.looseObject({
  type: z.literal("file"),
  file: z.looseObject({
    file_data: z.string().nullish(),
    filename: z.string().nullish(),
    file_id: z.string().nullish(),
  }),
  cache_control: cacheControl,
});

const audioPart = z.looseObject({
  type: z.literal("input_audio"),
  input_audio: z.looseObject({ data: z.string(), format: z.string() }),
  cache_control: cacheControl,
});

const refusalPart = z.looseObject({ type: z.literal("refusal"), refusal: z.string() });

const textContent = z.union([z.string(), z.array(z.discriminatedUnion("type", [textPart]))]);
const userContent = z.union([
  z.string(),
  z.array(z.discriminatedUnion("type", [textPart, imagePart, filePart, audioPart])),
]);
const assistantContent = z
  .union([z.string(), z.array(z.discriminatedUnion("type", [textPart, refusalPart]))])
  .nullish();

const toolCall = z.looseObject({
  id: z.string(),
  type: z.literal("function").nullish(),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
  provider_signature: z.string().nullish(),
});

const reasoningBlock = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("thinking"),
    thinking: z.string(),
    signature: z.string().nullish(),
  }),
  z.looseObject({ type: z.literal("redacted"), data: z.string() }),
]);

const name = z.string().nullish();

/** A message of the chat wire (docs/contract.md §3). */
export const chatMessageSchema = z.discriminatedUnion("role", [
  z.looseObject({ role: z.literal("system"), content: textContent, name }),
  z.looseObject({ role: z.literal("developer"), content: textContent, name }),
  z.looseObject({ role: z.literal("user"), content: userContent, name }),
  z.looseObject({
    role: z.literal("assistant"),
    content: assistantContent,
    name,
    tool_calls: z.array(toolCall).nullish(),
    reasoning: z.array(reasoningBlock).nullish(),
    reasoning_content: z.string().nullish(),
    refusal: z.string().nullish(),
    provider_signature: z.string().nullish(),
    function_call: z.looseObject({ name: z.string(), arguments: z.string() }).nullish(),
  }),
  z.looseObject({ role: z.literal("tool"), content: textContent, tool_call_id: z.string() }),
  z.looseObject({
    role: z.literal("function"),
    content: z.string().nullable(),
    name: z.string(),
  }),
]);

export type ChatMessage = z.output<typeof chatMessageSchema>;
