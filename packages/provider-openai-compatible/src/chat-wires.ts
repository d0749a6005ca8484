import type { AnswerWire } from "@pointsman/provider";
import { createChatStreamDecoder, createPassthroughChatDecoder } from "@pointsman/translate";
import type { OpenAiCompatiblePreset } from "./preset.ts";
import { readReply } from "./read-reply.ts";

/** How a vendor's answers are read: bytes that pass through, or decoded. */
export type ChatWires = { readonly raw: AnswerWire; readonly decoded: AnswerWire };

/** The two ways to read the chat answers of one vendor. */
export const createChatWires = ({ dialect, vendorCodes }: OpenAiCompatiblePreset): ChatWires => {
  const common = {
    vendorCodes,
    readReply: (body: Buffer, raw: boolean) => readReply(body, { dialect, raw }),
  };
  return {
    raw: { ...common, createDecoder: createPassthroughChatDecoder },
    decoded: { ...common, createDecoder: () => createChatStreamDecoder(dialect) },
  };
};
