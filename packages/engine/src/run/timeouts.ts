/** Time limits of calls to one provider, ms. They count content, not bytes. */
export type Timeouts = {
  readonly connectMs: number;
  /** From the start of an attempt to its first content, streams only. */
  readonly firstContentMs: number;
  /** Between two pieces of content. */
  readonly silenceMs: number;
  /** A whole answer that does not stream. */
  readonly answerMs: number;
  /** A whole attempt. */
  readonly totalMs: number;
};

/** Defaults of docs/contract.md §6. */
export const defaultTimeouts: Timeouts = {
  connectMs: 5000,
  firstContentMs: 120_000,
  silenceMs: 120_000,
  answerMs: 600_000,
  totalMs: 1_800_000,
};
