import type { Credential, Offering } from "../offering/offering.ts";
import { slotOf } from "../state/slots.ts";
import type { RouterState } from "../state/router-state.ts";
import { admittedAtMs } from "./rate-window.ts";
import type { OutcomeKind } from "./outcome.ts";

/** Rests of one offering on one account. A rest is only ever extended. */
export type AccountRest = {
  /** Until when the provider asked to be left alone, Unix ms. */
  retryAfterMs: number;
  retryAfterCause: "rate" | "capacity";
  /** Next rest after a 429 without a hint. */
  backoffMs: number;
  /** Until when the model counts as unknown there. */
  modelUntilMs: number;
  modelRestMs: number;
};

/** Why an account is not tried, and until when. */
export type HardRest = {
  readonly cause: "rate" | "capacity" | "auth" | "model";
  readonly untilMs: number;
};

const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 60_000;
const FIRST_MODEL_REST_MS = 10 * 60_000;
const LONGEST_MODEL_REST_MS = 24 * 3_600_000;
/** Rest of a credential that a provider has refused. */
export const AUTH_REST_MS: number = 10 * 60_000;

export const newAccountRest = (): AccountRest => ({
  retryAfterMs: 0,
  retryAfterCause: "rate",
  backoffMs: FIRST_BACKOFF_MS,
  modelUntilMs: 0,
  modelRestMs: FIRST_MODEL_REST_MS,
});

const restUntil = (rest: AccountRest, untilMs: number, cause: "rate" | "capacity"): void => {
  if (untilMs <= rest.retryAfterMs) return;
  rest.retryAfterMs = untilMs;
  rest.retryAfterCause = cause;
};

/** What an outcome means for the rests of its account. */
export const restAfterEnd = (
  rest: AccountRest,
  seen: {
    readonly outcome: OutcomeKind;
    readonly nowMs: number;
    readonly retryAfterMs: number | null;
  },
): void => {
  const { outcome, nowMs, retryAfterMs } = seen;
  if (outcome === "success") {
    rest.backoffMs = FIRST_BACKOFF_MS;
    rest.modelRestMs = FIRST_MODEL_REST_MS;
  } else if (outcome === "model_unavailable") {
    // Attempts that were in flight together tell the same story once.
    if (nowMs < rest.modelUntilMs) return;
    rest.modelUntilMs = nowMs + rest.modelRestMs;
    rest.modelRestMs = Math.min(rest.modelRestMs * 2, LONGEST_MODEL_REST_MS);
  } else if (retryAfterMs !== null) {
    restUntil(rest, nowMs + retryAfterMs, outcome === "rate_limited" ? "rate" : "capacity");
  } else if (outcome === "rate_limited") {
    const resting = nowMs < rest.retryAfterMs;
    restUntil(rest, nowMs + (resting ? FIRST_BACKOFF_MS : rest.backoffMs), "rate");
    if (!resting) rest.backoffMs = Math.min(rest.backoffMs * 2, LONGEST_BACKOFF_MS);
  }
};

/** Moment at which the longest of an account's own rests ends, Unix ms. */
export const restEndMs = (rest: AccountRest): number =>
  Math.max(rest.retryAfterMs, rest.modelUntilMs);

/** The rest that ends last, of those that are never cut short; `null` = may be tried. */
export const hardRestOf = (
  state: RouterState,
  account: { readonly offering: Offering; readonly credential: Credential },
  at: { readonly nowMs: number; readonly promptTokens: number },
): HardRest | null => {
  const { offering, credential } = account;
  const { nowMs, promptTokens } = at;
  const { learned } = state;
  const track = learned.tracks.get(offering.id);
  const slot = track === undefined ? -1 : slotOf(learned.slots, track.row, credential.id);
  const rest = learned.slots.rests[slot];
  const window = learned.slots.windows[slot] ?? null;
  let longest: HardRest | null = null;
  const consider = (cause: HardRest["cause"], untilMs: number): void => {
    if (untilMs > nowMs && untilMs > (longest?.untilMs ?? 0)) longest = { cause, untilMs };
  };
  consider("auth", learned.deadCredentials.get(credential.id) ?? 0);
  if (rest !== undefined) {
    consider(rest.retryAfterCause, rest.retryAfterMs);
    consider("model", rest.modelUntilMs);
  }
  if (window !== null && track?.limits) {
    consider("rate", admittedAtMs(window, track.limits, { nowMs, tokens: promptTokens }));
  }
  return longest;
};
