import type { PromptSize } from "@pointsman/core";
import type { ChatMessage } from "../chat/chat-message-schema.ts";
import type { ChatRequest } from "../chat/chat-request-schema.ts";
import { estimateUtf8Bytes } from "./text-bytes.ts";

/** OpenAI's price of a 1024² image in tokens (170 a tile × 4 + 85), and of one at low detail. */
const IMAGE_TOKENS = 765;
const LOW_DETAIL_IMAGE_TOKENS = 85;
/** Base64 characters a token: speech at common bit rates, and documents with their fonts and images. */
const AUDIO_CHARACTERS_PER_TOKEN = 2000;
const FILE_CHARACTERS_PER_TOKEN = 40;

/** Running sums, and how texts are measured. */
type Totals = {
  bytes: number;
  extraTokens: number;
  readonly bytesOf: (text: string) => number;
};
type Content = ChatMessage["content"];

const addText = (totals: Totals, text: string | null | undefined): void => {
  if (text !== null && text !== undefined) totals.bytes += totals.bytesOf(text);
};

const addContent = (totals: Totals, content: Content): void => {
  if (content === null || content === undefined) return;
  if (typeof content === "string") return addText(totals, content);
  for (const part of content) {
    switch (part.type) {
      case "text":
        addText(totals, part.text);
        break;
      case "refusal":
        addText(totals, part.refusal);
        break;
      case "image_url":
        totals.extraTokens +=
          part.image_url.detail === "low" ? LOW_DETAIL_IMAGE_TOKENS : IMAGE_TOKENS;
        break;
      case "input_audio":
        totals.extraTokens += Math.ceil(part.input_audio.data.length / AUDIO_CHARACTERS_PER_TOKEN);
        break;
      case "file":
        totals.extraTokens += Math.ceil(
          (part.file.file_data?.length ?? 0) / FILE_CHARACTERS_PER_TOKEN,
        );
        break;
    }
  }
};

const addMessage = (totals: Totals, message: ChatMessage): void => {
  addContent(totals, message.content);
  if (message.role !== "assistant") return;
  addText(totals, message.refusal);
  addText(totals, message.function_call?.arguments);
  for (const call of message.tool_calls ?? []) {
    addText(totals, call.function.name);
    addText(totals, call.function.arguments);
  }
  const blocks = message.reasoning ?? [];
  if (blocks.length === 0) return addText(totals, message.reasoning_content);
  for (const block of blocks) {
    addText(totals, block.type === "thinking" ? block.thinking : block.data);
  }
};

const addJson = (totals: Totals, value: unknown): void => {
  if (value !== undefined) addText(totals, JSON.stringify(value));
};

/**
 * The prompt's length without encoding it: UTF-8 bytes (estimated for long texts, see
 * `estimateUtf8Bytes`) of all text the model sees, tools and answer schema included; images, audio and
 * files as extra tokens. `bytesOf` measures one text, `estimateByteTextBytes` if `chat` comes of byte
 * text. @default estimateUtf8Bytes
 */
export const measurePrompt = (
  chat: ChatRequest,
  bytesOf: (text: string) => number = estimateUtf8Bytes,
): PromptSize => {
  const totals: Totals = { bytes: 0, extraTokens: 0, bytesOf };
  for (const message of chat.messages) addMessage(totals, message);
  for (const tool of chat.tools ?? []) addJson(totals, tool.function);
  for (const definition of chat.functions ?? []) addJson(totals, definition);
  if (chat.response_format?.type === "json_schema") {
    addJson(totals, chat.response_format.json_schema.schema);
  }
  const { bytes, extraTokens } = totals;
  return extraTokens === 0 ? { bytes } : { bytes, extraTokens };
};
