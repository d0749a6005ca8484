import {
  createMessagesStreamEncoder,
  encodeMessagesReply,
  finishRawMessagesReply,
  readMessagesRequest,
} from "@pointsman/translate";
import { newMessageId } from "../../ids/ids.ts";
import type { AnswerWriter, Surface } from "../surface.ts";
import { betasOf } from "./betas.ts";

const writer: AnswerWriter = {
  stream: createMessagesStreamEncoder,
  reply: (reply, options, close) =>
    reply.kind === "raw"
      ? { text: finishRawMessagesReply(reply, close.routingMetadata([])), encoding: "latin1" }
      : {
          text: JSON.stringify(encodeMessagesReply(reply.reply, options, close)),
          encoding: "utf8",
        },
};

/** POST /v1/messages. */
export const messagesSurface: Surface = {
  endpoint: "messages",
  path: "/v1/messages",
  read: (body, headers) => {
    const read = readMessagesRequest(body, { betas: betasOf(headers), purpose: "answer" });
    return read.ok ? { ...read, writer } : read;
  },
  newId: newMessageId,
  keepAlive: 'event: ping\ndata: {"type":"ping"}\n\n',
};
