import type { Endpoint, OutcomeKind, Rejection, StopCode } from "@pointsman/core";
import type { ProviderFailure } from "@pointsman/provider";
import type { ErrorCode, GatewayError } from "@pointsman/translate";

const retryAfterSeconds = (ms: number | null): { retryAfterSeconds?: number } =>
  ms === null ? {} : { retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)) };

/** The prompt's field on a way in. */
export const promptParamOf = (surface: Endpoint): string =>
  surface === "responses" ? "input" : "messages";

/** The error of a decision that left no candidate. */
export const rejectionError = (rejection: Rejection, surface: Endpoint): GatewayError => ({
  code: rejection.code as ErrorCode,
  message: rejection.message,
  // Core calls the prompt by its name on most ways in.
  param: rejection.param === "messages" ? promptParamOf(surface) : rejection.param,
  ...(rejection.suggestion === undefined ? {} : { suggestion: rejection.suggestion }),
  ...(rejection.retryAfterSeconds === undefined
    ? {}
    : { retryAfterSeconds: rejection.retryAfterSeconds }),
});

/** The error within a stream that broke off, and that nobody could go on with. */
export const brokenStreamError = (
  provider: string,
  outcome: OutcomeKind,
  failure: ProviderFailure | null,
): GatewayError => ({
  code: outcome === "timeout" ? "upstream_timeout" : "upstream_error",
  message: `The stream of ${provider} broke off: ${failure?.message ?? outcome}`,
  param: null,
  provider,
});

/** What is known when a run gives up. */
export type StopFacts = {
  readonly code: StopCode;
  readonly retryAfterMs: number | null;
  readonly surface: Endpoint;
  readonly provider: string;
  readonly failure: ProviderFailure;
  /** Distinct providers that were asked. */
  readonly providersTried: readonly string[];
  /** Every attempt was refused for its credential: repeating it is of no use. */
  readonly onlyCredentials: boolean;
};

/** The error a caller sees once attempts were made and none answered. */
export const stopError = (facts: StopFacts): GatewayError => {
  const { code, provider, failure } = facts;
  const tried = facts.providersTried.join(", ");
  const wait = retryAfterSeconds(facts.retryAfterMs);
  switch (code) {
    case "bad_request":
      return {
        code: failure.status === 413 ? "payload_too_large" : "invalid_request",
        message: failure.error?.message ?? failure.message,
        param: failure.error?.param ?? null,
        provider,
      };
    case "content_filtered":
    case "context_length_exceeded":
      return {
        code,
        message: failure.error?.message ?? failure.message,
        param:
          failure.error?.param ??
          (code === "context_length_exceeded" ? promptParamOf(facts.surface) : null),
        provider,
      };
    case "rate_limit_exceeded":
      return {
        code,
        message: `Every provider that could answer is rate limited (asked: ${tried}).`,
        param: null,
        provider,
        rateLimitSource: "provider",
        ...wait,
      };
    case "upstream_timeout":
      return {
        code,
        message: `No provider answered in time (asked: ${tried}; last: ${failure.message}).`,
        param: null,
        provider,
      };
    case "no_provider_available":
      return { code, message: "No provider can take the request now.", param: null, ...wait };
    case "client_disconnected":
      return { code, message: "The client left.", param: null };
    case "upstream_error":
      return {
        code,
        message: facts.onlyCredentials
          ? `The provider refused the gateway's credential (asked: ${tried}).`
          : `No provider answered (asked: ${tried}; last: ${failure.message}).`,
        param: null,
        provider,
        ...(facts.onlyCredentials ? { retryable: false } : {}),
        ...wait,
      };
  }
};
