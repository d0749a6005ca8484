import {
  createChatStreamEncoder,
  encodeChatReply,
  finishRawChatReply,
  readChatRequest,
} from "@pointsman/translate";
import { newChatId } from "../../ids/ids.ts";
import type { AnswerWriter, Surface } from "../surface.ts";

const writerOf = (reasoningBlocks: boolean): AnswerWriter => ({
  stream: createChatStreamEncoder,
  reply: (reply, options, close) =>
    reply.kind === "raw"
      ? {
          text: finishRawChatReply(reply, {
            usage: close.usage,
            routingMetadata: close.routingMetadata([]),
            fallbackId: options.id,
          }),
          encoding: "latin1",
        }
      : {
          text: JSON.stringify(
            encodeChatReply(reply.reply, { ...options, reasoningBlocks }, close),
          ),
          encoding: "utf8",
        },
});

const withBlocks = writerOf(true);

const withoutBlocks = writerOf(false);

/** The AI SDK's chat providers refuse a whole answer whose `reasoning` is not a text. */
const refusesBlocks = (userAgent: string | readonly string[] | undefined): boolean =>
  typeof userAgent === "string" && /\bai-sdk\b/u.test(userAgent);

/** POST /v1/chat/completions. */
export const chatSurface: Surface = {
  endpoint: "chat_completions",
  path: "/v1/chat/completions",
  read: (body, headers) => {
    const read = readChatRequest(body);
    if (!read.ok) return read;
    return { ...read, writer: refusesBlocks(headers["user-agent"]) ? withoutBlocks : withBlocks };
  },
  newId: newChatId,
  keepAlive: ": keep-alive\n\n",
};
