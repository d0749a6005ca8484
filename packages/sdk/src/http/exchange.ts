import { connectionError } from "../error-of-body.ts";

/** One request under way. It ends by the caller's signal, by its time limit, or by `abort`. */
export type Exchange = {
  /** What `fetch` is to heed. */
  readonly signal: AbortSignal;
  readonly abort: () => void;
  /** The time limit holds no longer. */
  readonly inTime: () => void;
  /** All is read, or lost. */
  readonly close: () => void;
  /** Why it failed: the end that was put to it, or what went wrong by itself. */
  readonly failureOf: (error: unknown, message: string) => Error;
};

/** Longer ones fire at once, says `setTimeout`. */
const longestTimerMs = 2 ** 31 - 1;

const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error
    ? reason
    : new DOMException(typeof reason === "string" ? reason : "aborted", "AbortError");

export const openExchange = (options: {
  readonly signal: AbortSignal | undefined;
  /** More than 24 days are no limit. */
  readonly timeoutMs: number;
}): Exchange => {
  const { signal, timeoutMs } = options;
  const controller = new AbortController();
  const end = (reason: Error): void => controller.abort(reason);
  const follow = (): void => {
    if (signal !== undefined) end(reasonOf(signal));
  };
  if (signal?.aborted === true) follow();
  signal?.addEventListener("abort", follow, { once: true });
  const timer =
    timeoutMs > longestTimerMs
      ? undefined
      : setTimeout(() => end(connectionError(`No answer within ${timeoutMs} ms.`)), timeoutMs);
  const inTime = (): void => clearTimeout(timer);
  return {
    signal: controller.signal,
    abort: () => end(new DOMException("The request was aborted.", "AbortError")),
    inTime,
    close: () => {
      inTime();
      signal?.removeEventListener("abort", follow);
    },
    failureOf: (error, message) =>
      controller.signal.aborted ? reasonOf(controller.signal) : connectionError(message, error),
  };
};

/** Waits; ends early, and fails, by the signal. */
export const sleep = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      if (signal?.aborted === true) reject(reasonOf(signal));
      else resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener("abort", wake, { once: true });
  });
