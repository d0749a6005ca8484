import type { OutcomeKind, Usage } from "@pointsman/core";
import type { VirtualErrorKind } from "@pointsman/simulator";
import type { UsageMessage } from "../protocol/messages.ts";

/** Errors of the protocol in core's words. */
export const outcomeOf: Readonly<Record<VirtualErrorKind, OutcomeKind>> = {
  rate_limited: "rate_limited",
  overloaded: "overloaded",
  unavailable: "overloaded",
  server_error: "server_error",
  timeout: "timeout",
  context_length: "context_length",
  unknown_provider: "model_unavailable",
};

/** The status an HTTP provider would have failed with; `null` = none came. */
export const statusOf: Readonly<Record<VirtualErrorKind, number | null>> = {
  rate_limited: 429,
  overloaded: 529,
  unavailable: 503,
  server_error: 500,
  timeout: null,
  context_length: 400,
  unknown_provider: 404,
};

export const usageOf = (usage: UsageMessage): Usage => ({
  inputTokens: usage.in - usage.cached - usage.write - usage.write_1h,
  cacheReadTokens: usage.cached,
  cacheWrite5mTokens: usage.write,
  cacheWrite1hTokens: usage.write_1h,
  outputTokens: usage.out,
  reasoningTokens: 0,
});
