import type { Rejection } from "../decide/decision.ts";
import type { Offering } from "../offering/offering.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { Track } from "../state/router-state.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";

/** What a filter may ask of a request; numbers are worked out when first asked for. */
export type FilterContext = {
  readonly request: RoutingRequest;
  readonly nowMs: number;
  /** The prompt's length at a model. */
  readonly promptAt: (model: string) => PromptEstimate;
  /** p50 of TTFT there for this prompt, ms. */
  readonly ttftMsAt: (track: Track) => number;
  /** p50 of output tokens a second there. */
  readonly throughputTpsAt: (track: Track) => number;
};

/** One constraint. All functions are pure. */
export type Filter = {
  /** Whether an offering may stay. What is not known of it never speaks against it, but for price and speed. */
  readonly admits: (track: Track, context: FilterContext) => boolean;
  /** The reason, once it has emptied the set: of all that were left before it, or of a single one. */
  readonly reason: (rejected: readonly [Track, ...Track[]], context: FilterContext) => Rejection;
};

export const providersOf = (tracks: readonly Track[]): string =>
  [...new Set(tracks.map(({ offering }) => offering.provider))].sort().join(", ");

/** Credentials a request may use at an offering, own keys first, else in the caller's order. */
export const usableCredentials = (
  offering: Offering,
  request: RoutingRequest,
): RoutingRequest["credentials"] => {
  const { onlyByok = false, onlyPlatform = false } = request.constraints;
  const usable = request.credentials.filter(
    ({ provider, owner }) =>
      provider === offering.provider &&
      !(onlyByok && owner !== "byok") &&
      !(onlyPlatform && owner !== "platform"),
  );
  return [
    ...usable.filter(({ owner }) => owner === "byok"),
    ...usable.filter(({ owner }) => owner === "platform"),
  ];
};
