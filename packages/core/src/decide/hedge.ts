import { PICO_PER_USD } from "../cost/usd.ts";
import { quantileOf } from "../latency/quantile-sketch.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import type { Decision } from "./decision.ts";
import { remainingCandidates } from "./remaining.ts";
import { meanCost, valueOfMs } from "./value-of-time.ts";

/** The tail is known after so many answers. */
const FEWEST_ANSWERS = 40;
/** When the second attempt goes out, and how long the first is then believed to take. */
const SILENT_SHARE = 0.95;
const LATE_SHARE = 0.99;

/** A second attempt beside a first that keeps silent for long. */
export type Hedge = { readonly candidate: number; readonly afterMs: number };

/**
 * Whether a stream's first attempt is worth a second beside it, and when: after the 0.95 quantile of its
 * TTFT, if the time that would save is worth more than the second attempt costs. Only reads.
 */
export const hedgeOf = (
  state: RouterState,
  request: RoutingRequest,
  decision: Decision,
  at: { readonly index: number; readonly nowMs: number },
): Hedge | null => {
  const first = decision.candidates[at.index];
  const track = first && state.learned.tracks.get(first.offering.id);
  const sketch = track?.latency.ttftSketch ?? null;
  if (first === undefined || !request.stream || request.maxFallbackAttempts === 0) return null;
  if (sketch === null || sketch.seen < FEWEST_ANSWERS) return null;
  const record = { candidate: at.index, outcome: "timeout", status: null } as const;
  const attempts = [{ ...record, retryAfterMs: null, durationMs: 0 }];
  const [candidate] = remainingCandidates(state, decision, attempts, at.nowMs);
  const second = candidate === undefined ? undefined : decision.candidates[candidate];
  if (candidate === undefined || second === undefined || second.resting) return null;
  const { costUsd } = second.expected;
  if (costUsd === null) return null;
  const { ttftMs } = first.expected;
  const afterMs = ttftMs * Math.max(1, quantileOf(sketch, SILENT_SHARE));
  const lateMs = ttftMs * Math.max(1, quantileOf(sketch, LATE_SHARE));
  const savedMs = lateMs - afterMs - second.expected.ttftMs;
  const cost = costUsd * PICO_PER_USD;
  const worth = savedMs * valueOfMs(state.options, request, meanCost(state.learned, cost));
  return worth > cost ? { candidate, afterMs } : null;
};
