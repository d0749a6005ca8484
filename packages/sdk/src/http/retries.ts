import type { PointsmanAPIError } from "../errors.ts";

/** Codes of retryable types that it is no use to repeat (docs/contract.md §28). */
const finalCodes: ReadonlySet<string> = new Set([
  "budget_exhausted",
  "insufficient_quota",
  "internal_error",
  "duplicate_resource",
  "field_immutable",
  "method_not_allowed",
  "operation_not_allowed",
  "state_precondition_failed",
]);

const firstWaitMs = 500;
const waitFactor = 1.5;
const longestOwnWaitMs = 30_000;

/** What stands before the gateway is overloaded or broken: all that a status without an error can say. */
const isPassing = (status: number): boolean => status === 429 || status >= 500;

/** Whether a request may be repeated: the server's word wins. */
export const isRetryable = (error: PointsmanAPIError): boolean => {
  const said = error.responseHeaders?.get("x-should-retry");
  if (said === "true" || said === "false") return said === "true";
  if (error.code === "malformed_response") return isPassing(error.statusCode);
  const mayRetry = error.type === "rate_limit_error" || error.type === "api_error";
  return mayRetry && !finalCodes.has(error.code);
};

/**
 * How long to wait before attempt `retry` (from 0), ms: 0.5 s × 1.5ⁿ up to 30 s, give or take a fifth, or what
 * the server asks for if that is longer.
 *
 * @param random a number from 0 to 1
 */
export const waitMs = (retry: number, error: PointsmanAPIError, random: number): number => {
  const own = Math.min(longestOwnWaitMs, firstWaitMs * waitFactor ** retry) * (0.8 + 0.4 * random);
  return Math.max(own, (error.retryAfterSeconds ?? 0) * 1000);
};
