import { openAiCallId } from "../openai-call-id.ts";
import { openAiErrorBody } from "../openai-error.ts";
import type { ServedWire } from "../wire.ts";
import { readChatRequest } from "./read-request.ts";
import { createChatWriter } from "./write-answer.ts";

/** OpenAI's Chat Completions: https://platform.openai.com/docs/api-reference/chat */
export const chatWire: ServedWire = {
  name: "chat_completions",
  match: ({ pathname }) =>
    pathname === "/v1/chat/completions" ? { purpose: "answer", model: null, stream: null } : null,
  read: (body) => {
    const request = readChatRequest(body);
    return {
      request,
      callId: openAiCallId,
      createWriter: (head) => createChatWriter(head, request),
    };
  },
  errorBody: openAiErrorBody,
};
