import { breakerReadyAtMs } from "../health/breaker.ts";
import { hardRestOf } from "../health/rest.ts";
import type { RouterState } from "../state/router-state.ts";
import type { Decision } from "./decision.ts";
import type { AttemptRecord, Reaction, StopCode } from "./reaction.ts";

/** Wait told to the caller where neither provider nor state name one. */
const DEFAULT_WAIT_MS = 1000;

/** Wait until the first candidate may be tried like any other, ms; `null` = none ever was a candidate. */
const shortestRestMs = (state: RouterState, decision: Decision, nowMs: number): number | null => {
  const waits = decision.candidates.map((candidate) => {
    const track = state.learned.tracks.get(candidate.offering.id);
    const breakerMs = track === undefined ? nowMs : breakerReadyAtMs(track.health.breaker, nowMs);
    return (
      Math.max(
        breakerMs,
        hardRestOf(state, candidate, { nowMs, promptTokens: decision.prompt.tokens })?.untilMs ??
          nowMs,
      ) - nowMs
    );
  });
  return waits.length === 0 ? null : Math.max(DEFAULT_WAIT_MS, Math.min(...waits));
};

/** Shortest wait any rate limit asked for, by each candidate's latest word. */
const shortestRateLimitMs = (
  state: RouterState,
  decision: Decision,
  attempts: readonly AttemptRecord[],
  nowMs: number,
): number => {
  const waits = new Map(
    attempts.map((attempt) => {
      const candidate = decision.candidates[attempt.candidate];
      const rest =
        candidate === undefined
          ? null
          : hardRestOf(state, candidate, { nowMs, promptTokens: decision.prompt.tokens });
      const restMs = rest === null ? DEFAULT_WAIT_MS : rest.untilMs - nowMs;
      return [attempt.candidate, attempt.retryAfterMs ?? restMs];
    }),
  );
  return Math.min(...waits.values());
};

/** How a request ends once nothing is left to try; the caller's own fault comes first. */
export const exhausted = (
  state: RouterState,
  decision: Decision,
  attempts: readonly AttemptRecord[],
  nowMs: number,
): Reaction => {
  const stop = (code: StopCode, retryAfterMs: number | null = null): Reaction => ({
    type: "stop",
    code,
    retryAfterMs,
  });
  const some = (outcome: AttemptRecord["outcome"]): boolean =>
    attempts.some((attempt) => attempt.outcome === outcome);
  const all = (outcome: AttemptRecord["outcome"]): boolean =>
    attempts.every((attempt) => attempt.outcome === outcome);

  if (some("cancelled")) return stop("client_disconnected");
  if (some("content_filtered")) return stop("content_filtered");
  if (some("bad_request")) return stop("bad_request");
  if (attempts.length === 0) {
    const rests = decision.candidates.map((candidate) =>
      hardRestOf(state, candidate, { nowMs, promptTokens: decision.prompt.tokens }),
    );
    const rateLimited = rests.length > 0 && rests.every((rest) => rest?.cause === "rate");
    return stop(
      rateLimited ? "rate_limit_exceeded" : "no_provider_available",
      shortestRestMs(state, decision, nowMs),
    );
  }
  if (all("context_length")) return stop("context_length_exceeded");
  if (all("rate_limited")) {
    return stop("rate_limit_exceeded", shortestRateLimitMs(state, decision, attempts, nowMs));
  }
  // Only last resorts were tried: nobody was expected to answer.
  if (attempts.every(({ candidate }) => decision.candidates[candidate]?.resting === true)) {
    return stop("no_provider_available", shortestRestMs(state, decision, nowMs));
  }
  return all("timeout") ? stop("upstream_timeout") : stop("upstream_error");
};
