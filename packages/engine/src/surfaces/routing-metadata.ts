import { usdFromPico } from "@pointsman/core";
import type { Candidate } from "@pointsman/core";
import type { Loss } from "@pointsman/translate";
import type { RunReport } from "../run/run-report.ts";

const rounded = (ms: number): number => Math.round(ms * 100) / 100;

/** What is told of a finished request (docs/contract.md §15). */
export type RoutingMetadata = {
  readonly provider: string;
  readonly provider_model_id: string;
  readonly model_canonical: string;
  readonly routing_strategy: string;
  readonly cost: {
    readonly usd: number;
    readonly cache_savings_usd?: number;
    readonly cache_savings_percent?: number;
    readonly estimated?: true;
    readonly byok?: true;
  };
  readonly ttft_ms?: number;
  readonly throughput_tps?: number;
  readonly warnings?: readonly { type: string; code: string; message: string }[];
  readonly attempts?: readonly {
    provider: string;
    provider_model_id: string;
    outcome: string;
    status?: number;
    duration_ms: number;
  }[];
};

/** The outcomes a caller sees are fewer than core's. */
export const shownOutcome = (outcome: string): string =>
  outcome === "context_length" || outcome === "unsupported_parameter" ? "bad_request" : outcome;

/** A report that names who is told of. */
type ServedReport = RunReport & { readonly served: Candidate };

const costOfReport = (report: ServedReport): RoutingMetadata["cost"] => {
  const { cacheSavings } = report;
  return {
    usd: usdFromPico(report.costPicoUsd),
    ...(cacheSavings === null ? {} : { cache_savings_usd: usdFromPico(cacheSavings.picoUsd) }),
    ...(cacheSavings === null || cacheSavings.percent === 0
      ? {}
      : { cache_savings_percent: cacheSavings.percent }),
    ...(report.estimated ? { estimated: true } : {}),
    ...(report.served.credential.owner === "byok" ? { byok: true } : {}),
  };
};

/** Renders the report of a run that was answered; `dropped` = what its surface could not carry of it. */
export const routingMetadata = (
  report: ServedReport,
  dropped: readonly Loss[] = [],
): RoutingMetadata => {
  const { served, attempts } = report;
  const losses = dropped.length === 0 ? report.losses : [...report.losses, ...dropped];
  return {
    provider: served.offering.provider,
    provider_model_id: served.offering.providerModelId,
    model_canonical: served.offering.model,
    routing_strategy: report.decision.strategy,
    cost: costOfReport(report),
    ...(report.ttftMs === null ? {} : { ttft_ms: rounded(report.ttftMs) }),
    ...(report.throughputTps === null ? {} : { throughput_tps: report.throughputTps }),
    ...(losses.length === 0
      ? {}
      : { warnings: losses.map(({ type, code, message }) => ({ type, code, message })) }),
    ...(attempts.length < 2
      ? {}
      : {
          attempts: attempts.map(({ candidate, outcome, status, durationMs }) => ({
            provider: candidate.offering.provider,
            provider_model_id: candidate.offering.providerModelId,
            outcome: shownOutcome(outcome),
            ...(status === null ? {} : { status }),
            duration_ms: rounded(durationMs),
          })),
        }),
  };
};

/** The same of a run that failed, told of who was tried last; `null` = nobody was. */
export const failedMetadata = (report: RunReport): RoutingMetadata | null => {
  const served = report.attempts.at(-1)?.candidate;
  return served === undefined ? null : routingMetadata({ ...report, served });
};
