import {
  createResponsesStreamEncoder,
  encodeResponsesReply,
  finishRawResponsesReply,
  readResponsesRequest,
} from "@pointsman/translate";
import type { ResponsesRequest } from "@pointsman/translate";
import { newResponseId } from "../../ids/ids.ts";
import type { AnswerWriter, Surface } from "../surface.ts";

const writerOf = (request: ResponsesRequest): AnswerWriter => ({
  stream: (options) => createResponsesStreamEncoder({ ...options, request }),
  reply: (reply, options, close) =>
    reply.kind === "raw"
      ? {
          text: finishRawResponsesReply(reply, close.routingMetadata([]), {
            request,
            createdSeconds: options.createdSeconds,
          }),
          encoding: "latin1",
        }
      : {
          text: JSON.stringify(encodeResponsesReply(reply.reply, { ...options, request }, close)),
          encoding: "utf8",
        },
});

/** POST /v1/responses. */
export const responsesSurface: Surface = {
  endpoint: "responses",
  path: "/v1/responses",
  read: (body) => {
    const read = readResponsesRequest(body);
    return read.ok ? { ...read, writer: writerOf(read.request) } : read;
  },
  newId: newResponseId,
  keepAlive: ": keep-alive\n\n",
};
