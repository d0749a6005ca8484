import { cacheSavingsOf, emptyUsage, observe } from "@pointsman/core";
import type { Candidate, Decision, Explanation, RouterState, Usage } from "@pointsman/core";
import type { Loss } from "@pointsman/translate";
import type { Clock } from "../clock/clock.ts";
import type { AttemptEnd } from "./attempt.ts";
import type { AnsweredReport, AttemptReport, RunReport } from "./run-report.ts";
import type { RunRequest } from "./run-request.ts";
import { costAt, estimateUsage, isCounted, throughputOf } from "./settle.ts";

/** What the books of one run are kept with. */
export type BooksOptions = {
  readonly state: RouterState;
  readonly clock: Clock;
  readonly request: RunRequest;
  readonly decision: Decision;
  readonly explanation: Explanation | null;
  /** Time spent before the first attempt, ms. */
  readonly overheadMs: number;
};

/** What an attempt came to. */
export type Booked = {
  /** Estimated if need be. */
  readonly usage: Usage;
  readonly costPicoUsd: number;
  readonly estimated: boolean;
};

/** Keeps account of a run: tells core of every attempt, adds up what was billed. */
export class Books {
  readonly #options: BooksOptions;
  readonly #attempts: AttemptReport[] = [];
  readonly #losses: Loss[] = [];
  #costPicoUsd = 0;
  #estimated = false;

  constructor(options: BooksOptions) {
    this.#options = options;
  }

  get attempts(): readonly AttemptReport[] {
    return this.#attempts;
  }

  /** An attempt goes out. */
  started(candidate: Candidate): void {
    const { state, clock, request, decision } = this.#options;
    observe(state, {
      type: "attempt_started",
      nowMs: clock.nowMs(),
      offeringId: candidate.offering.id,
      credentialId: candidate.credential.id,
      credentialOwner: candidate.credential.owner,
      workspace: request.routing.workspace,
      prefix: request.routing.prefix,
      promptTokens: decision.prompt.tokens,
    });
  }

  /** Core learns from an attempt's end. */
  tell(candidate: Candidate, end: AttemptEnd): void {
    const { state, clock, request } = this.#options;
    const { outputHint, reasoningEffort } = request.routing;
    observe(state, {
      type: "attempt_ended",
      nowMs: clock.nowMs(),
      offeringId: candidate.offering.id,
      credentialId: candidate.credential.id,
      credentialOwner: candidate.credential.owner,
      workspace: request.routing.workspace,
      ...(outputHint === undefined ? {} : { outputHint }),
      ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
      cacheDirective: candidate.cacheDirective,
      prefix: request.routing.prefix,
      outcome: end.outcome,
      stream: end.streamed,
      ttftMs: end.ttftMs,
      totalMs: end.durationMs,
      usage: isCounted(end.usage) ? end.usage : null,
      promptBytes: request.routing.prompt.bytes,
      retryAfterMs: end.failure?.retryAfterMs ?? null,
    });
  }

  /** Tells core, adds the attempt's cost, keeps its report. */
  book(candidate: Candidate, end: AttemptEnd): Booked {
    this.tell(candidate, end);
    const { clock, decision } = this.#options;
    const counted = isCounted(end.usage);
    // What failed before any content, uncounted, is not billed anywhere.
    const billed = counted || end.outcome === "success" || end.ttftMs !== null;
    const usage = isCounted(end.usage)
      ? end.usage
      : estimateUsage(decision.prompt.tokens, end.transcript.totalBytes());
    const estimated = billed && (!counted || candidate.offering.price === null);
    this.#estimated ||= estimated;
    const costPicoUsd = billed ? costAt(candidate.offering, usage, clock.nowMs()) : 0;
    this.#costPicoUsd += costPicoUsd;
    this.#attempts.push({
      candidate,
      outcome: end.outcome,
      status: end.failure?.status ?? (end.outcome === "success" ? 200 : null),
      durationMs: end.durationMs,
      usage: billed ? usage : emptyUsage,
      costPicoUsd,
      estimated,
    });
    return { usage, costPicoUsd, estimated };
  }

  /** The answer may be shorter than asked for. */
  capped(): void {
    this.#losses.push({
      type: "unsupported_parameter",
      code: "max_tokens_capped_by_budget",
      message: "The budget pays fewer output tokens than were asked for.",
    });
  }

  /** The answer was stopped: what came next could not be paid. */
  stopped(): void {
    this.#losses.push({
      type: "unsupported_feature",
      code: "budget_stopped",
      message: "The answer was stopped: the budget pays no more of it.",
    });
  }

  /** The report so far, of a run nobody answered. */
  report(losses: readonly Loss[] = []): RunReport {
    const { decision, explanation, request, overheadMs } = this.#options;
    return {
      decision,
      explanation,
      attempts: this.#attempts,
      served: null,
      usage: null,
      costPicoUsd: this.#costPicoUsd,
      cacheSavings: null,
      estimated: this.#estimated,
      ttftMs: null,
      throughputTps: null,
      overheadMs,
      losses: [...request.losses, ...this.#losses, ...losses],
    };
  }

  /** The report of a run that was answered; `ttftMs` = from receipt to first content. */
  answered(
    served: Candidate,
    { usage, end, ttftMs }: { usage: Usage; end: AttemptEnd; ttftMs: number | null },
  ): AnsweredReport {
    const { clock } = this.#options;
    const timedOut = this.#attempts.some(({ outcome }) => outcome === "timeout");
    const rescued: readonly Loss[] = timedOut
      ? [
          {
            type: "provider_timeout",
            code: "provider_timeout",
            message: `A provider did not answer in time; ${served.offering.provider} did.`,
          },
        ]
      : [];
    const { price } = served.offering;
    return {
      ...this.report([...end.losses, ...rescued]),
      served,
      usage,
      cacheSavings: price === null ? null : cacheSavingsOf(price, usage, clock.nowMs()),
      ttftMs,
      throughputTps: throughputOf(usage, end.durationMs, end.ttftMs),
    };
  }
}
