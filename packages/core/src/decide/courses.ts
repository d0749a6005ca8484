import type { OutcomeKind } from "../health/outcome.ts";
import type { Candidate } from "./decision.ts";

/** What an outcome asks for (docs/contract.md §6). */
type Course = {
  /** On the same candidate: `retry` from the budget, `wait` for a rate limit, `no`, or nothing at all: `stop`. */
  readonly again: "retry" | "wait" | "no" | "stop";
  /** Where another attempt may help: another offering, account or credential, or a larger window. */
  readonly elsewhere: "offering" | "account" | "credential" | "larger_window";
};

export const courses: Readonly<Record<OutcomeKind, Course>> = {
  network_error: { again: "retry", elsewhere: "offering" },
  server_error: { again: "retry", elsewhere: "offering" },
  overloaded: { again: "retry", elsewhere: "offering" },
  bad_response: { again: "retry", elsewhere: "offering" },
  stream_cut: { again: "retry", elsewhere: "offering" },
  timeout: { again: "no", elsewhere: "offering" },
  unsupported_parameter: { again: "no", elsewhere: "offering" },
  context_length: { again: "no", elsewhere: "larger_window" },
  auth_error: { again: "no", elsewhere: "credential" },
  // Rates and access belong to an account.
  rate_limited: { again: "wait", elsewhere: "account" },
  model_unavailable: { again: "no", elsewhere: "account" },
  bad_request: { again: "stop", elsewhere: "offering" },
  content_filtered: { again: "stop", elsewhere: "offering" },
  cancelled: { again: "stop", elsewhere: "offering" },
  // Needs no reaction; whoever asks all the same is told to end.
  success: { again: "stop", elsewhere: "offering" },
};

/** Whether a candidate not tried yet may help after an attempt on another one ended in `outcome`. */
export const mayHelpAfter = (outcome: OutcomeKind, tried: Candidate, next: Candidate): boolean => {
  const { elsewhere } = courses[outcome];
  if (elsewhere === "account") return true;
  if (elsewhere === "credential") return next.credential.id !== tried.credential.id;
  if (next.offering.id === tried.offering.id) return false;
  return (
    elsewhere === "offering" ||
    (next.offering.contextWindow ?? Infinity) > (tried.offering.contextWindow ?? 0)
  );
};
