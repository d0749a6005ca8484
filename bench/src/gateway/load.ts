import type { WorkloadName } from "./workloads.ts";

/** What the load generator is asked to do for one round. */
export type LoadOrder = {
  readonly url: string;
  readonly apiKey: string;
  readonly workload: WorkloadName;
  readonly seconds: number;
  readonly concurrency: number;
  /** Requests started a second, at most `concurrency` in flight; `null` = as many as are answered. */
  readonly requestsPerSecond: number | null;
};

/** What one round of load saw from the caller's side. */
export type LoadReport = {
  readonly requests: number;
  /** First request to last answer. */
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failures: number;
  readonly firstFailure: string | null;
};
