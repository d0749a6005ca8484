import { errorTable } from "@pointsman/translate";
import type { GatewayError } from "@pointsman/translate";

/** An error as it goes out over HTTP, but for its body. */
export type ErrorAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
};

/** Longest wait a client is asked for, seconds (docs/contract.md §28). */
const longestRetryAfterSeconds = 3600;

/** Status and headers of an error (docs/contract.md §25–27). */
export const errorAnswer = (error: GatewayError): ErrorAnswer => {
  const row = errorTable[error.code];
  const status = error.status ?? row.status;
  const retryable = String(error.retryable ?? row.retryable);
  const headers: Record<string, string> = {
    "content-type": "application/json; charset=utf-8",
    "x-error-type": row.headerType,
    "x-error-retryable": retryable,
    "x-should-retry": retryable,
  };
  if (error.provider !== undefined) headers["x-error-provider"] = error.provider;
  if (status === 429) headers["x-rate-limit-source"] = error.rateLimitSource ?? "gateway";
  const wait = error.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  if (error.budget !== undefined) {
    headers["x-budget-exceeded"] = "true";
    headers["x-budget-exceeded-period"] = error.budget.period;
    headers["x-budget-exceeded-scope"] = error.budget.scope;
  }
  if (wait !== undefined) {
    // A budget's reset is told as it is.
    const longest = error.budget === undefined ? longestRetryAfterSeconds : Infinity;
    const seconds = Math.min(longest, Math.max(1, Math.ceil(wait)));
    headers["retry-after"] = String(seconds);
    headers["retry-after-ms"] = String(seconds * 1000);
  }
  return { status, headers };
};
