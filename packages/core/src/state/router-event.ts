import type { CacheDirective } from "../decide/decision.ts";
import type { KnownRest } from "../health/known-rests.ts";
import type { OutcomeKind } from "../health/outcome.ts";
import type { Credential } from "../offering/offering.ts";
import type { PrefixLink } from "../request/routing-request.ts";
import type { Usage } from "../usage/usage.ts";

/** What every event of an attempt says. Times are Unix ms. */
type AttemptEvent = {
  readonly nowMs: number;
  readonly offeringId: string;
  readonly credentialId: string;
  /** Whose account it is; what was learned of callers' own keys is forgotten first. @default "platform" */
  readonly credentialOwner?: Credential["owner"];
  readonly workspace: string;
  /** The request's prefix chain. @default nothing is known to be shared */
  readonly prefix?: readonly PrefixLink[];
};

/** What core learns from; the only way its state changes. */
export type RouterEvent =
  | (AttemptEvent & {
      readonly type: "attempt_started";
      /** Estimated prompt tokens, counted against rate windows. */
      readonly promptTokens: number;
    })
  | (AttemptEvent & {
      readonly type: "attempt_ended";
      readonly outcome: OutcomeKind;
      readonly stream: boolean;
      /** Start of the attempt to first content; `null` if none came or nothing streamed. */
      readonly ttftMs: number | null;
      readonly totalMs: number;
      /** `null` = none reported. */
      readonly usage: Usage | null;
      /** The request's kind of answer. @default none: learned of all answers together */
      readonly outputHint?: string;
      /** The request's level of reasoning. @default none was asked for */
      readonly reasoningEffort?: string;
      /** Bytes of the prompt's text, to learn bytes per token. */
      readonly promptBytes: number;
      /** The provider's wish; `null` = it said nothing. */
      readonly retryAfterMs: number | null;
      /** Cache marks that were sent, for providers with explicit caches. @default none */
      readonly cacheDirective?: CacheDirective | null;
    })
  /** Once per request, before its first attempt: fills the retry budget. */
  | {
      readonly type: "request_started";
      readonly nowMs: number;
      /** What conversations are followed by; without it nothing is learned of their later turns. */
      readonly prefix?: readonly PrefixLink[];
      readonly promptTokens?: number;
      readonly session?: string;
    }
  /** Once per same-offering retry that `react` allowed with `fromBudget`: empties the retry budget. */
  | { readonly type: "retry_spent"; readonly nowMs: number }
  /** Another replica told of what rests (`knownRests`). */
  | {
      readonly type: "rests_heard";
      readonly nowMs: number;
      readonly rests: readonly KnownRest[];
    };
