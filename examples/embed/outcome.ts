import type { OutcomeKind } from "@pointsman/core";

const byStatus: Readonly<Record<number, OutcomeKind>> = {
  401: "auth_error",
  403: "auth_error",
  404: "model_unavailable",
  408: "timeout",
  429: "rate_limited",
  503: "overloaded",
  529: "overloaded",
};

/** What a status says in core's words. */
export const outcomeOf = (status: number): OutcomeKind => {
  if (status < 300) return "success";
  return byStatus[status] ?? (status < 500 ? "bad_request" : "server_error");
};

/** What it says if there was no answer at all. */
export const outcomeOfError = (error: unknown): OutcomeKind =>
  error instanceof Error && error.name === "TimeoutError" ? "timeout" : "network_error";

/** `Retry-After` in ms; `null` = none, or a date, which these providers do not send. */
export const retryAfterMsOf = (header: string | null | undefined): number | null => {
  const seconds = Number(header ?? Number.NaN);
  return seconds >= 0 ? seconds * 1000 : null;
};
