import { usableCredentials } from "../constraints/filter.ts";
import type { Rejection } from "../decide/decision.ts";
import type { Credential } from "../offering/offering.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState, Track } from "../state/router-state.ts";
import { breakerReadyAtMs, standingOf } from "./breaker.ts";
import type { BreakerStanding } from "./breaker.ts";
import { hardRestOf } from "./rest.ts";
import type { HardRest } from "./rest.ts";

/** An offering on one account, and what its health allows. */
export type Account = {
  readonly track: Track;
  readonly credential: Credential;
  readonly standing: BreakerStanding;
  /** A rest that is never cut short; `null` = none. */
  readonly rest: HardRest | null;
};

/** All accounts of an offering, in the order own keys first, else the caller's. */
export const accountsOf = (
  state: RouterState,
  request: RoutingRequest,
  at: { readonly track: Track; readonly nowMs: number; readonly promptTokens: number },
): readonly Account[] => {
  const { track } = at;
  const { offering } = track;
  return usableCredentials(offering, request).map((credential) => ({
    track,
    credential,
    standing: standingOf(track.health.breaker, at.nowMs),
    rest: hardRestOf(state, { offering, credential }, at),
  }));
};

/** May be tried: nothing rests, or only the breaker and nobody else is trying it. */
export const isUsable = ({ standing, rest }: Account): boolean =>
  rest === null && standing !== "busy";

const restWords: Readonly<Record<HardRest["cause"], string>> = {
  rate: "is rate-limited",
  capacity: "asked for a pause",
  auth: "refused its credential",
  model: "does not know the model",
};

const secondsUntil = (untilMs: number, nowMs: number): number =>
  Math.max(1, Math.ceil((untilMs - nowMs) / 1000));

/** Earliest moment at which an account that rests may be tried, Unix ms. */
const readyAtMs = ({ track, rest }: Account, nowMs: number): number =>
  Math.max(rest?.untilMs ?? 0, breakerReadyAtMs(track.health.breaker, nowMs));

/** Why one account is not a candidate. */
export const restRejection = (account: Account, nowMs: number): Rejection => ({
  code: "cooling_down",
  param: null,
  message:
    account.rest === null
      ? `${account.track.offering.id} is being probed.`
      : `${account.track.offering.provider} ${restWords[account.rest.cause]}.`,
  retryAfterSeconds: secondsUntil(readyAtMs(account, nowMs), nowMs),
});

/** The error when every account rests: whatever ends first decides. */
export const allRestingFailure = (
  accounts: readonly [Account, ...Account[]],
  nowMs: number,
): Rejection => {
  const first = accounts.reduce((best, next) =>
    readyAtMs(next, nowMs) < readyAtMs(best, nowMs) ? next : best,
  );
  const rateLimited = first.rest?.cause === "rate";
  const seconds = secondsUntil(readyAtMs(first, nowMs), nowMs);
  return {
    code: rateLimited ? "rate_limit_exceeded" : "no_provider_available",
    param: null,
    message: rateLimited
      ? `Every provider left is rate-limited; try again in ${seconds} s.`
      : `No provider can take this now; try again in ${seconds} s.`,
    retryAfterSeconds: seconds,
  };
};
