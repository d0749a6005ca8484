import { addUsage, decide, emptyUsage, explain, observe, react } from "@pointsman/core";
import type {
  AttemptRecord,
  Candidate,
  Decision,
  Explanation,
  OutcomeKind,
  Usage,
} from "@pointsman/core";
import type { ProviderFailure } from "@pointsman/provider";
import { UnreadableRequestError, collectReply, withoutPassThrough } from "@pointsman/translate";
import type { GatewayError, ProviderReply, StreamItem } from "@pointsman/translate";
import type { Timer } from "../clock/clock.ts";
import type { Admission } from "./admission.ts";
import { startAttempt } from "./attempt.ts";
import type { AttemptEnd } from "./attempt.ts";
import { Books } from "./books.ts";
import type { Booked } from "./books.ts";
import { cachingOf } from "./caching.ts";
import { defaultConduct } from "./conduct.ts";
import type { RunConduct } from "./conduct.ts";
import { Entrance } from "./entrance.ts";
import type { Ticket } from "./entrance.ts";
import { Foresight } from "./foresight.ts";
import { Meter } from "./meter.ts";
import { Racers } from "./racers.ts";
import type { Racer } from "./racers.ts";
import { allowsRescue, planRescue, refusedPrefill } from "./rescue.ts";
import type { Rescue } from "./rescue.ts";
import type { RunEnd, RunHandle, RunReport, RunSink } from "./run-report.ts";
import type { RunRequest } from "./run-request.ts";
import { bytesPerToken } from "./settle.ts";
import type { RunContext } from "./run-context.ts";
import { brokenStreamError, rejectionError, stopError } from "./stop-error.ts";
import { Till } from "./till.ts";
import type { SaidPiece } from "./transcript.ts";

const noHandle: RunHandle = { cancel: () => null, pause: () => {}, resume: () => {} };

/** Attempts in decided order until one answers, the caller leaves, or core says stop. */
export const startRun = (context: RunContext, request: RunRequest, sink: RunSink): RunHandle => {
  const { state, clock } = context;
  const nowMs = clock.nowMs();
  const at = { nowMs, seed: context.nextSeed() };
  const explanation = request.explain === true ? explain(state, request.routing, at) : null;
  const decision = explanation?.decision ?? decide(state, request.routing, at);
  if (decision.failure !== null) {
    sink.end({
      ok: false,
      error: rejectionError(decision.failure, request.caller.surface),
      started: false,
      report: null,
    });
    return noHandle;
  }
  observe(state, { type: "request_started", nowMs });
  context.hedges.deposit(request.routing.workspace, request.conduct ?? defaultConduct);
  return new Run({ context, request, sink, decision, explanation });
};

const nothing = { picoUsd: 0, estimated: false, usage: emptyUsage } as const;

/** The end of an answer that could not be paid any further. */
const stoppedByBudget = {
  kind: "finish",
  choice: 0,
  reason: "length",
  native: "budget_exhausted",
} as const satisfies StreamItem;

/** An answer that was streamed here, whole. */
const foldedReply = (items: readonly StreamItem[]): ProviderReply => {
  const collected = collectReply(items);
  if (collected.kind !== "reply") throw new TypeError(`an answer that ended is ${collected.kind}`);
  return { kind: "neutral", reply: collected.reply };
};

const internalError: GatewayError = {
  code: "internal_error",
  message: "The gateway failed; this is its fault.",
  param: null,
};

class Run implements RunHandle {
  readonly #context: RunContext;
  readonly #request: RunRequest;
  readonly #conduct: RunConduct;
  readonly #sink: RunSink;
  readonly #decision: Decision;
  readonly #books: Books;
  readonly #records: AttemptRecord[] = [];
  readonly #entrance: Entrance;
  readonly #foresight: Foresight;
  readonly #till: Till;
  readonly #racers = new Racers();
  readonly #overheadMs: number;
  readonly #deadline: Timer | undefined;
  #pause: Timer | undefined;
  #hedge: Timer | undefined;
  #repeatedStale = false;
  /** From receipt to the first content that went out; `undefined` = none did. */
  #ttftMs: number | null | undefined;
  /** What attempts used whose part of the answer another one goes on with. */
  #usageSoFar: Usage | null = null;
  #over = false;

  constructor(run: {
    context: RunContext;
    request: RunRequest;
    sink: RunSink;
    decision: Decision;
    explanation: Explanation | null;
  }) {
    const { context, request, decision, explanation } = run;
    const { clock, state } = context;
    this.#context = context;
    this.#request = request;
    this.#conduct = request.conduct ?? defaultConduct;
    this.#sink = run.sink;
    this.#decision = decision;
    this.#overheadMs = clock.monotonicMs() - request.receivedAtMs;
    this.#books = new Books({
      state,
      clock,
      request,
      decision,
      explanation,
      overheadMs: this.#overheadMs,
    });
    this.#till = new Till(request.purse);
    this.#foresight = new Foresight(context, request, decision);
    this.#entrance = new Entrance({
      context,
      request,
      decision,
      tried: () => this.#records.map(({ candidate }) => candidate),
      onFail: (error) => {
        this.#fail(error);
      },
      onBug: (error) => {
        this.#bug(error);
      },
    });
    if (request.deadlineMs !== null) {
      this.#deadline = clock.timer(Math.max(0, request.deadlineMs - this.#overheadMs), () => {
        this.#pastDeadline();
      });
    }
    this.#try(0, null);
    this.#hedge = this.#foresight.hedge(({ candidate }) => {
      this.#try(candidate, null);
    });
  }

  cancel(): RunReport | null {
    if (this.#over) return null;
    this.#close();
    this.#stopRacers(null);
    return this.#books.report();
  }

  pause(): void {
    this.#racers.pause();
  }

  resume(): void {
    this.#racers.resume();
  }

  get #started(): boolean {
    return this.#ttftMs !== undefined;
  }

  #try(index: number, rescue: Rescue | null): void {
    this.#entrance.enter(index, {
      mayGoElsewhere: rescue === null,
      extraTokens: rescue?.promptTokens ?? 0,
      go: (ticket) => {
        this.#attempt(ticket, rescue);
      },
    });
  }

  #attempt({ place, caller, admission, release }: Ticket, rescue: Rescue | null): void {
    const { index, candidate, provider, account } = place;
    const { clock } = this.#context;
    const { routing } = this.#request;
    const { buffer } = this.#conduct;
    const { purse } = this.#request;
    const racer: Racer = {
      index,
      candidate,
      rescue,
      admission,
      release,
      meter:
        admission.meter === null || purse === undefined
          ? null
          : new Meter(purse, admission.meter, {
              clock,
              metered: {
                hold: () => this.#racers.hold(racer),
                goOn: () => this.#racers.goOn(racer),
                stop: () => this.#stopUnpaid(racer),
              },
            }),
      folded: admission.folds ? [] : null,
      waits: false,
      handle: undefined,
    };
    // What is held back is counted by its text, and what is folded is read.
    const held = buffer === 0 && !admission.folds ? caller : withoutPassThrough(caller);
    const call = {
      request: rescue === null ? held : rescue.shape(caller),
      offering: candidate.offering,
      credential: { id: account.credential.id, apiKey: account.apiKey },
      stream: routing.stream || admission.folds,
      maxOutputTokens: admission.maxOutputTokens,
      caching: cachingOf(this.#request, candidate, this.#decision.prompt.tokens),
    };
    const isWhole = buffer === "whole" || admission.folds;
    const holdBytes = isWhole ? Number.POSITIVE_INFINITY : buffer * bytesPerToken;
    this.#books.started(candidate);
    this.#racers.add(racer, () =>
      startAttempt(
        {
          adapter: provider.adapter,
          call,
          timeouts: provider.timeouts,
          timeoutMs: this.#foresight.timeLimitMs(index, this.#records),
          holdBytes: rescue === null ? holdBytes : 0,
          clock,
        },
        {
          content: (ttftMs) => {
            if (rescue === null) this.#begin(racer, ttftMs);
          },
          heard: (transcript) => {
            racer.meter?.heard(transcript);
          },
          items: (items) => {
            if (racer.folded !== null) return void racer.folded.push(...items);
            if (rescue === null) return this.#sink.items(items);
            const fresh = rescue.continuation.take(items);
            if (fresh === null) this.#differs(racer);
            else if (fresh.length > 0) this.#sink.items(fresh);
          },
          end: (end) => {
            if (!this.#over && this.#racers.remove(racer)) this.#ended(racer, end);
          },
          bug: (error) => {
            this.#bug(error);
          },
        },
      ),
    );
  }

  #begin(racer: Racer, ttftMs: number | null): void {
    this.#hedge?.cancel();
    this.#stopRacers(racer);
    const { clock } = this.#context;
    const startedMs = clock.monotonicMs() - this.#request.receivedAtMs;
    this.#ttftMs = ttftMs === null || !this.#request.routing.stream ? null : startedMs;
    this.#sink.start({
      candidate: racer.candidate,
      attempts: this.#books.attempts.length + 1,
      overheadMs: this.#overheadMs,
    });
  }

  #ended(racer: Racer, end: AttemptEnd): void {
    this.#hedge?.cancel();
    const { index, candidate, rescue } = racer;
    const { failure } = end;
    if (failure?.staleConnection === true && !this.#repeatedStale) {
      // A kept-alive connection that died while idle says nothing of the provider: once more, free.
      this.#repeatedStale = true;
      this.#books.tell(candidate, { ...end, outcome: "cancelled" });
      this.#till.pay(racer.admission, { ...nothing, outcome: "cancelled" });
      this.#try(index, rescue);
      return;
    }
    const { usage } = this.#book(racer, end);
    if (failure === null) {
      if (rescue?.continuation.isComplete === false) return this.#tellsOtherwise(candidate);
      return this.#answered(racer, end, usage);
    }
    if (rescue !== null && refusedPrefill(rescue, end.outcome)) {
      return this.#goOn(index, rescue.said, false);
    }
    this.#records.push({
      candidate: index,
      outcome: end.outcome,
      status: failure.status,
      retryAfterMs: failure.retryAfterMs,
      durationMs: end.durationMs,
    });
    if (this.#racers.size > 0) return;
    if (this.#started) this.#brokeOff(racer, end, usage);
    else this.#react(candidate, failure);
  }

  #answered({ candidate: served, folded }: Racer, end: AttemptEnd, usage: Usage): void {
    const report = this.#books.answered(served, {
      usage: this.#usageSoFar === null ? usage : addUsage(this.#usageSoFar, usage),
      end,
      ttftMs: this.#ttftMs ?? null,
    });
    this.#finish({ ok: true, reply: folded === null ? end.reply : foldedReply(folded), report });
  }

  /** The budget pays no more of an answer: it ends here, as if it had become too long. */
  #stopUnpaid(racer: Racer): void {
    const { handle, candidate, rescue, folded, admission } = racer;
    if (this.#over || handle === undefined || !this.#racers.remove(racer)) return;
    const end = handle.stop();
    const booked = this.#books.book(candidate, end);
    this.#books.stopped();
    this.#pay(admission, booked, "success");
    if (folded !== null) folded.push(stoppedByBudget);
    else {
      if (rescue === null) this.#sink.resume(end.transcript.raw);
      this.#sink.items([stoppedByBudget]);
    }
    this.#answered(racer, end, booked.usage);
  }

  /** A part of the answer is out: others may go on with it (docs/contract.md §6). */
  #brokeOff({ candidate, rescue }: Racer, end: AttemptEnd, usage: Usage): void {
    const said = rescue === null ? end.transcript.said() : rescue.continuation.said();
    const reaction =
      said === null || !allowsRescue(this.#request) ? null : this.#reaction({ contentOut: true });
    if (said === null || reaction === null || reaction.type === "stop") {
      const error = brokenStreamError(candidate.offering.provider, end.outcome, end.failure);
      this.#fail(error, end.losses);
      return;
    }
    if (rescue === null) this.#sink.resume(end.transcript.raw);
    this.#goOn(reaction.candidate, said, true, usage);
  }

  #goOn(index: number, said: readonly SaidPiece[], mayPrefill: boolean, usage?: Usage): void {
    const candidate = this.#decision.candidates[index];
    if (candidate === undefined) throw new RangeError(`candidate ${index} is not the decision's`);
    const rescue = planRescue(candidate, this.#request.caller, { said, mayPrefill });
    if (rescue.continuation.prefilled && usage !== undefined) {
      this.#usageSoFar = this.#usageSoFar === null ? usage : addUsage(this.#usageSoFar, usage);
    } else if (!rescue.continuation.prefilled) {
      this.#usageSoFar = null;
    }
    this.#try(index, rescue);
  }

  #differs(racer: Racer): void {
    this.#stopRacers(null);
    this.#tellsOtherwise(racer.candidate);
  }

  #tellsOtherwise({ offering }: Candidate): void {
    this.#fail({
      code: "upstream_error",
      message: `The stream broke off, and ${offering.provider} did not go on with it as it began.`,
      param: null,
      provider: offering.provider,
    });
  }

  #reaction(options: { readonly contentOut: boolean }): ReturnType<typeof react> {
    const { clock, state } = this.#context;
    const nowMs = clock.nowMs();
    const { deadlineMs, receivedAtMs } = this.#request;
    return react(state, this.#request.routing, this.#decision, this.#records, {
      ...options,
      nowMs,
      seed: this.#decision.seed,
      ...(deadlineMs === null
        ? {}
        : { deadlineAtMs: nowMs + deadlineMs - (clock.monotonicMs() - receivedAtMs) }),
    });
  }

  #react(candidate: Candidate, failure: ProviderFailure): void {
    const { clock, state } = this.#context;
    const reaction = this.#reaction({ contentOut: false });
    if (reaction.type === "stop") {
      const asked = this.#books.attempts.map((attempt) => attempt.candidate.offering.provider);
      const error = stopError({
        code: reaction.code,
        retryAfterMs: reaction.retryAfterMs,
        surface: this.#request.caller.surface,
        provider: candidate.offering.provider,
        failure,
        providersTried: [...new Set(asked)],
        onlyCredentials: this.#records.every(({ outcome }) => outcome === "auth_error"),
      });
      this.#fail(error);
      return;
    }
    if (reaction.type === "retry" && reaction.fromBudget) {
      observe(state, { type: "retry_spent", nowMs: clock.nowMs() });
    }
    if (reaction.afterMs <= 0) {
      this.#try(reaction.candidate, null);
      return;
    }
    this.#pause = clock.timer(reaction.afterMs, () => {
      this.#pause = undefined;
      this.#try(reaction.candidate, null);
    });
  }

  #pastDeadline(): void {
    if (this.#over) return;
    this.#stopRacers(null);
    this.#fail({
      code: this.#started ? "stream_duration_exceeded" : "upstream_timeout",
      message: `The deadline of ${this.#request.deadlineMs} ms has passed.`,
      param: null,
    });
  }

  /** Stops what runs beside `winner`, and books it. */
  #stopRacers(winner: Racer | null): void {
    this.#racers.stop(winner, (racer, end) => {
      this.#book(racer, end);
    });
  }

  #book({ candidate, admission }: Racer, end: AttemptEnd): Booked {
    const booked = this.#books.book(candidate, end);
    if (end.outcome === "success" && admission.maxOutputTokens !== null) this.#books.capped();
    this.#pay(admission, booked, end.outcome);
    return booked;
  }

  #pay(admission: Admission, booked: Booked, outcome: OutcomeKind): void {
    const { costPicoUsd: picoUsd, estimated, usage } = booked;
    this.#till.pay(admission, { picoUsd, estimated, usage, outcome });
  }

  /** A bug breaks one run, never the process; and a request that proves to be none is the caller's fault. */
  #bug(thrown: unknown): void {
    const isCallers = thrown instanceof UnreadableRequestError;
    if (!isCallers) this.#context.onBug(thrown);
    if (this.#over) return;
    this.#close();
    this.#racers.stop(null, ({ admission }) => {
      this.#till.pay(admission, { ...nothing, outcome: "cancelled" });
    });
    const error = isCallers ? thrown.error : internalError;
    this.#sink.end({ ok: false, error, started: this.#started, report: null });
  }

  #fail(error: GatewayError, losses: AttemptEnd["losses"] = []): void {
    const report = this.#books.report(losses);
    this.#finish({ ok: false, error, started: this.#started, report });
  }

  #finish(end: RunEnd): void {
    if (this.#over) return;
    this.#close();
    this.#till.whenPaid(() => {
      this.#sink.end(end);
    });
  }

  #close(): void {
    this.#over = true;
    this.#entrance.close();
    this.#deadline?.cancel();
    this.#pause?.cancel();
    this.#hedge?.cancel();
  }
}
