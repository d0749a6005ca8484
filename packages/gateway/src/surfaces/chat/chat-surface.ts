import {
  createChatStreamEncoder,
  encodeChatReply,
  finishRawChatReply,
  readChatRequest,
} from "@pointsman/translate";
import { newChatId } from "../../ids/ids.ts";
import type { AnswerWriter, Surface } from "../surface.ts";

/** Writes answers of the chat wire. */
export const chatWriter: AnswerWriter = {
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
      : { text: JSON.stringify(encodeChatReply(reply.reply, options, close)), encoding: "utf8" },
};

/** POST /v1/chat/completions. */
export const chatSurface: Surface = {
  endpoint: "chat_completions",
  path: "/v1/chat/completions",
  read: (body) => {
    const read = readChatRequest(body);
    return read.ok ? { ...read, writer: chatWriter } : read;
  },
  newId: newChatId,
  keepAlive: ": keep-alive\n\n",
};
