/**
 * How an attempt ended, in core's words; adapters and engine turn a wire's failure into one of these.
 *
 * - `network_error` connect error, reset, broken transport before the answer was whole
 * - `overloaded` 503, 529 and other words for "no capacity now"
 * - `bad_response` a 2xx that is no answer: empty, HTML, broken JSON, no choices
 * - `stream_cut` a stream that ended without its wire's own finish
 * - `bad_request` the caller's content is at fault; no other provider is asked
 * - `context_length`, `unsupported_parameter` this offering cannot take it, another may
 */
export type OutcomeKind =
  | "success"
  | "timeout"
  | "rate_limited"
  | "overloaded"
  | "server_error"
  | "network_error"
  | "auth_error"
  | "model_unavailable"
  | "bad_response"
  | "stream_cut"
  | "content_filtered"
  | "bad_request"
  | "context_length"
  | "unsupported_parameter"
  | "cancelled";
