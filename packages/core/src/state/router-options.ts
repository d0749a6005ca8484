import type { Plugs } from "../plugs/plugs.ts";
import { completeBreakerOptions } from "../health/breaker.ts";
import type { BreakerOptions } from "../health/breaker.ts";
import type { RateLimits } from "../health/rate-window.ts";
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
  /** The same by offering id or, failing that, by provider. @default `breaker` for all */
  readonly breakers?: Readonly<Record<string, BreakerOptions>>;
  /** Mean answer believed beforehand, tokens. @default 300 */
  readonly outputPriorTokens?: number;
  /**
   * Most laws of answer lengths, one per workspace × model and one per hint of it; each takes about 2.5 kB,
   * at most 8. @default 4096
   */
  readonly outputEntries?: number;
  /** Share of requests that may try offerings nothing is known of, 0–0.02. @default 0 */
  readonly exploration?: number;
  /** Draws between candidates that are closer than what is known of them. @default true */
  readonly uncertaintyDraw?: boolean;
  /** Rate limits of an account, by offering id or, failing that, by provider. @default none */
  readonly limits?: Readonly<Record<string, RateLimits>>;
  /** Most prefixes remembered, rounded up to a power of two; each takes 84 bytes. @default 131072 */
  readonly prefixEntries?: number;
  /**
   * Most accounts remembered, each at each offering it was used at; callers' own keys are forgotten before
   * the platform's accounts. Each takes about 300 bytes. @default 16384
   */
  readonly accountEntries?: number;
  /** Most turns watched for a continuation, likewise; each takes 17 bytes. @default 16384 */
  readonly watchedTurns?: number;
  /** What takes the place of core's own scores, filters and estimates. @default nothing */
  readonly plugs?: Plugs;
  /** Whether the cost of later turns counts. @default true */
  readonly costToGo?: boolean;
  /** Value of a second, as a share of the mean cost of a request. @default 0.03 */
  readonly secondShare?: number;
  /** The same where the expected TTFT is near or over the SLO. @default 0.15 */
  readonly secondShareOverSlo?: number;
};

/** The options with every default filled in. */
export type CompleteRouterOptions = {
  readonly latencyPriors: Readonly<Record<string, LatencyPrior>>;
  readonly retry: Required<RetryOptions>;
  readonly breaker: Required<BreakerOptions>;
  readonly breakers: Readonly<Record<string, Required<BreakerOptions>>>;
  readonly outputPriorTokens: number;
  readonly outputEntries: number;
  readonly exploration: number;
  readonly uncertaintyDraw: boolean;
  readonly limits: Readonly<Record<string, RateLimits>>;
  readonly prefixEntries: number;
  readonly accountEntries: number;
  readonly watchedTurns: number;
  readonly plugs: Plugs;
  readonly costToGo: boolean;
  readonly secondShare: number;
  readonly secondShareOverSlo: number;
};

/** No more than this share of requests is ever spent on exploring (docs/contract.md §5). */
const MOST_EXPLORATION = 0.02;

export const completeRouterOptions = (options: RouterOptions): CompleteRouterOptions => ({
  latencyPriors: options.latencyPriors ?? {},
  retry: completeRetryOptions(options.retry),
  breaker: completeBreakerOptions(options.breaker),
  breakers: Object.fromEntries(
    Object.entries(options.breakers ?? {}).map(([id, own]) => [
      id,
      completeBreakerOptions({ ...options.breaker, ...own }),
    ]),
  ),
  outputPriorTokens: options.outputPriorTokens ?? 300,
  outputEntries: options.outputEntries ?? 4096,
  exploration: Math.min(MOST_EXPLORATION, Math.max(0, options.exploration ?? 0)),
  uncertaintyDraw: options.uncertaintyDraw ?? true,
  limits: options.limits ?? {},
  prefixEntries: options.prefixEntries ?? 131_072,
  accountEntries: options.accountEntries ?? 16_384,
  watchedTurns: options.watchedTurns ?? 16_384,
  plugs: options.plugs ?? {},
  costToGo: options.costToGo ?? true,
  secondShare: options.secondShare ?? 0.03,
  secondShareOverSlo: options.secondShareOverSlo ?? 0.15,
});

export const latencyPriorOf = (
  options: CompleteRouterOptions,
  offering: Offering,
): Required<LatencyPrior> =>
  completePrior(options.latencyPriors[offering.id] ?? options.latencyPriors[offering.provider]);

export const breakerOptionsOf = (
  options: CompleteRouterOptions,
  { id, provider }: Offering,
): Required<BreakerOptions> =>
  options.breakers[id] ?? options.breakers[provider] ?? options.breaker;

/** Limits of an offering's accounts; `null` = none known. */
export const limitsOf = (options: CompleteRouterOptions, offering: Offering): RateLimits | null => {
  const limits = options.limits[offering.id] ?? options.limits[offering.provider];
  const { requestsPerMinute, tokensPerMinute } = limits ?? {};
  return limits === undefined || (requestsPerMinute === undefined && tokensPerMinute === undefined)
    ? null
    : limits;
};
