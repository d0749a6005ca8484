import type { OutcomeKind } from "../health/outcome.ts";

/** One finished attempt, as `react` wants to know it. */
export type AttemptRecord = {
  /** Index into the decision's candidates. */
  readonly candidate: number;
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly durationMs: number;
};

/** Codes a request can end with once attempts were made (docs/contract.md §6). */
export type StopCode =
  | "bad_request"
  | "content_filtered"
  | "context_length_exceeded"
  | "rate_limit_exceeded"
  | "upstream_timeout"
  | "no_provider_available"
  | "upstream_error"
  | "client_disconnected";

/** What to do after a failed attempt. */
export type Reaction =
  | {
      readonly type: "retry";
      readonly candidate: number;
      readonly afterMs: number;
      /** Paid from the retry budget: to be reported with a `retry_spent` event. */
      readonly fromBudget: boolean;
    }
  | { readonly type: "next"; readonly candidate: number; readonly afterMs: number }
  | {
      readonly type: "stop";
      /** `bad_request`: the caller's fault, shown as the provider's own 400 or 413. */
      readonly code: StopCode;
      /** Shortest wait after which it may be different; `null` = unknown. */
      readonly retryAfterMs: number | null;
    };
