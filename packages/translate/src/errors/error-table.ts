/** Error types of the OpenAI family of envelopes (docs/contract.md §26). */
export type ErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "permission_error"
  | "not_found_error"
  | "rate_limit_error"
  | "api_error";

/** Values of the header X-Error-Type (docs/contract.md §25). */
export type ErrorHeaderType =
  | "invalid_request"
  | "authentication"
  | "permission"
  | "not_found"
  | "conflict"
  | "rate_limit"
  | "budget"
  | "quota"
  | "server_error"
  | "unavailable"
  | "timeout"
  | "content_filter"
  | "overloaded";

/** What one code means on the wire. */
export type ErrorRow = {
  /** HTTP status; 0 = only within a stream that has begun. */
  readonly status: number;
  readonly type: ErrorType;
  /** X-Error-Retryable and x-should-retry, unless the error itself says otherwise. */
  readonly retryable: boolean;
  readonly headerType: ErrorHeaderType;
};

const invalid: ErrorRow = {
  status: 400,
  type: "invalid_request_error",
  retryable: false,
  headerType: "invalid_request",
};
const unauthenticated: ErrorRow = {
  status: 401,
  type: "authentication_error",
  retryable: false,
  headerType: "authentication",
};
const forbidden: ErrorRow = {
  status: 403,
  type: "permission_error",
  retryable: false,
  headerType: "permission",
};
const notFound: ErrorRow = {
  status: 404,
  type: "not_found_error",
  retryable: false,
  headerType: "not_found",
};
const conflict: ErrorRow = { ...invalid, status: 409, headerType: "conflict" };
const unavailable: ErrorRow = {
  status: 503,
  type: "api_error",
  retryable: true,
  headerType: "unavailable",
};

/** The one table of codes: status ⇄ type ⇄ retryable (docs/contract.md §27). */
export const errorTable = {
  invalid_api_key: unauthenticated,
  expired_api_key: unauthenticated,
  invalid_recovery_code: unauthenticated,
  mfa_verification_failed: unauthenticated,
  insufficient_permissions: forbidden,
  feature_disabled: forbidden,
  mfa_required: forbidden,
  invalid_request: invalid,
  missing_required_parameter: invalid,
  invalid_parameter_value: invalid,
  unknown_field: invalid,
  context_length_exceeded: invalid,
  content_filtered: { ...invalid, headerType: "content_filter" },
  field_immutable: invalid,
  operation_not_allowed: invalid,
  payment_declined: invalid,
  payment_method_invalid: invalid,
  tools_not_supported: invalid,
  no_tools_on_endpoint: invalid,
  tool_choice_required_not_supported: invalid,
  hosted_tool_not_supported: invalid,
  json_mode_not_supported: invalid,
  structured_output_not_supported: invalid,
  tools_with_structured_output_not_supported: invalid,
  vision_not_supported: invalid,
  unsupported_modalities: invalid,
  reasoning_not_supported: invalid,
  thinking_disable_not_supported: invalid,
  streaming_not_supported: invalid,
  non_streaming_not_supported: invalid,
  batch_only: invalid,
  tier_opt_in_required: invalid,
  no_compatible_endpoint: invalid,
  response_api_only: invalid,
  no_responses_endpoint: invalid,
  input_requires_responses_endpoint: invalid,
  cost_constraint_exceeded: invalid,
  latency_constraint_exceeded: invalid,
  throughput_constraint_not_met: invalid,
  provider_not_in_allowlist: invalid,
  provider_blocked: invalid,
  required_params_not_supported: invalid,
  byok_keys_required: invalid,
  platform_keys_unavailable: invalid,
  model_not_found: notFound,
  resource_not_found: notFound,
  method_not_allowed: { ...invalid, status: 405 },
  // Retryable while the first request still runs; the raiser overrides it for another body.
  idempotency_conflict: { ...conflict, retryable: true },
  idempotency_replay_unavailable: conflict,
  state_precondition_failed: conflict,
  duplicate_resource: conflict,
  payload_too_large: { ...invalid, status: 413 },
  rate_limit_exceeded: {
    status: 429,
    type: "rate_limit_error",
    retryable: true,
    headerType: "rate_limit",
  },
  budget_exhausted: {
    status: 429,
    type: "rate_limit_error",
    retryable: false,
    headerType: "budget",
  },
  insufficient_quota: {
    status: 429,
    type: "rate_limit_error",
    retryable: false,
    headerType: "quota",
  },
  internal_error: {
    status: 500,
    type: "api_error",
    retryable: false,
    headerType: "server_error",
  },
  // Not retryable for a refused credential: the raiser overrides it.
  upstream_error: { status: 502, type: "api_error", retryable: true, headerType: "server_error" },
  no_provider_available: unavailable,
  model_unavailable: unavailable,
  service_unavailable: unavailable,
  upstream_timeout: { status: 504, type: "api_error", retryable: true, headerType: "timeout" },
  stream_duration_exceeded: {
    status: 0,
    type: "api_error",
    retryable: true,
    headerType: "timeout",
  },
  client_disconnected: {
    status: 0,
    type: "api_error",
    retryable: false,
    headerType: "server_error",
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;

export type ErrorCode = keyof typeof errorTable;
