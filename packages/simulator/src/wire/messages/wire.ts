import { provenId } from "../signature.ts";
import type { ServedWire } from "../wire.ts";
import { createHash } from "node:crypto";
import { readMessagesRequest } from "./read-request.ts";
import { callIdPrefix, vendor } from "./read-turns.ts";
import { createMessagesWriter } from "./write-answer.ts";

const typeOfStatus: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

/** Anthropic's Messages: https://docs.claude.com/en/api/messages */
export const messagesWire: ServedWire = {
  name: "messages",
  match: ({ pathname }) => {
    if (pathname === "/v1/messages") return { purpose: "answer", model: null, stream: null };
    return pathname === "/v1/messages/count_tokens"
      ? { purpose: "count", model: null, stream: null }
      : null;
  },
  read: (body, route, headers) => ({
    request: readMessagesRequest(body, route, headers),
    callId: (answerId, _, index) =>
      provenId(
        vendor,
        callIdPrefix,
        createHash("sha1").update(`${answerId}:${index}`).digest("hex"),
      ),
    createWriter: createMessagesWriter,
  }),
  errorBody: ({ status, message }) => ({
    type: "error",
    error: {
      type: typeOfStatus[status] ?? (status >= 500 ? "api_error" : "invalid_request_error"),
      message,
    },
  }),
  countBody: (tokens) => ({ input_tokens: tokens }),
};
