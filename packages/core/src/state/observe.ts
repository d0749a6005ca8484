import { healthAfterEnd, healthAfterStart } from "../health/offering-health.ts";
import { AUTH_REST_MS, newAccountRest, restAfterEnd } from "../health/rest.ts";
import { depositRequest, spendRetry } from "../health/retry-budget.ts";
import { learnLatency } from "../latency/latency-fit.ts";
import {
  bytesPerTokenOf,
  learnBytesPerToken,
  newBytesPerToken,
} from "../tokens/bytes-per-token.ts";
import { learnOutputLength, newOutputLength } from "../tokens/output-length.ts";
import { completionTokensOf, promptTokensOf } from "../usage/usage.ts";
import { accountKey, workspaceModelKey } from "./keys.ts";
import type { RouterEvent } from "./router-event.ts";
import type { RouterState, Track } from "./router-state.ts";

type AttemptEnded = Extract<RouterEvent, { type: "attempt_ended" }>;

/** Workspaces and accounts come and go: beyond this many entries the oldest is forgotten. */
const MOST_ENTRIES = 20_000;

const entryOf = <Value>(map: Map<string, Value>, key: string, create: () => Value): Value => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const oldest = map.size >= MOST_ENTRIES ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  const made = create();
  map.set(key, made);
  return made;
};

const learnFromSuccess = (state: RouterState, track: Track, event: AttemptEnded): void => {
  const { learned } = state;
  const { model } = track.offering;
  const { usage } = event;
  const bytesPerToken = entryOf(learned.bytesPerToken, model, newBytesPerToken);
  const uncachedTokens =
    usage === null
      ? event.promptBytes / bytesPerTokenOf(bytesPerToken)
      : promptTokensOf(usage) - usage.cacheReadTokens - (usage.audioCacheReadTokens ?? 0);
  learnLatency(track.latency, track.latencyPrior, {
    nowMs: event.nowMs,
    uncachedTokens,
    ttftMs: event.ttftMs,
    totalMs: event.totalMs,
    outputTokens: usage === null ? 0 : completionTokensOf(usage),
  });
  if (usage === null) return;
  // Images and audio are tokens that bytes of text do not show.
  const textTokens =
    promptTokensOf(usage) -
    (usage.imageInputTokens ?? 0) -
    (usage.audioInputTokens ?? 0) -
    (usage.audioCacheReadTokens ?? 0);
  learnBytesPerToken(bytesPerToken, event.promptBytes, textTokens);
  learnOutputLength(
    entryOf(learned.outputLength, workspaceModelKey(event.workspace, model), newOutputLength),
    completionTokensOf(usage),
  );
};

const attemptEnded = (state: RouterState, track: Track, event: AttemptEnded): void => {
  const { learned } = state;
  const { outcome, nowMs } = event;
  healthAfterEnd(track.health, event, state.options.breaker);
  restAfterEnd(
    entryOf(learned.rests, accountKey(event.offeringId, event.credentialId), newAccountRest),
    event,
  );
  if (outcome === "auth_error") {
    const dead = learned.deadCredentials;
    for (const [id, untilMs] of dead) if (untilMs <= nowMs) dead.delete(id);
    const untilMs = dead.get(event.credentialId) ?? 0;
    dead.set(event.credentialId, Math.max(untilMs, nowMs + AUTH_REST_MS));
  }
  if (outcome === "success") learnFromSuccess(state, track, event);
};

/**
 * Takes one event into the state, in place. Events of offerings the state does not know teach nothing;
 * every event raises `version`.
 */
export const observe = (state: RouterState, event: RouterEvent): void => {
  state.version += 1;
  if (event.type === "request_started") {
    depositRequest(state.learned.retryBudget, state.options.retry);
  } else if (event.type === "retry_spent") {
    spendRetry(state.learned.retryBudget);
  } else {
    const track = state.learned.tracks.get(event.offeringId);
    if (track === undefined) return;
    if (event.type === "attempt_started") healthAfterStart(track.health, event.nowMs);
    else attemptEnded(state, track, event);
  }
};
