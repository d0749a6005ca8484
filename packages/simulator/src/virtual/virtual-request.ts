/** Tokens in one prefix block. */
export const BLOCK_TOKENS = 512;

/** A request as a provider of the world sees it. */
export type VirtualRequest = {
  readonly id: string;
  readonly inTokens: number;
  /** How long the answer will be; known to the world alone. */
  readonly outTokens: number;
  /** Prefix blocks of 512 tokens; the same id means the same tokens up to and with that block. */
  readonly blocks: readonly number[];
};

/** A wish to have the prompt cached up to a point, for providers with explicit caches. */
export type Breakpoint = { readonly uptoTokens: number; readonly ttl: "5m" | "1h" };

/** One try of a request at a provider. */
export type VirtualAttempt = {
  readonly request: VirtualRequest;
  /** Counts from 1. */
  readonly attempt: number;
  readonly startMs: number;
  /** The attempt is given up if no token came by then, ms after its start. */
  readonly patienceMs: number;
  readonly breakpoints: readonly Breakpoint[];
};

export type VirtualErrorKind =
  | "rate_limited"
  | "overloaded"
  | "unavailable"
  | "server_error"
  | "timeout"
  | "context_length"
  | "unknown_provider";

/** How the prompt is billed: what is neither cached nor written is plain input. */
export type PromptShares = {
  readonly cachedTokens: number;
  readonly writtenTokens: number;
  readonly written1hTokens: number;
};

/** How an attempt will end, known at its start because nothing later changes it. */
export type VirtualOutcome = PromptShares & {
  /** Whole pico-USD. */
  readonly costPicoUsd: number;
} & (
    | {
        readonly type: "answer";
        /** From the attempt's start. */
        readonly ttftMs: number;
        readonly totalMs: number;
        /** To be called when the first token has come: now the prompt is cached. */
        readonly atFirstToken: () => void;
      }
    | {
        readonly type: "error";
        readonly error: VirtualErrorKind;
        readonly afterMs: number;
        readonly retryAfterMs: number | null;
      }
  );
