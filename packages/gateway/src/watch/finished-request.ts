import type { Endpoint } from "@pointsman/core";
import type { RunReport } from "@pointsman/engine";

/** What is known of an inference request once it is over; no content. */
export type FinishedRequest = {
  readonly requestId: string;
  readonly decisionId: string;
  /** Unix ms. */
  readonly atMs: number;
  readonly workspaceId: string;
  readonly keyId: string;
  readonly tags: readonly string[];
  readonly endpoint: Endpoint;
  readonly stream: boolean;
  /** `success`, `client_disconnected`, or the code of its error. */
  readonly outcome: string;
  /** Since its head was read, ms. */
  readonly durationMs: number;
  /** `null` = nothing was decided, or the caller left. */
  readonly report: RunReport | null;
};

/** Hears of every request that is over. */
export type FinishedListener = (finished: FinishedRequest) => void;
