import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import type { Decision } from "./decision.ts";
import type { AttemptRecord } from "./reaction.ts";
import { remainingCandidates } from "./remaining.ts";

/** A fit is trusted with a time-out after so many answers of the same level of reasoning. */
const FEWEST_ANSWERS = 200;
/** Never shorter, ms, nor shorter than what one of 200 takes. */
const SHORTEST_MS = 5000;
/** So many times what is expected, and this much more, ms. */
const TIMES_EXPECTED = 4;
const MORE_MS = 1500;
/**
 * How long to wait for an attempt's first content (streams) or whole answer, ms; `null` = as long as is
 * configured: little is known yet, or nobody else could take over (docs/contract.md §6). Only reads.
 */
export const timeLimitOf = (
  state: RouterState,
  request: RoutingRequest,
  decision: Decision,
  at: {
    readonly index: number;
    readonly attempts: readonly AttemptRecord[];
    readonly nowMs: number;
  },
): number | null => {
  const candidate = decision.candidates[at.index];
  const track = candidate && state.learned.tracks.get(candidate.offering.id);
  const others = new Set(at.attempts.map(({ candidate: tried }) => tried)).add(at.index).size - 1;
  if (decision.candidates.length < 2) return null;
  if (candidate === undefined || track === undefined || others >= request.maxFallbackAttempts) {
    return null;
  }
  const { byEffort, ttftLimit, tokenLimit } = track.latency;
  if ((byEffort[request.reasoningEffort ?? ""] ?? 0) < FEWEST_ANSWERS) return null;
  const { ttftMs, throughputTps } = candidate.expected;
  const restMs = request.stream ? 0 : (decision.output.p95 * 1000) / throughputTps;
  const expectedMs = ttftMs + restMs;
  const tail = request.stream ? ttftLimit : Math.max(ttftLimit, tokenLimit);
  const limitMs = Math.max(SHORTEST_MS, expectedMs * tail, TIMES_EXPECTED * expectedMs + MORE_MS);
  const rivals = remainingCandidates(state, decision, at.attempts, at.nowMs);
  const isHealthy = (index: number): boolean => decision.candidates[index]?.resting === false;
  return rivals.some((index) => index !== at.index && isHealthy(index)) ? limitMs : null;
};
