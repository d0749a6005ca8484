import { decide, observe, react } from "@pointsman/core";
import type { AttemptRecord, Candidate, Decision, RouterState } from "@pointsman/core";
import { ImageFetchError } from "@pointsman/provider";
import type { ImageFetcher, ProviderFailure } from "@pointsman/provider";
import type { CallerRequest, GatewayError } from "@pointsman/translate";
import type { EngineProvider } from "../account/account.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import { InlinedRequest } from "../media/inlined-request.ts";
import { startAttempt } from "./attempt.ts";
import type { AttemptEnd, AttemptHandle } from "./attempt.ts";
import { Books } from "./books.ts";
import { cachingOf } from "./caching.ts";
import { placeOf } from "./place.ts";
import type { Place } from "./place.ts";
import type { RunEnd, RunHandle, RunSink } from "./run-report.ts";
import type { RunRequest } from "./run-request.ts";
import { rejectionError, stopError } from "./stop-error.ts";

/** What runs share. */
export type RunContext = {
  readonly state: RouterState;
  readonly providers: ReadonlyMap<string, EngineProvider>;
  readonly clock: Clock;
  /** Whole numbers of 32 bits, unlike from one request to the next. */
  readonly nextSeed: () => number;
  readonly images: ImageFetcher;
  /** Hears of a bug; the run it broke ends with `internal_error`. */
  readonly onBug: (error: unknown) => void;
};

const noHandle: RunHandle = { cancel: () => {}, pause: () => {}, resume: () => {} };

/** Attempts in decided order until one answers, the caller leaves, or core says stop. */
export const startRun = (context: RunContext, request: RunRequest, sink: RunSink): RunHandle => {
  const { state, clock } = context;
  const nowMs = clock.nowMs();
  const decision = decide(state, request.routing, { nowMs, seed: context.nextSeed() });
  if (decision.failure !== null) {
    sink.end({ ok: false, error: rejectionError(decision.failure), started: false, report: null });
    return noHandle;
  }
  observe(state, { type: "request_started", nowMs });
  return new Run({ context, request, sink, decision });
};

/** The attempt under way. */
type Current = {
  readonly index: number;
  readonly candidate: Candidate;
  readonly startedAtMs: number;
  handle: AttemptHandle | undefined;
};

class Run implements RunHandle {
  readonly #context: RunContext;
  readonly #request: RunRequest;
  readonly #sink: RunSink;
  readonly #decision: Decision;
  readonly #books: Books;
  readonly #records: AttemptRecord[] = [];
  readonly #overheadMs: number;
  readonly #deadline: Timer | undefined;
  #current: Current | undefined;
  #pause: Timer | undefined;
  #inlined: InlinedRequest | undefined;
  #repeatedStale = false;
  #started = false;
  #over = false;

  constructor(run: {
    context: RunContext;
    request: RunRequest;
    sink: RunSink;
    decision: Decision;
  }) {
    const { context, request, decision } = run;
    const { clock, state } = context;
    this.#context = context;
    this.#request = request;
    this.#sink = run.sink;
    this.#decision = decision;
    this.#overheadMs = clock.monotonicMs() - request.receivedAtMs;
    this.#books = new Books({ state, clock, request, decision, overheadMs: this.#overheadMs });
    if (request.deadlineMs !== null) {
      this.#deadline = clock.timer(Math.max(0, request.deadlineMs - this.#overheadMs), () => {
        this.#pastDeadline();
      });
    }
    this.#try(0);
  }

  cancel(): void {
    if (this.#over) return;
    this.#close();
    this.#bookCancelled();
  }

  pause(): void {
    this.#current?.handle?.pause();
  }

  resume(): void {
    this.#current?.handle?.resume();
  }

  #try(index: number): void {
    const { routing, caller } = this.#request;
    const place = placeOf(this.#decision, index, this.#context.providers);
    const { candidate, provider } = place;
    const { adapter } = provider;
    const needsImages =
      adapter.takesImageUrls?.(candidate.offering) === false &&
      routing.needs.capabilities.includes("vision");
    if (needsImages) void this.#inlineThenAttempt(place);
    else this.#attempt(place, caller);
  }

  /** Fetches images for a provider that does not, once for all such. */
  async #inlineThenAttempt(place: Place): Promise<void> {
    const { images } = this.#context;
    const { caller } = this.#request;
    try {
      this.#inlined ??= new InlinedRequest(caller, images);
      const inlined = await this.#inlined.get();
      if (!this.#over) this.#attempt(place, inlined);
    } catch (error) {
      if (this.#over) return;
      if (!(error instanceof ImageFetchError)) return this.#bug(error);
      const param = caller.surface === "responses" ? "input" : "messages";
      this.#finish({
        ok: false,
        error: { code: "invalid_parameter_value", message: error.message, param },
        started: false,
        report: this.#books.report(),
      });
    }
  }

  #attempt({ index, candidate, provider, account }: Place, caller: CallerRequest): void {
    const { clock } = this.#context;
    const { routing, timeoutMs } = this.#request;
    const startedAtMs = clock.monotonicMs();
    const current: Current = { index, candidate, startedAtMs, handle: undefined };
    this.#current = current;
    this.#books.started(candidate);
    current.handle = startAttempt(
      {
        adapter: provider.adapter,
        call: {
          request: caller,
          offering: candidate.offering,
          credential: { id: account.credential.id, apiKey: account.apiKey },
          stream: routing.stream,
          maxOutputTokens: null,
          caching: cachingOf(this.#request, candidate, this.#decision.prompt.tokens),
        },
        timeouts: provider.timeouts,
        timeoutMs,
        clock,
      },
      {
        content: () => {
          this.#started = true;
          this.#sink.start({
            candidate,
            attempts: this.#books.attempts.length + 1,
            overheadMs: this.#overheadMs,
          });
        },
        items: (items) => {
          this.#sink.items(items);
        },
        end: (end) => {
          if (this.#over) return;
          this.#current = undefined;
          this.#ended(current, end);
        },
        bug: (error) => {
          this.#bug(error);
        },
      },
    );
  }

  #ended(current: Current, end: AttemptEnd): void {
    const { index, candidate, startedAtMs } = current;
    const { failure } = end;
    if (failure?.staleConnection === true && !this.#repeatedStale) {
      // A kept-alive connection that died while idle says nothing of the provider: once more, free.
      this.#repeatedStale = true;
      this.#books.tell(candidate, { ...end, outcome: "cancelled" });
      this.#try(index);
      return;
    }
    const usage = this.#books.book(candidate, end);
    if (failure === null) {
      const report = this.#books.answered(candidate, { usage, end, startedAtMs });
      this.#finish({ ok: true, reply: end.reply, report });
      return;
    }
    if (this.#started) {
      this.#finish({
        ok: false,
        error: {
          code: end.outcome === "timeout" ? "upstream_timeout" : "upstream_error",
          message: `The stream of ${candidate.offering.provider} broke off: ${failure.message}`,
          param: null,
          provider: candidate.offering.provider,
        },
        started: true,
        report: this.#books.report(end.losses),
      });
      return;
    }
    this.#records.push({
      candidate: index,
      outcome: end.outcome,
      status: failure.status,
      retryAfterMs: failure.retryAfterMs,
      durationMs: end.durationMs,
    });
    this.#react(candidate, failure);
  }

  #react(candidate: Candidate, failure: ProviderFailure): void {
    const { clock, state } = this.#context;
    const nowMs = clock.nowMs();
    const { deadlineMs, receivedAtMs } = this.#request;
    const reaction = react(state, this.#request.routing, this.#decision, this.#records, {
      nowMs,
      seed: this.#decision.seed,
      ...(deadlineMs === null
        ? {}
        : { deadlineAtMs: nowMs + deadlineMs - (clock.monotonicMs() - receivedAtMs) }),
    });
    if (reaction.type === "stop") {
      const error = stopError({
        code: reaction.code,
        retryAfterMs: reaction.retryAfterMs,
        provider: candidate.offering.provider,
        failure,
        providersTried: [
          ...new Set(this.#books.attempts.map((attempt) => attempt.candidate.offering.provider)),
        ],
        onlyCredentials: this.#records.every(({ outcome }) => outcome === "auth_error"),
      });
      this.#finish({ ok: false, error, started: false, report: this.#books.report() });
      return;
    }
    if (reaction.type === "retry" && reaction.fromBudget) {
      observe(state, { type: "retry_spent", nowMs });
    }
    if (reaction.afterMs <= 0) {
      this.#try(reaction.candidate);
      return;
    }
    this.#pause = clock.timer(reaction.afterMs, () => {
      this.#pause = undefined;
      try {
        this.#try(reaction.candidate);
      } catch (error) {
        this.#bug(error);
      }
    });
  }

  #pastDeadline(): void {
    if (this.#over) return;
    this.#bookCancelled();
    const error: GatewayError = {
      code: this.#started ? "stream_duration_exceeded" : "upstream_timeout",
      message: `The deadline of ${this.#request.deadlineMs} ms has passed.`,
      param: null,
    };
    this.#finish({ ok: false, error, started: this.#started, report: this.#books.report() });
  }

  /** A bug breaks one run, never the process: callbacks of sockets and timers have nobody above them. */
  #bug(error: unknown): void {
    this.#context.onBug(error);
    if (this.#over) return;
    this.#close();
    this.#current?.handle?.cancel();
    this.#sink.end({
      ok: false,
      error: {
        code: "internal_error",
        message: "The gateway failed; this is its fault.",
        param: null,
      },
      started: this.#started,
      report: null,
    });
  }

  #bookCancelled(): void {
    const current = this.#current;
    this.#current = undefined;
    if (current?.handle !== undefined) this.#books.book(current.candidate, current.handle.cancel());
  }

  #finish(end: RunEnd): void {
    if (this.#over) return;
    this.#close();
    this.#sink.end(end);
  }

  #close(): void {
    this.#over = true;
    this.#inlined?.abort();
    this.#deadline?.cancel();
    this.#pause?.cancel();
  }
}
