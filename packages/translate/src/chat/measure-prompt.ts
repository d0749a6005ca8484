import type { LongTexts, MeasuredPrompt } from "../measure/prompt-tally.ts";
import { PromptTally } from "../measure/prompt-tally.ts";
import { estimateUtf8Bytes } from "../measure/text-bytes.ts";
import type { ChatMessage } from "./chat-message-schema.ts";
import type { ChatRequest } from "./chat-request-schema.ts";

type Content = ChatMessage["content"];

const addContent = (tally: PromptTally, content: Content): void => {
  if (content === null || content === undefined) return;
  if (typeof content === "string") return tally.text(content);
  for (const part of content) {
    switch (part.type) {
      case "text":
        tally.text(part.text);
        break;
      case "refusal":
        tally.text(part.refusal);
        break;
      case "image_url":
        tally.image(part.image_url.detail, part.image_url.url);
        break;
      case "input_audio":
        tally.audio(part.input_audio.data);
        break;
      case "file":
        tally.file(part.file.file_data ?? part.file.file_id ?? "");
        break;
    }
  }
};

const addMessage = (tally: PromptTally, message: ChatMessage): void => {
  tally.role(message.role);
  addContent(tally, message.content);
  if (message.role !== "assistant") return;
  tally.text(message.refusal);
  tally.text(message.function_call?.arguments);
  for (const call of message.tool_calls ?? []) {
    tally.text(call.function.name);
    tally.text(call.function.arguments);
  }
  const blocks = message.reasoning ?? [];
  if (blocks.length === 0) return tally.text(message.reasoning_content);
  for (const block of blocks) tally.text(block.type === "thinking" ? block.thinking : block.data);
};

/**
 * Measures the prompt of a chat request that has no neutral form yet; the same as `measureRequest` of it.
 * `bytesOf` measures one text, `estimateByteTextBytes` if `chat` comes of byte text.
 * `long` are the texts that `chat` has only names of. `isSound` = they hold nothing that no JSON string holds.
 */
export const measurePrompt = (
  chat: ChatRequest,
  bytesOf: (text: string) => number = estimateUtf8Bytes,
  long: LongTexts | null = null,
): MeasuredPrompt & { readonly isSound: boolean } => {
  const tally = new PromptTally(bytesOf, long);
  for (const tool of chat.tools ?? []) tally.json(tool.function);
  for (const definition of chat.functions ?? []) tally.json(definition);
  if (chat.response_format?.type === "json_schema") {
    tally.json(chat.response_format.json_schema.schema);
  }
  tally.close(-1);
  for (const [index, message] of chat.messages.entries()) {
    addMessage(tally, message);
    tally.close(index);
  }
  return { ...tally.measured(), isSound: tally.isSound };
};
