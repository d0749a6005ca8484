import type {
  CacheSavings,
  Candidate,
  Decision,
  Explanation,
  OutcomeKind,
  Usage,
} from "@pointsman/core";
import type { GatewayError, Loss, ProviderReply, StreamItem } from "@pointsman/translate";

/** One attempt, as told to the caller. */
export type AttemptReport = {
  readonly candidate: Candidate;
  readonly outcome: OutcomeKind;
  readonly status: number | null;
  readonly durationMs: number;
  /** Estimated if `estimated`; nothing where nothing was billed. */
  readonly usage: Usage;
  readonly costPicoUsd: number;
  readonly estimated: boolean;
};

/** What a run did and what it cost. */
export type RunReport = {
  readonly decision: Decision;
  /** Why it fell as it did; `null` = nobody asked. */
  readonly explanation: Explanation | null;
  readonly attempts: readonly AttemptReport[];
  /** The candidate that answered; `null` if none did. */
  readonly served: Candidate | null;
  /** Usage of the answer, estimated if `estimated`. */
  readonly usage: Usage | null;
  /** Over all billed attempts. */
  readonly costPicoUsd: number;
  /** What caches saved on the answer; `null` = nothing. */
  readonly cacheSavings: CacheSavings | null;
  /** The provider reported no usage, or no price is known. */
  readonly estimated: boolean;
  /** Receipt of the request to first content, streams only. */
  readonly ttftMs: number | null;
  readonly throughputTps: number | null;
  /** Time spent by this side before the first attempt went out, ms. */
  readonly overheadMs: number;
  readonly losses: readonly Loss[];
};

/** The report of a run that was answered. */
export type AnsweredReport = RunReport & { readonly served: Candidate; readonly usage: Usage };

/** How a run ended. */
export type RunEnd =
  | {
      readonly ok: true;
      /** The whole answer if the run did not stream, else `null`. */
      readonly reply: ProviderReply | null;
      readonly report: AnsweredReport;
    }
  | {
      readonly ok: false;
      readonly error: GatewayError;
      /** Content had already gone out: only an error within the stream can tell. */
      readonly started: boolean;
      readonly report: RunReport | null;
    };

/** What is known once an attempt gave its first content. */
export type RunStart = {
  readonly candidate: Candidate;
  /** Attempts so far, this one included. */
  readonly attempts: number;
  /** Time spent by this side before the first attempt went out, ms. */
  readonly overheadMs: number;
};

/** Hears what a run brings, never before `run` has returned a handle unless nothing was tried. */
export interface RunSink {
  /** Once; in a stream `items` follows with what was held back. */
  start(start: RunStart): void;
  items(items: readonly StreamItem[]): void;
  /**
   * A provider broke off, and another goes on with the answer: items that come are no longer `raw`, but
   * what they add to the bytes that went out as they came, which are these.
   */
  resume(raw: readonly Uint8Array[]): void;
  /** Exactly once, last; not after `cancel`. */
  end(end: RunEnd): void;
}

/** A running request. */
export interface RunHandle {
  /**
   * The caller left: calls upstream are aborted and accounted. Idempotent.
   *
   * @returns what was done and what it cost; `null` = it was over
   */
  cancel(): RunReport | null;
  pause(): void;
  resume(): void;
}
