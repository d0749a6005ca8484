import { openAiCallId } from "../openai-call-id.ts";
import { openAiErrorBody } from "../openai-error.ts";
import type { ServedWire } from "../wire.ts";
import { readResponsesRequest } from "./read-request.ts";
import { createResponsesWriter } from "./write-answer.ts";

/** OpenAI's Responses: https://platform.openai.com/docs/api-reference/responses */
export const responsesWire: ServedWire = {
  name: "responses",
  match: ({ pathname }) =>
    pathname === "/v1/responses" ? { purpose: "answer", model: null, stream: null } : null,
  read: (body) => {
    const request = readResponsesRequest(body);
    return {
      request,
      callId: openAiCallId,
      createWriter: (head) => createResponsesWriter(head, request),
    };
  },
  errorBody: openAiErrorBody,
};
