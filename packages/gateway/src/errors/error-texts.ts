import type { ErrorCode } from "@pointsman/translate";

/** What a code means, and what to do about it. */
type ErrorText = { readonly meaning: string; readonly remedy: string };

export const errorTexts: Readonly<Record<ErrorCode, ErrorText>> = {
  invalid_api_key: {
    meaning: "No key was sent, or it is not known here, or it was revoked.",
    remedy: "Send a key as Authorization: Bearer <key>.",
  },
  expired_api_key: {
    meaning: "The key's time is over.",
    remedy: "Make another key, or extend this one by PATCH /v1/workspaces/{id}/api-keys/{key}.",
  },
  invalid_recovery_code: { meaning: "Reserved; never sent.", remedy: "Nothing to do." },
  mfa_verification_failed: { meaning: "Reserved; never sent.", remedy: "Nothing to do." },
  insufficient_permissions: {
    meaning: "The key lacks the scope that the call needs; the message names it.",
    remedy: "Use a key that has it, or have one made with it.",
  },
  feature_disabled: {
    meaning: "The operator has switched this off, or not set it up.",
    remedy: "Ask the operator; the message says what is missing.",
  },
  mfa_required: { meaning: "Reserved; never sent.", remedy: "Nothing to do." },
  invalid_request: {
    meaning:
      "The body is no JSON object, or a provider refused what it holds and no better code says how.",
    remedy: "Read the message: it is the provider's own where a provider is named.",
  },
  missing_required_parameter: {
    meaning: "A field that must be there is not; param names it.",
    remedy: "Add it.",
  },
  invalid_parameter_value: {
    meaning: "A field holds what it may not; param names it.",
    remedy: "The message says what it may hold.",
  },
  unknown_field: {
    meaning: "There is no such field.",
    remedy: "Leave it out; check its spelling.",
  },
  context_length_exceeded: {
    meaning: "The prompt is longer than the window of every provider that could take it.",
    remedy: "Shorten it, or ask for a model with a larger window.",
  },
  content_filtered: {
    meaning: "A provider's filter refused the prompt, or the whole answer.",
    remedy: "Change the prompt. Nothing was tried elsewhere: the refusal is about the content.",
  },
  field_immutable: {
    meaning: "The field cannot be changed once the thing is made.",
    remedy: "Make another one.",
  },
  operation_not_allowed: {
    meaning: "The call would do what it may not, such as a key revoking itself.",
    remedy: "The message says what to do instead.",
  },
  payment_declined: { meaning: "Reserved; never sent.", remedy: "Nothing to do." },
  payment_method_invalid: { meaning: "Reserved; never sent.", remedy: "Nothing to do." },
  tools_not_supported: {
    meaning: "No provider of the model takes tools.",
    remedy: "Leave them out, or ask for another model.",
  },
  no_tools_on_endpoint: {
    meaning: "The model takes tools, but not by this endpoint.",
    remedy: "Use another endpoint or model.",
  },
  tool_choice_required_not_supported: {
    meaning: "No provider of the model can be made to call a tool.",
    remedy: "Use tool_choice auto, or another model.",
  },
  hosted_tool_not_supported: {
    meaning: "No provider of the model runs this hosted tool.",
    remedy: "Leave it out, or ask for the model of the tool's maker.",
  },
  json_mode_not_supported: {
    meaning: "No provider of the model answers in JSON mode.",
    remedy: "Ask for JSON in the prompt, or for another model.",
  },
  structured_output_not_supported: {
    meaning: "No provider of the model holds its answer to a schema.",
    remedy: "Ask for another model, or check the answer yourself.",
  },
  tools_with_structured_output_not_supported: {
    meaning: "No provider of the model takes tools and a schema of the answer together.",
    remedy: "Use one of them, or another model.",
  },
  vision_not_supported: {
    meaning: "No provider of the model sees images.",
    remedy: "Ask for a model that does: /v1/registry/models lists abilities.",
  },
  unsupported_modalities: {
    meaning: "No provider of the model takes this kind of input or gives this kind of output.",
    remedy: "Ask for another model.",
  },
  reasoning_not_supported: {
    meaning: "The model does not reason.",
    remedy: "Leave reasoning_effort out, or ask for another model.",
  },
  thinking_disable_not_supported: {
    meaning: "The model cannot be kept from reasoning.",
    remedy: "Ask for a low effort, or for another model.",
  },
  streaming_not_supported: {
    meaning: "No provider of the model streams.",
    remedy: "Leave stream out.",
  },
  non_streaming_not_supported: {
    meaning: "Providers of the model only stream.",
    remedy: "Set stream to true.",
  },
  batch_only: { meaning: "The model answers in batches only.", remedy: "Ask for another model." },
  tier_opt_in_required: {
    meaning: "The model is offered at a premium tier only, and none was asked for.",
    remedy: "Set gateway.routing.tier.",
  },
  no_compatible_endpoint: {
    meaning: "No single offering meets all that the request needs: data policy, tier, abilities.",
    remedy: "Relax what the message names.",
  },
  response_api_only: {
    meaning: "The model is served on the Responses API only.",
    remedy: "Use POST /v1/responses.",
  },
  no_responses_endpoint: {
    meaning: "Nothing serves the model on the Responses API.",
    remedy: "Use POST /v1/chat/completions.",
  },
  input_requires_responses_endpoint: {
    meaning: "The input needs a native Responses API, which no provider of the model has.",
    remedy: "Leave that input out, or ask for another model.",
  },
  cost_constraint_exceeded: {
    meaning: "Every offering costs more than gateway.routing.max_cost_per_1m.",
    remedy: "Raise it; the message names the nearest price.",
  },
  latency_constraint_exceeded: {
    meaning: "Every offering is slower than gateway.routing.max_ttft_ms.",
    remedy: "Raise it; the message names the nearest.",
  },
  throughput_constraint_not_met: {
    meaning: "No offering reaches gateway.routing.min_throughput_tps.",
    remedy: "Lower it; the message names the nearest.",
  },
  provider_not_in_allowlist: {
    meaning: "No provider on the allow-list, the request's or the key's, has the model.",
    remedy: "Widen the list, or ask for another model.",
  },
  provider_blocked: {
    meaning: "Every provider of the model is on the deny-list.",
    remedy: "Shorten gateway.routing.exclude_providers.",
  },
  required_params_not_supported: {
    meaning: "With require_parameters no offering takes all parameters of the request.",
    remedy: "Leave out what the message names, or require_parameters.",
  },
  byok_keys_required: {
    meaning: "With only_byok there is no key of your own for any provider of the model.",
    remedy: "Add a key, or leave only_byok out.",
  },
  platform_keys_unavailable: {
    meaning: "With only_platform there is no platform key for any provider of the model.",
    remedy: "Ask the operator, or leave only_platform out.",
  },
  model_not_found: {
    meaning: "There is no such model, or the key may not see it.",
    remedy: "GET /v1/models lists those there are; the suggestion names the nearest.",
  },
  resource_not_found: {
    meaning: "There is nothing at this path, or it is another workspace's.",
    remedy: "Check the path and the id.",
  },
  method_not_allowed: {
    meaning: "The path is there, but not for this method.",
    remedy: "The Allow header names those that are.",
  },
  idempotency_conflict: {
    meaning:
      "A request with this Idempotency-Key still runs, or the key was used with another body.",
    remedy: "Wait and ask again; or use another key.",
  },
  idempotency_replay_unavailable: {
    meaning: "The request with this Idempotency-Key has finished, and its answer was not kept.",
    remedy: "Use another key for another request.",
  },
  state_precondition_failed: {
    meaning: "The thing is not in the state that the call needs.",
    remedy: "Read it again.",
  },
  duplicate_resource: { meaning: "There is one already.", remedy: "Change the one there is." },
  payload_too_large: {
    meaning: "The body is larger than is taken: 32 MiB here, or a provider's own limit.",
    remedy: "Send less; name images by URL.",
  },
  rate_limit_exceeded: {
    meaning:
      "Too many requests: of the key, or at every provider left. X-Rate-Limit-Source says which.",
    remedy: "Wait as long as Retry-After says.",
  },
  budget_exhausted: {
    meaning: "A budget cannot pay the call; X-Budget-Exceeded-Period and -Scope name it.",
    remedy: "Ask for less output or a cheaper model, wait for the reset, or have the limit raised.",
  },
  insufficient_quota: {
    meaning: "Credits, or a monthly cap, are used up.",
    remedy: "Have them raised.",
  },
  internal_error: {
    meaning: "The gateway failed; this is its fault.",
    remedy: "Report it with the request's id.",
  },
  upstream_error: {
    meaning: "No provider answered, or a stream broke off and nobody could go on with it.",
    remedy:
      "Try again; if it is not retryable, the gateway's credential was refused and its operator must act.",
  },
  no_provider_available: {
    meaning: "No provider can take the request now: all rest after failures.",
    remedy: "Wait as long as Retry-After says.",
  },
  model_unavailable: {
    meaning: "No offering of the model is switched on.",
    remedy: "Ask for another model, or try later.",
  },
  service_unavailable: {
    meaning:
      "The gateway is starting or stopping, or cannot reach what it keeps keys and budgets in.",
    remedy: "Try again.",
  },
  upstream_timeout: {
    meaning: "No provider answered in time, or within the request's own limits.",
    remedy: "Try again, or allow more time.",
  },
  stream_duration_exceeded: {
    meaning: "A stream took longer than it may; told within the stream.",
    remedy: "Ask for less, or allow more time by deadline_ms.",
  },
  client_disconnected: {
    meaning: "The client left. Only ever told in the usage records.",
    remedy: "Nothing to do.",
  },
};
