import { completeBreakerOptions } from "../health/breaker.ts";
import type { BreakerOptions } from "../health/breaker.ts";
import { completeRetryOptions } from "../health/retry-budget.ts";
import type { RetryOptions } from "../health/retry-budget.ts";
import { completePrior } from "../latency/latency-fit.ts";
import type { LatencyPrior } from "../latency/latency-fit.ts";
import type { Offering } from "../offering/offering.ts";

/** What a state is made with. */
export type RouterOptions = {
  /** Every model at every provider; ids must be unique, order is of no consequence. */
  readonly offerings: readonly Offering[];
  /** Speed believed beforehand, by offering id or, failing that, by provider. @default `LatencyPrior`'s */
  readonly latencyPriors?: Readonly<Record<string, LatencyPrior>>;
  /** Same-offering retries. */
  readonly retry?: RetryOptions;
  /** Circuit breakers. */
  readonly breaker?: BreakerOptions;
  /** Mean answer believed beforehand, tokens. @default 300 */
  readonly outputPriorTokens?: number;
  /** Share of requests that may try offerings nothing is known of, 0–0.02; not drawn yet. @default 0 */
  readonly exploration?: number;
};

/** The options with every default filled in. */
export type CompleteRouterOptions = {
  readonly latencyPriors: Readonly<Record<string, LatencyPrior>>;
  readonly retry: Required<RetryOptions>;
  readonly breaker: Required<BreakerOptions>;
  readonly outputPriorTokens: number;
  readonly exploration: number;
};

export const completeRouterOptions = (options: RouterOptions): CompleteRouterOptions => ({
  latencyPriors: options.latencyPriors ?? {},
  retry: completeRetryOptions(options.retry),
  breaker: completeBreakerOptions(options.breaker),
  outputPriorTokens: options.outputPriorTokens ?? 300,
  exploration: options.exploration ?? 0,
});

export const latencyPriorOf = (
  options: CompleteRouterOptions,
  offering: Offering,
): Required<LatencyPrior> =>
  completePrior(options.latencyPriors[offering.id] ?? options.latencyPriors[offering.provider]);
