import { z } from "zod";

// Unknown keys inside blocks are kept (`looseObject`): pass-through sends them on.
// `nullish`: a null there is legal and means absent.

export const cacheControl = z
  .looseObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).nullish() })
  .nullish();

export const textBlock = z.looseObject({
  type: z.literal("text"),
  text: z.string(),
  cache_control: cacheControl,
});

const imageBlock = z.looseObject({
  type: z.literal("image"),
  source: z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("base64"), media_type: z.string(), data: z.string() }),
    z.looseObject({ type: z.literal("url"), url: z.string() }),
    z.looseObject({ type: z.literal("file"), file_id: z.string() }),
  ]),
  cache_control: cacheControl,
});

const documentBlock = z.looseObject({
  type: z.literal("document"),
  source: z.discriminatedUnion("type", [
    z.looseObject({ type: z.literal("base64"), media_type: z.string(), data: z.string() }),
    z.looseObject({ type: z.literal("text"), data: z.string() }),
    z.looseObject({
      type: z.literal("content"),
      content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]),
    }),
    z.looseObject({ type: z.literal("url"), url: z.string() }),
    z.looseObject({ type: z.literal("file"), file_id: z.string() }),
  ]),
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: z.looseObject({ enabled: z.boolean().nullish() }).nullish(),
  cache_control: cacheControl,
});

/** Calls and results of tools that Anthropic runs, and what else only its own wire knows. */
const nativeType =
  /^(?:server_tool_use|mcp_tool_use|\w+_tool_result|search_result|tool_reference|browser_state|container_upload|compaction|fallback)$/;

const nativeBlock = z.looseObject({
  type: z.string().regex(nativeType, { error: "Unknown type of block." }),
});

const toolUseBlock = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
  cache_control: cacheControl,
});

const knownPart = z.discriminatedUnion("type", [textBlock, imageBlock, documentBlock]);
const resultPart = z.union([knownPart, nativeBlock]);

const toolResultBlock = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(resultPart)]).nullish(),
  is_error: z.boolean().nullish(),
  cache_control: cacheControl,
});

const thinkingBlock = z.looseObject({
  type: z.literal("thinking"),
  thinking: z.string(),
  signature: z.string().nullish(),
});

const redactedBlock = z.looseObject({ type: z.literal("redacted_thinking"), data: z.string() });

const userBlock = z.union([
  z.discriminatedUnion("type", [textBlock, imageBlock, documentBlock, toolResultBlock]),
  nativeBlock,
]);

const knownAssistantBlock = z.discriminatedUnion("type", [
  textBlock,
  thinkingBlock,
  redactedBlock,
  toolUseBlock,
]);
const assistantBlock = z.union([knownAssistantBlock, nativeBlock]);

/** A turn of the Messages wire (docs/contract.md §18); `system` may stand between the turns. */
export const messagesTurnSchema = z.discriminatedUnion("role", [
  z.looseObject({
    role: z.literal("user"),
    content: z.union([z.string(), z.array(userBlock)]),
  }),
  z.looseObject({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(assistantBlock)]),
  }),
  z.looseObject({
    role: z.literal("system"),
    content: z.union([z.string(), z.array(textBlock)]),
  }),
]);

export type MessagesTurn = z.output<typeof messagesTurnSchema>;
export type MessagesTextBlock = z.output<typeof textBlock>;
export type MessagesImageBlock = z.output<typeof imageBlock>;
export type MessagesDocumentBlock = z.output<typeof documentBlock>;
export type MessagesToolResultBlock = z.output<typeof toolResultBlock>;
export type MessagesNativeBlock = z.output<typeof nativeBlock>;
export type MessagesUserBlock = z.output<typeof userBlock>;
export type MessagesAssistantBlock = z.output<typeof assistantBlock>;
export type MessagesResultPart = z.output<typeof resultPart>;
