import { standingOf } from "../health/breaker.ts";
import { hardRestOf } from "../health/rest.ts";
import type { RouterState } from "../state/router-state.ts";
import { mayHelpAfter } from "./courses.ts";
import type { Candidate, Decision } from "./decision.ts";
import type { AttemptRecord } from "./reaction.ts";

/** Indices of candidates that may still be tried, best first, healthy ones before a last resort. */
export const remainingCandidates = (
  state: RouterState,
  decision: Decision,
  attempts: readonly AttemptRecord[],
  nowMs: number,
): readonly number[] => {
  const tried = new Set(attempts.map(({ candidate }) => candidate));
  const lastResortUsed = [...tried].some((index) => decision.candidates[index]?.resting === true);
  const mayHelp = (next: Candidate): boolean =>
    attempts.every(({ candidate, outcome }) => {
      const before = decision.candidates[candidate];
      return before === undefined || mayHelpAfter(outcome, before, next);
    });
  const open = decision.candidates.flatMap((candidate, index) => {
    const track = state.learned.tracks.get(candidate.offering.id);
    const standing = track === undefined ? "ready" : standingOf(track.health.breaker, nowMs);
    return !tried.has(index) &&
      hardRestOf(state, candidate, { nowMs, promptTokens: decision.prompt.tokens }) === null &&
      mayHelp(candidate)
      ? [{ index, standing }]
      : [];
  });
  const ready = open.filter(({ standing }) => standing === "ready");
  // One last resort a request: in an outage of everything, load must not multiply.
  const resting = lastResortUsed ? [] : open.filter(({ standing }) => standing === "resting");
  return [...ready, ...resting].map(({ index }) => index);
};
