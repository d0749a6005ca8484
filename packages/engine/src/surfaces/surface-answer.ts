import type { Candidate } from "@pointsman/core";
import type {
  AnswerClose,
  AnswerOptions,
  GatewayError,
  StreamEncoder,
  StreamItem,
} from "@pointsman/translate";
import type { Clock, Timer } from "../clock/clock.ts";
import { errorAnswer } from "../errors/error-answer.ts";
import { errorBodyOf } from "../errors/error-body.ts";
import type {
  AnsweredReport,
  RunEnd,
  RunHandle,
  RunReport,
  RunSink,
  RunStart,
} from "../run/run-report.ts";
import type { AnswerOutput, FlatHeaders } from "./answer-output.ts";
import { failedMetadata, routingMetadata } from "./routing-metadata.ts";
import type { ReadSurfaceRequest, Surface } from "./surface.ts";

/** Headers go out after this long without content, since a client dies at 60 s of silence. */
const headAfterMs = 25_000;
/** A comment goes out after this much silence in a stream. */
const keepAliveAfterMs = 15_000;

const streamHeaders: FlatHeaders = [
  "content-type",
  "text/event-stream; charset=utf-8",
  "cache-control",
  "no-cache",
  "x-accel-buffering",
  "no",
];

/** What an answer needs to know of its request. */
export type SurfaceAnswerOptions = {
  readonly surface: Surface;
  readonly request: ReadSurfaceRequest;
  readonly output: AnswerOutput;
  /** `req_…`, or the caller's own. */
  readonly requestId: string;
  readonly stream: boolean;
  /** `dec_…` */
  readonly decisionId: string;
  /** What is told of the decision; `null` = nobody asked. */
  readonly explain: ((report: AnsweredReport) => Readonly<Record<string, unknown>>) | null;
  /** Where pages about errors are, without a slash at the end. */
  readonly docsBaseUrl: () => string;
  /** What every answer says of limits, names and values in turn. */
  readonly headers: FlatHeaders;
  /** The run is over, before its last bytes go out; `error` = it failed. */
  readonly onEnd: (error: GatewayError | null, report: RunReport | null) => void;
  /** The caller left before the end. */
  readonly onLeft: (report: RunReport | null) => void;
};

const servedHeaders = (
  candidate: Candidate,
  {
    attempts,
    overheadMs,
    decisionId,
  }: { attempts: number; overheadMs: number; decisionId: string },
): FlatHeaders => [
  "x-pointsman-provider",
  candidate.offering.provider,
  "x-pointsman-model",
  candidate.offering.model,
  "x-pointsman-attempts",
  String(attempts),
  "x-pointsman-decision-id",
  decisionId,
  "x-pointsman-overhead-ms",
  overheadMs.toFixed(2),
];

/** Writes one run's answer to the caller in the wire of its surface, JSON or stream. */
export class SurfaceAnswer implements RunSink {
  readonly #clock: Clock;
  readonly #options: SurfaceAnswerOptions;
  readonly #output: AnswerOutput;
  readonly #headTimer: Timer | undefined;
  #keepAlive: Timer | undefined;
  #encoder: StreamEncoder | undefined;
  #model = "";
  #handle: RunHandle | undefined;
  #paused = false;
  #ended = false;

  constructor(clock: Clock, options: SurfaceAnswerOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#output = options.output;
    if (options.stream) {
      this.#headTimer = clock.timer(headAfterMs, () => {
        this.#beginStream([]);
        this.#write(options.surface.keepAlive);
      });
    }
    this.#output.once("close", () => {
      this.#stopTimers();
      if (this.#ended) return;
      options.onLeft(this.#handle?.cancel() ?? null);
    });
  }

  /** The run this answer belongs to, for pauses and for a caller who leaves. */
  attach(handle: RunHandle): void {
    this.#handle = handle;
    if (this.#output.destroyed) handle.cancel();
  }

  start({ candidate, attempts, overheadMs }: RunStart): void {
    this.#model = candidate.offering.providerModelId;
    const { stream, decisionId } = this.#options;
    if (stream) this.#beginStream(servedHeaders(candidate, { attempts, overheadMs, decisionId }));
  }

  items(items: readonly StreamItem[]): void {
    const text = this.#streamEncoder().items(items);
    for (const item of items) if (item.kind === "raw") this.#write(item.bytes);
    if (text !== "") this.#write(text);
  }

  resume(raw: readonly Uint8Array[]): void {
    this.#streamEncoder().resume(raw);
  }

  end(end: RunEnd): void {
    this.#stopTimers();
    this.#ended = true;
    this.#options.onEnd(end.ok ? null : end.error, end.report);
    if (!end.ok) {
      this.#fail(end.error, end.report);
    } else if (this.#options.stream) {
      this.#output.end(this.#streamEncoder().end(this.#close(end.report)), "utf8");
    } else {
      this.#reply(end);
    }
  }

  #answerOptions(): AnswerOptions {
    const { surface, request } = this.#options;
    const { excludeReasoning, legacyFunctions } = request.caller.outline;
    return {
      id: surface.newId(),
      createdSeconds: Math.floor(this.#clock.nowMs() / 1000),
      model: this.#model,
      excludeReasoning,
      legacyFunctions,
    };
  }

  #streamEncoder(): StreamEncoder {
    return (this.#encoder ??= this.#options.request.writer.stream(this.#answerOptions()));
  }

  #close(report: AnsweredReport): AnswerClose {
    const { explain } = this.#options;
    const explanation = explain === null ? {} : { explanation: explain(report) };
    return {
      usage: report.usage,
      routingMetadata: (losses) => ({ ...routingMetadata(report, losses), ...explanation }),
    };
  }

  #reply({ reply, report }: Extract<RunEnd, { ok: true }>): void {
    if (reply === null) throw new TypeError("an answered JSON run has a reply");
    this.#model = report.served.offering.providerModelId;
    const { text, encoding } = this.#options.request.writer.reply(
      reply,
      this.#answerOptions(),
      this.#close(report),
    );
    this.#writeHead(200, [
      ...servedHeaders(report.served, {
        attempts: report.attempts.length,
        overheadMs: report.overheadMs,
        decisionId: this.#options.decisionId,
      }),
      "content-type",
      "application/json; charset=utf-8",
      "content-length",
      // Byte text has a character a byte, and goes out with its head in one write.
      String(encoding === "latin1" ? text.length : Buffer.byteLength(text)),
    ]);
    this.#output.end(text, encoding);
  }

  #fail(error: GatewayError, report: RunReport | null): void {
    const { surface, requestId } = this.#options;
    const docsBaseUrl = this.#options.docsBaseUrl();
    if (this.#output.headersSent) {
      this.#output.end(
        this.#streamEncoder().fail(error, {
          docsBaseUrl,
          requestId,
          routingMetadata: report === null ? null : failedMetadata(report),
        }),
        "utf8",
      );
      return;
    }
    const { status, headers } = errorAnswer(error);
    const body = errorBodyOf(surface.path)(error, { docsBaseUrl, requestId });
    this.#writeHead(status, [
      ...Object.entries(headers).flat(),
      "content-length",
      String(Buffer.byteLength(body)),
    ]);
    this.#output.end(body, "utf8");
  }

  #beginStream(headers: FlatHeaders): void {
    this.#headTimer?.cancel();
    if (this.#output.headersSent) return;
    this.#writeHead(200, [...headers, ...streamHeaders]);
    this.#keepAlive = this.#clock.timer(keepAliveAfterMs, () => {
      this.#write(this.#options.surface.keepAlive);
    });
  }

  #writeHead(status: number, headers: FlatHeaders): void {
    const { requestId, headers: limits } = this.#options;
    const ids = ["x-request-id", requestId, "request-id", requestId];
    this.#output.writeHead(status, [...ids, ...limits, ...headers]);
  }

  #write(data: string | Uint8Array): void {
    this.#keepAlive?.refresh();
    if (this.#output.write(data) || this.#paused) return;
    // The caller reads slowly: the provider waits too, so that nothing piles up here.
    this.#paused = true;
    this.#handle?.pause();
    this.#output.once("drain", () => {
      this.#paused = false;
      this.#handle?.resume();
    });
  }

  #stopTimers(): void {
    this.#headTimer?.cancel();
    this.#keepAlive?.cancel();
  }
}
