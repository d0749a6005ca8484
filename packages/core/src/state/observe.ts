import {
  OFFERING_CACHE_READ,
  OFFERING_CACHE_WRITE,
  OFFERING_CACHE_WRITE_1H,
  OFFERING_FEE,
  OFFERING_INPUT,
  OFFERING_OUTPUT,
  numberOf,
} from "./columns.ts";
import { learnCacheRead, seeRequest, warmPrompt } from "../cache/learn-prefix.ts";
import { heedRest } from "../health/known-rests.ts";
import { healthAfterEnd, healthAfterStart } from "../health/offering-health.ts";
import { countAttempt } from "../health/rate-window.ts";
import { AUTH_REST_MS, restAfterEnd, restEndMs } from "../health/rest.ts";
import { depositRequest, spendRetry } from "../health/retry-budget.ts";
import { learnLatency } from "../latency/latency-fit.ts";
import {
  bytesPerTokenOf,
  learnBytesPerToken,
  newBytesPerToken,
} from "../tokens/bytes-per-token.ts";
import { learnAnswer } from "../tokens/output-lengths.ts";
import { completionTokensOf, promptTokensOf } from "../usage/usage.ts";
import type { Usage } from "../usage/usage.ts";
import { entryOf } from "./entry-of.ts";
import { breakerOptionsOf } from "./router-options.ts";
import { renewHealth, renewLatency } from "./renew-columns.ts";
import type { RouterEvent } from "./router-event.ts";
import type { RouterState, Track } from "./router-state.ts";
import { forgetSlots } from "./forget-slots.ts";
import { enterSlot, slotOf } from "./slots.ts";

type AttemptEnded = Extract<RouterEvent, { type: "attempt_ended" }>;
type AttemptEvent = Extract<RouterEvent, { offeringId: string }>;

/** Share that an old request's cost keeps when a new one comes. */
const KEEP_COST = 0.99;

/** What a request costs by the columns, near enough for a mean: tiers, hours and media left out. */
const roughCost = (state: RouterState, row: number, usage: Usage): number => {
  const { columns } = state.learned;
  const cached = usage.cacheReadTokens;
  const written = usage.cacheWrite5mTokens;
  const written1h = usage.cacheWrite1hTokens;
  return (
    (promptTokensOf(usage) - cached - written - written1h) *
      numberOf(columns, row, OFFERING_INPUT) +
    cached * numberOf(columns, row, OFFERING_CACHE_READ) +
    written * numberOf(columns, row, OFFERING_CACHE_WRITE) +
    written1h * numberOf(columns, row, OFFERING_CACHE_WRITE_1H) +
    completionTokensOf(usage) * numberOf(columns, row, OFFERING_OUTPUT) +
    numberOf(columns, row, OFFERING_FEE)
  );
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
    inFlight: track.health.inFlight,
    effort: event.reasoningEffort ?? "",
  });
  renewLatency(learned.columns, track);
  if (usage === null) return;
  // Images and audio are tokens that bytes of text do not show.
  const textTokens =
    promptTokensOf(usage) -
    (usage.imageInputTokens ?? 0) -
    (usage.audioInputTokens ?? 0) -
    (usage.audioCacheReadTokens ?? 0);
  learnBytesPerToken(bytesPerToken, event.promptBytes, textTokens);
  const { workspace, outputHint, nowMs } = event;
  learnAnswer(
    learned.outputLengths,
    { workspace, model, outputHint, nowMs, tokens: completionTokensOf(usage) },
    { prior: learned.outputPrior, limit: state.options.outputEntries },
  );
  if (track.offering.price !== null) {
    learned.meanCost.weight = learned.meanCost.weight * KEEP_COST + 1;
    learned.meanCost.sumPicoUsd =
      learned.meanCost.sumPicoUsd * KEEP_COST + roughCost(state, track.row, usage);
  }
};

const slotOfEvent = (state: RouterState, track: Track, event: AttemptEvent): number => {
  const { learned, options } = state;
  const { credentialId, nowMs } = event;
  const isFull = learned.slots.offering.length >= options.accountEntries;
  if (isFull && slotOf(learned.slots, track.row, credentialId) < 0)
    forgetSlots(learned, options.accountEntries, nowMs);
  const { slots } = learned;
  const slot = enterSlot(slots, track.row, credentialId, track.limits !== null);
  slots.usedMs[slot] = Math.max(slots.usedMs[slot] ?? 0, nowMs);
  slots.byok[slot] = event.credentialOwner === "byok" ? 1 : 0;
  return slot;
};

/** The prompt is warm from its first token on; a read of it is judged by what was warm before. */
const learnCache = (
  state: RouterState,
  at: {
    readonly track: Track;
    readonly slot: number;
    readonly startedMs: number;
    readonly firstMs: number;
  },
  event: AttemptEnded,
): void => {
  const { learned } = state;
  const { prefix, usage } = event;
  if (prefix === undefined || prefix.length === 0) return;
  const { row } = at.track;
  const use = { prefix, slot: at.slot, row };
  if (usage !== null) {
    const cachedTokens = usage.cacheReadTokens + (usage.audioCacheReadTokens ?? 0);
    learnCacheRead(learned, { ...use, atMs: at.startedMs, cachedTokens });
  }
  warmPrompt(learned, {
    ...use,
    promptTokens: usage === null ? (prefix.at(-1)?.tokens ?? 0) : promptTokensOf(usage),
    usedMs: at.firstMs,
    directive: event.cacheDirective ?? null,
  });
};

/** A provider that cannot be reached for one of its offerings cannot be reached for the others. */
const shareFate = ({ learned }: RouterState, unreachable: Track): void => {
  const { breaker } = unreachable.health;
  for (const other of learned.rows) {
    if (other.offering.provider !== unreachable.offering.provider) continue;
    if (other.health.breaker.state !== "closed") continue;
    other.health.breaker = breaker;
    renewHealth(learned.columns, other);
  }
};

const attemptEnded = (state: RouterState, track: Track, event: AttemptEnded): void => {
  const { learned } = state;
  const { outcome, nowMs } = event;
  const wasClosed = track.health.breaker.state === "closed";
  healthAfterEnd(track.health, event, breakerOptionsOf(state.options, track.offering));
  renewHealth(learned.columns, track);
  if (outcome === "network_error" && wasClosed && track.health.breaker.state === "open") {
    shareFate(state, track);
  }
  const slot = slotOfEvent(state, track, event);
  const rest = learned.slots.rests[slot];
  if (rest !== undefined) {
    restAfterEnd(rest, event);
    learned.slots.restUntilMs[slot] = restEndMs(rest);
  }
  if (outcome === "auth_error") {
    const dead = learned.deadCredentials;
    for (const [id, untilMs] of dead) if (untilMs <= nowMs) dead.delete(id);
    const untilMs = dead.get(event.credentialId) ?? 0;
    dead.set(event.credentialId, Math.max(untilMs, nowMs + AUTH_REST_MS));
  }
  if (outcome !== "success") return;
  const startedMs = nowMs - event.totalMs;
  learnCache(
    state,
    { track, slot, startedMs, firstMs: startedMs + (event.ttftMs ?? event.totalMs) },
    event,
  );
  learnFromSuccess(state, track, event);
};

const attemptStarted = (
  state: RouterState,
  track: Track,
  event: Extract<RouterEvent, { type: "attempt_started" }>,
): void => {
  healthAfterStart(track.health, event.nowMs);
  renewHealth(state.learned.columns, track);
  if (track.limits === null) return;
  const window = state.learned.slots.windows[slotOfEvent(state, track, event)] ?? null;
  if (window !== null) countAttempt(window, event.nowMs, event.promptTokens);
};

const ofAttempt = (state: RouterState, event: AttemptEvent): void => {
  const track = state.learned.tracks.get(event.offeringId);
  if (track === undefined) return;
  if (event.type === "attempt_ended") {
    attemptEnded(state, track, event);
  } else {
    attemptStarted(state, track, event);
  }
};

/**
 * Takes one event into the state, in place. Events of offerings the state does not know teach nothing;
 * every event raises `version`.
 */
export const observe = (state: RouterState, event: RouterEvent): void => {
  state.version += 1;
  if (event.type === "request_started") {
    depositRequest(state.learned.retryBudget, state.options.retry);
    seeRequest(state.learned, {
      nowMs: event.nowMs,
      prefix: event.prefix ?? [],
      promptTokens: event.promptTokens ?? 0,
      hasSession: event.session !== undefined,
    });
  } else if (event.type === "retry_spent") {
    spendRetry(state.learned.retryBudget);
  } else if (event.type === "rests_heard") {
    for (const rest of event.rests) heedRest(state, rest, event.nowMs);
  } else {
    ofAttempt(state, event);
  }
};
