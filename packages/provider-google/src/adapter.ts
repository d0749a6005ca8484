import { createWireAdapter, readDecodedReply } from "@pointsman/provider";
import type { AdapterFactory, AnswerWire, ProviderCall } from "@pointsman/provider";
import { createGeminiStreamDecoder, decodeGeminiReply } from "@pointsman/translate";
import { encodeCall, headersOf } from "./encode-call.ts";

/** Version included: https://ai.google.dev/api/all-methods */
const defaultBaseUrl = "https://generativelanguage.googleapis.com/v1beta";

const wire: AnswerWire = {
  createDecoder: createGeminiStreamDecoder,
  readReply: (body) => readDecodedReply(body, decodeGeminiReply),
  // https://ai.google.dev/gemini-api/docs/troubleshooting; a malformed call is the model's fault.
  vendorCodes: {
    API_KEY_INVALID: "auth_error",
    API_KEY_SERVICE_BLOCKED: "auth_error",
    SERVICE_DISABLED: "auth_error",
    PERMISSION_DENIED: "auth_error",
    UNAUTHENTICATED: "auth_error",
    NOT_FOUND: "model_unavailable",
    RESOURCE_EXHAUSTED: "rate_limited",
    UNAVAILABLE: "overloaded",
    DEADLINE_EXCEEDED: "server_error",
    INTERNAL: "server_error",
    MALFORMED_FUNCTION_CALL: "bad_response",
    UNEXPECTED_TOOL_CALL: "bad_response",
    MALFORMED_RESPONSE: "bad_response",
    MISSING_THOUGHT_SIGNATURE: "bad_response",
  },
};

/** All but the 2.0 family: https://ai.google.dev/gemini-api/docs/file-input-methods */
const takesImageUrls = ({ providerModelId }: ProviderCall["offering"]): boolean =>
  !providerModelId.startsWith("gemini-2.0");

/** Makes the adapter of a provider that speaks Google's generateContent wire. */
export const createGoogleAdapter: AdapterFactory = (options) =>
  createWireAdapter(
    { ...options, baseUrl: options.baseUrl ?? defaultBaseUrl },
    // No caller speaks this wire, so nothing passes through.
    { encode: encodeCall, headersOf, raw: wire, decoded: wire, takesImageUrls },
  );
