import { canRetry } from "../health/retry-budget.ts";
import { uniform } from "../random/seeded.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import { prefersSpeed, resolveStrategy } from "../strategy/resolve-strategy.ts";
import { courses } from "./courses.ts";
import type { Candidate, Decision } from "./decision.ts";
import type { DecideOptions } from "./evaluate.ts";
import { exhausted } from "./exhausted.ts";
import type { AttemptRecord, Reaction } from "./reaction.ts";
import { remainingCandidates } from "./remaining.ts";

export type ReactOptions = DecideOptions & {
  /** End of the request's time, Unix ms: no wait reaches it. @default none */
  readonly deadlineAtMs?: number;
  /** A part of the answer is out: nothing is repeated, only others can go on with it. @default false */
  readonly contentOut?: boolean;
};

/** Mean pause before a same-offering retry; drawn between half and one and a half of it. */
const RETRY_PAUSE_MS = 200;
/** Longest pause a provider may ask for that is kept where another candidate is left, and where none is. */
const LONGEST_WAIT_MS = 2500;
const LONGEST_WAIT_ALONE_MS = 5000;
/** Pause before the one further try after a 429 without a hint, where no other candidate is left. */
const BLIND_WAIT_MS = 1000;

/** After a 429 on an own key: the same provider's platform key, if it may be tried. */
const platformSibling = (
  decision: Decision,
  tried: Candidate,
  open: readonly number[],
): number | undefined => {
  if (tried.credential.owner !== "byok") return undefined;
  const siblings = open.filter((index) => {
    const other = decision.candidates[index];
    return (
      other?.offering.provider === tried.offering.provider && other.credential.owner === "platform"
    );
  });
  return (
    siblings.find((index) => decision.candidates[index]?.offering.id === tried.offering.id) ??
    siblings[0]
  );
};

/** Attempts that were repeated on their own candidate. */
const repeatedOf = (attempts: readonly AttemptRecord[]): readonly AttemptRecord[] =>
  attempts.filter((attempt, index) => attempts[index + 1]?.candidate === attempt.candidate);

/** How long to wait out a rate limit on the same candidate; `null` = not at all. */
const rateLimitWaitMs = (
  request: RoutingRequest,
  last: AttemptRecord,
  alone: boolean,
): number | null => {
  if (last.retryAfterMs === null) return alone ? BLIND_WAIT_MS : null;
  if (prefersSpeed(resolveStrategy(request))) return null;
  const longest = alone ? LONGEST_WAIT_ALONE_MS : LONGEST_WAIT_MS;
  return last.retryAfterMs <= longest ? last.retryAfterMs : null;
};

/** Pause before a repeat after a failure; `null` = no repeat. */
const retryPauseMs = (
  state: RouterState,
  tried: Candidate,
  attempts: readonly AttemptRecord[],
  seed: number,
): number | null => {
  const last = attempts.at(-1);
  const breaker = state.learned.tracks.get(tried.offering.id)?.health.breaker;
  const retried = repeatedOf(attempts).some(
    ({ candidate, outcome }) => candidate === last?.candidate && courses[outcome].again === "retry",
  );
  // A breaker that is not closed has seen enough of this offering.
  if (retried || tried.resting || (breaker !== undefined && breaker.state !== "closed"))
    return null;
  if (!canRetry(state.learned.retryBudget)) return null;
  const jittered = Math.round(RETRY_PAUSE_MS * (0.5 + uniform(seed, attempts.length)));
  const pause = Math.max(jittered, last?.retryAfterMs ?? 0);
  return pause <= LONGEST_WAIT_MS ? pause : null;
};

/**
 * Says what to do after the last of `attempts` failed: repeat, go on, or
 * stop (docs/contract.md §6). Without attempts it names the first candidate. Only reads: a retry
 * marked `fromBudget` is paid when `retry_spent` is observed.
 */
export const react = (
  state: RouterState,
  request: RoutingRequest,
  decision: Decision,
  attempts: readonly AttemptRecord[],
  options: ReactOptions,
): Reaction => {
  const { nowMs, seed, deadlineAtMs = Infinity, contentOut = false } = options;
  const distinct = new Set(attempts.map(({ candidate }) => candidate)).size;
  const open =
    distinct <= request.maxFallbackAttempts
      ? remainingCandidates(state, decision, attempts, nowMs)
      : [];
  const goOn = (candidate: number | undefined): Reaction =>
    candidate === undefined
      ? exhausted(state, decision, attempts, nowMs)
      : { type: "next", candidate, afterMs: 0 };

  const last = attempts.at(-1);
  const tried = last === undefined ? undefined : decision.candidates[last.candidate];
  if (last === undefined || tried === undefined) return goOn(open[0]);
  const repeat = (afterMs: number | null, fromBudget: boolean): Reaction | null =>
    afterMs === null || nowMs + afterMs >= deadlineAtMs
      ? null
      : { type: "retry", candidate: last.candidate, afterMs, fromBudget };

  const { again } = courses[last.outcome];
  if (again === "stop") return goOn(undefined);
  if (contentOut) return goOn(open[0]);
  if (again === "retry") {
    return repeat(retryPauseMs(state, tried, attempts, seed), true) ?? goOn(open[0]);
  }
  if (again === "wait") {
    const sibling = platformSibling(decision, tried, open);
    if (sibling !== undefined) return goOn(sibling);
    const waited = repeatedOf(attempts).some(({ outcome }) => courses[outcome].again === "wait");
    const waitMs = waited ? null : rateLimitWaitMs(request, last, open.length === 0);
    return repeat(waitMs, false) ?? goOn(open[0]);
  }
  return goOn(open[0]);
};
