import type { OutcomeKind, Usage } from "@pointsman/core";
import type {
  CallEnd,
  CallHandle,
  ProviderAdapter,
  ProviderCall,
  ProviderFailure,
} from "@pointsman/provider";
import { isContent } from "@pointsman/translate";
import type { Loss, ProviderReply, StreamItem } from "@pointsman/translate";
import type { Clock, Timer } from "../clock/clock.ts";
import type { Timeouts } from "./timeouts.ts";
import { Transcript } from "./transcript.ts";

/** How an attempt ended; exactly one of finished and failed. A cancelled attempt never ends. */
export type AttemptEnd = {
  readonly outcome: OutcomeKind;
  readonly failure: ProviderFailure | null;
  readonly reply: ProviderReply | null;
  readonly usage: Usage | null;
  readonly losses: readonly Loss[];
  /** Start of the attempt to first content, streams only. */
  readonly ttftMs: number | null;
  readonly durationMs: number;
  /** It was called as a stream. */
  readonly streamed: boolean;
  /** What it said, to estimate usage nobody reported, and to be gone on with. */
  readonly transcript: Transcript;
};

/** Hears one attempt. */
export interface AttemptListener {
  /** Content is about to go out: from here on the answer belongs to this attempt. */
  content(ttftMs: number | null): void;
  /** It has said more, held back or not. */
  heard(transcript: Transcript): void;
  /** Items in order; before `content` none come: they are held back. */
  items(items: readonly StreamItem[]): void;
  end(end: AttemptEnd): void;
  /** Something threw that must not: the attempt can say nothing more. */
  bug(error: unknown): void;
}

/** A running attempt. */
export interface AttemptHandle {
  /** Stops it without an end. Returns what is known for the books. */
  cancel(): AttemptEnd;
  /** The same, but hands out first what was held back. */
  stop(): AttemptEnd;
  pause(): void;
  resume(): void;
}

/** What an attempt needs. */
export type AttemptOptions = {
  readonly adapter: ProviderAdapter;
  readonly call: ProviderCall;
  readonly timeouts: Timeouts;
  /** Caller's own limit: first content of a stream, or the whole JSON answer; `null` = none. */
  readonly timeoutMs: number | null;
  /** Bytes of text that are held back before the first goes out. */
  readonly holdBytes: number;
  readonly clock: Clock;
};

const timeoutFailure = (what: string): ProviderFailure => ({
  outcome: "timeout",
  status: null,
  message: what,
  retryAfterMs: null,
  error: null,
  staleConnection: false,
});

/** Most that is held back of one answer, bytes. */
const mostHeldBytes = 8 * 1024 * 1024;

/**
 * Runs one call with its time limits. Timers count content: items that carry none re-arm nothing.
 * Items before the first content, or the first `holdBytes` of it, are held back, so that a failure until
 * then leaves no trace.
 */
export const startAttempt = (options: AttemptOptions, listener: AttemptListener): AttemptHandle => {
  const { adapter, call, timeouts, clock } = options;
  const startedAt = clock.monotonicMs();
  let held: StreamItem[] | null = call.stream ? [] : null;
  let ttftMs: number | null = null;
  let usage: Usage | null = null;
  const transcript = new Transcript(call.request.surface);
  const holdBytes = Math.min(options.holdBytes, mostHeldBytes);
  let over = false;
  let handle: CallHandle | undefined;
  let silence: Timer | undefined;

  const finish = (outcome: OutcomeKind, rest: Partial<AttemptEnd>): AttemptEnd => {
    over = true;
    waiting.cancel();
    silence?.cancel();
    total.cancel();
    return {
      outcome,
      failure: null,
      reply: null,
      usage,
      losses: [],
      ttftMs,
      durationMs: clock.monotonicMs() - startedAt,
      streamed: call.stream,
      transcript,
      ...rest,
    };
  };

  const timeOut = (what: string): void => {
    if (over) return;
    const end = finish("timeout", { failure: timeoutFailure(what) });
    handle?.abort();
    try {
      listener.end(end);
    } catch (error) {
      listener.bug(error);
    }
  };

  const waitMs = Math.min(
    options.timeoutMs ?? Number.POSITIVE_INFINITY,
    call.stream ? timeouts.firstContentMs : timeouts.answerMs,
  );
  const runOut = (): void => {
    if (ttftMs !== null) timeOut(`no content for ${timeouts.silenceMs} ms`);
    else timeOut(`no ${call.stream ? "first content" : "answer"} within ${waitMs} ms`);
  };
  const waiting = clock.timer(waitMs, runOut);
  const total = clock.timer(timeouts.totalMs, () => {
    timeOut(`not finished within ${timeouts.totalMs} ms`);
  });

  const take = (items: readonly StreamItem[]): void => {
    if (over) return;
    let hasContent = false;
    for (const item of items) {
      if (item.kind === "usage") usage = item.usage;
      hasContent ||= isContent(item);
      transcript.add(item);
    }
    if (held === null) {
      if (hasContent) silence?.refresh();
      listener.items(items);
      listener.heard(transcript);
      return;
    }
    held.push(...items);
    if (!hasContent) return;
    if (ttftMs === null) firstContent();
    else silence?.refresh();
    if (holdBytes === 0 || transcript.totalBytes() >= holdBytes) release();
    listener.heard(transcript);
  };

  const firstContent = (): void => {
    ttftMs = clock.monotonicMs() - startedAt;
    if (waitMs === timeouts.silenceMs) {
      // The same wait again, so the same timer.
      silence = waiting;
      silence.refresh();
    } else {
      waiting.cancel();
      silence = clock.timer(timeouts.silenceMs, runOut);
    }
  };

  const release = (): void => {
    const items = held ?? [];
    held = null;
    listener.content(ttftMs);
    if (items.length > 0) listener.items(items);
  };

  const close = (end: CallEnd): void => {
    if (over) return;
    if (!end.ok) {
      listener.end(
        finish(end.failure.outcome, { failure: end.failure, usage: end.usage ?? usage }),
      );
      return;
    }
    const done = finish("success", {
      reply: end.reply,
      usage: end.usage ?? usage,
      losses: end.losses,
    });
    // A finish without any content is an answer too: cut at its first token, or a bare stop.
    if (held !== null) release();
    listener.end(done);
  };

  // Called from sockets and timers, where nobody catches.
  const guarded =
    <A extends unknown[]>(action: (...args: A) => void) =>
    (...args: A): void => {
      try {
        action(...args);
      } catch (error) {
        listener.bug(error);
      }
    };

  handle = adapter.call(call, { items: guarded(take), end: guarded(close) });

  const cancel = (): AttemptEnd => {
    const end = finish("cancelled", {});
    handle.abort();
    return end;
  };
  return {
    cancel,
    stop: () => {
      if (held !== null) release();
      return cancel();
    },
    pause: () => {
      // A caller who does not read is no silence of the provider's.
      silence?.cancel();
      handle.pause();
    },
    resume: () => {
      silence?.refresh();
      handle.resume();
    },
  };
};
