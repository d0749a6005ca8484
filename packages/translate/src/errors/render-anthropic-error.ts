import type { GatewayError } from "./gateway-error.ts";
import { errorRowOf } from "./gateway-error.ts";
import type { RenderErrorOptions } from "./render-openai-error.ts";

/** Error envelope of the Anthropic family (docs/contract.md §26). */
export type AnthropicErrorBody = {
  readonly type: "error";
  readonly error: {
    readonly type: string;
    readonly message: string;
    readonly suggestion?: string;
    readonly details: {
      readonly error_code: string;
      readonly param?: string;
      readonly doc_url: string;
      readonly provider?: string;
    };
  };
  readonly request_id: string;
};

const typeOf = (code: string, status: number): string => {
  if (code.startsWith("payment_")) return "billing_error";
  if (code === "stream_duration_exceeded") return "timeout_error";
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 429:
      return "rate_limit_error";
    case 500:
    case 502:
      return "api_error";
    case 503:
      return "overloaded_error";
    case 504:
      return "timeout_error";
    default:
      return "invalid_request_error";
  }
};

export const renderAnthropicError = (
  error: GatewayError,
  { docsBaseUrl, requestId }: RenderErrorOptions & { readonly requestId: string },
): AnthropicErrorBody => ({
  type: "error",
  error: {
    type: typeOf(error.code, errorRowOf(error).status),
    message: error.message === "" ? error.code : error.message,
    ...(error.suggestion === undefined ? {} : { suggestion: error.suggestion }),
    details: {
      error_code: error.code,
      ...(error.param === null ? {} : { param: error.param }),
      doc_url: `${docsBaseUrl}/docs/errors/${error.code}`,
      ...(error.provider === undefined ? {} : { provider: error.provider }),
    },
  },
  request_id: requestId,
});
