import { completionTokensOf, promptTokensOf, usdFromPico } from "@pointsman/core";
import type { RouterState } from "@pointsman/core";
import { describeHealth } from "@pointsman/core/health";
import { Counter, Gauge, Registry } from "prom-client";
import type { FinishedRequest } from "./finished-request.ts";
import { LateHistogram } from "./late-histogram.ts";
import { addOne, Tallies } from "./tallies.ts";

/** Metrics in Prometheus' text form. */
export interface Metrics {
  readonly contentType: string;
  count(finished: FinishedRequest): void;
  text(): Promise<string>;
}

const seconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const overheadSeconds = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05];

const noLabels = {};

const breakerLevel = { closed: 0, half_open: 1, open: 2 } as const;

/** Metrics of one gateway; names have no other part than labels of few values. */
export const createMetrics = (state: () => RouterState, nowMs: () => number): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  const tallies = new Tallies();
  const requests = new Counter({
    name: "pointsman_requests_total",
    help: "Inference requests that are over, by way in and how they ended.",
    labelNames: ["endpoint", "outcome"] as const,
    registers,
    collect: () => {
      requests.reset();
      for (const [endpoint, outcomes] of tallies.requests) {
        for (const [outcome, count] of outcomes) requests.inc({ endpoint, outcome }, count);
      }
    },
  });
  const attempts = new Counter({
    name: "pointsman_attempts_total",
    help: "Calls to providers that are over.",
    labelNames: ["provider", "model", "outcome"] as const,
    registers,
    collect: () => {
      attempts.reset();
      for (const { provider, model, attempts: outcomes } of tallies.models()) {
        for (const [outcome, count] of outcomes) attempts.inc({ provider, model, outcome }, count);
      }
    },
  });
  const durations = new LateHistogram({
    name: "pointsman_request_duration_seconds",
    help: "From the request's head to the answer's end.",
    labelNames: ["endpoint"] as const,
    buckets: seconds,
    registers,
  });
  const ttft = new LateHistogram({
    name: "pointsman_ttft_seconds",
    help: "From the request's head to the first content of a stream.",
    labelNames: ["provider", "model"] as const,
    buckets: seconds,
    registers,
  });
  const overhead = new LateHistogram({
    name: "pointsman_overhead_seconds",
    help: "Time the gateway takes before the first call goes out.",
    buckets: overheadSeconds,
    registers,
  });
  const tokens = new Counter({
    name: "pointsman_tokens_total",
    help: "Tokens of answers, by direction.",
    labelNames: ["provider", "model", "direction"] as const,
    registers,
    collect: () => {
      tokens.reset();
      for (const { provider, model, inputTokens, outputTokens } of tallies.models()) {
        tokens.inc({ provider, model, direction: "input" }, inputTokens);
        tokens.inc({ provider, model, direction: "output" }, outputTokens);
      }
    },
  });
  const cost = new Counter({
    name: "pointsman_cost_usd_total",
    help: "Cost of all billed calls, USD.",
    labelNames: ["provider", "model"] as const,
    registers,
    collect: () => {
      cost.reset();
      for (const { provider, model, usd } of tallies.models()) cost.inc({ provider, model }, usd);
    },
  });
  const breakers = new Gauge({
    name: "pointsman_breaker_state",
    help: "Circuit breaker of an offering: 0 closed, 1 half open, 2 open.",
    labelNames: ["provider", "model", "tier"] as const,
    registers,
    collect: () => {
      for (const { offering, breaker } of describeHealth(state(), nowMs())) {
        const { provider, model, tier } = offering;
        breakers.set({ provider, model, tier }, breakerLevel[breaker]);
      }
    },
  });

  return {
    contentType: registry.contentType,
    count: ({ endpoint, outcome, durationMs, report }) => {
      tallies.requestEnded(endpoint, outcome);
      durations.observe({ endpoint }, durationMs / 1000);
      if (report === null) return;
      overhead.observe(noLabels, report.overheadMs / 1000);
      for (const attempt of report.attempts) {
        const { provider, model } = attempt.candidate.offering;
        const tally = tallies.of(provider, model);
        addOne(tally.attempts, attempt.outcome);
        tally.usd += usdFromPico(attempt.costPicoUsd);
      }
      const { served, usage, ttftMs } = report;
      if (served === null || usage === null) return;
      const { provider, model } = served.offering;
      const tally = tallies.of(provider, model);
      tally.inputTokens += promptTokensOf(usage);
      tally.outputTokens += completionTokensOf(usage);
      if (ttftMs !== null) ttft.observe({ provider, model }, ttftMs / 1000);
    },
    text: () => registry.metrics(),
  };
};
