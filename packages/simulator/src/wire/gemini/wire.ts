import type { ServedWire } from "../wire.ts";
import { readGeminiRequest } from "./read-request.ts";
import { createGeminiWriter } from "./write-answer.ts";

const statusNames: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

const methods = {
  generateContent: { purpose: "answer", stream: false },
  streamGenerateContent: { purpose: "answer", stream: true },
  countTokens: { purpose: "count", stream: null },
} as const;

/** Google's generateContent: https://ai.google.dev/api/generate-content */
export const geminiWire: ServedWire = {
  name: "generate_content",
  match: ({ pathname }) => {
    const found = /^\/v1(?:beta)?\/models\/([^/:]+):(\w+)$/u.exec(decodeURIComponent(pathname));
    const [, model, method] = found ?? [];
    if (model === undefined || method === undefined || !Object.hasOwn(methods, method)) return null;
    return { model, ...methods[method as keyof typeof methods] };
  },
  read: (body, route) => {
    const request = readGeminiRequest(body, route);
    return {
      request,
      // Calls have no ids on this wire.
      callId: (_, __, index) => `call_${index}`,
      createWriter: (head) => createGeminiWriter(head, request),
    };
  },
  errorBody: ({ status, message, code }) => ({
    error: {
      code: status,
      message,
      status: statusNames[status] ?? "UNKNOWN",
      ...(code === "API_KEY_INVALID"
        ? {
            details: [
              {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                reason: code,
                domain: "googleapis.com",
              },
            ],
          }
        : {}),
    },
  }),
  countBody: (tokens) => ({ totalTokens: tokens }),
};
