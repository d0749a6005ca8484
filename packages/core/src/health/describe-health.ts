import { expectedLatency } from "../latency/latency-fit.ts";
import type { Offering } from "../offering/offering.ts";
import type { RouterState } from "../state/router-state.ts";
import { breakerReadyAtMs, breakerStateAt } from "./breaker.ts";
import type { Breaker } from "./breaker.ts";
import { successOddsOf } from "./offering-health.ts";

/** The prompt that times to first token are told for, tokens. */
export const DESCRIBED_PROMPT_TOKENS = 1000;

/** How an offering is doing, as learned from its attempts. */
export type DescribedHealth = {
  readonly offering: Offering;
  readonly breaker: Breaker["state"];
  /** Unix ms at which it may be tried like any other; `null` = now. */
  readonly readyAtMs: number | null;
  /** Attempts begun and not ended. */
  readonly inFlight: number;
  /** 0–1. */
  readonly successProbability: number;
  /** Attempts that its speed was learned from; at 0 what follows is the prior. */
  readonly observations: number;
  /** For a prompt of `DESCRIBED_PROMPT_TOKENS`, none of them cached. */
  readonly ttftMs: number;
  readonly ttftMsP95: number;
  readonly throughputTps: number;
};

/** The health of every offering, in the order they were given. */
export const describeHealth = (state: RouterState, nowMs: number): readonly DescribedHealth[] =>
  state.learned.rows.map(({ offering, health, latency, latencyPrior }) => {
    const expected = expectedLatency(latency, latencyPrior, DESCRIBED_PROMPT_TOKENS);
    const { breaker, inFlight } = health;
    return {
      offering,
      breaker: breakerStateAt(breaker, nowMs),
      readyAtMs: breaker.state === "open" ? breakerReadyAtMs(breaker, nowMs) : null,
      inFlight,
      successProbability: successOddsOf(health, nowMs),
      observations: latency.observations,
      ttftMs: expected.ttftMs,
      ttftMsP95: expected.ttftP95Ms,
      throughputTps: 1000 / expected.msPerToken,
    };
  });
