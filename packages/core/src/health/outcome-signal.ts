import type { OutcomeKind } from "./outcome.ts";

/**
 * What an outcome says of the offering's health: `failure` counts against it; `alive` is an answer
 * that blames the caller's content; `neutral` says nothing.
 */
export type HealthSignal = "success" | "failure" | "alive" | "neutral";

const signals: Readonly<Record<OutcomeKind, HealthSignal>> = {
  success: "success",
  timeout: "failure",
  overloaded: "failure",
  server_error: "failure",
  network_error: "failure",
  bad_response: "failure",
  stream_cut: "failure",
  content_filtered: "alive",
  bad_request: "alive",
  context_length: "alive",
  unsupported_parameter: "alive",
  rate_limited: "neutral",
  auth_error: "neutral",
  model_unavailable: "neutral",
  cancelled: "neutral",
};

export const signalOf = (outcome: OutcomeKind): HealthSignal => signals[outcome];
