import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { createDecompressor } from "./decompress.ts";
import type { Decompressor } from "./decompress.ts";
import { ConnectionAwareHandler } from "./reusable-client.ts";

/** Receives one HTTP answer. Exactly one of `onEnd` and `onError` comes last, neither after `abort` or `drain`. */
export interface HttpHandler {
  onHead(status: number, headers: IncomingHttpHeaders): void;
  /** Plain bytes, whatever the content coding was. The chunk may be kept. */
  onData(chunk: Buffer): void;
  onEnd(): void;
  /** `staleConnection`: reset before any byte of the answer on a socket that had served before. */
  onError(error: Error, staleConnection: boolean): void;
}

/** A running exchange. */
export interface HttpExchange {
  /** Closes the connection; the handler hears nothing more. Idempotent. */
  abort(): void;
  pause(): void;
  resume(): void;
  /** The answer is complete for us: the rest is thrown away so that the connection can be used again. */
  drain(): void;
}

/** How long a drained connection may take to end by itself, ms. */
const drainMs = 2_000;

const staleCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

const codeOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? error.code : "";

/** Joins undici's dispatch events to an `HttpHandler`. */
export class Exchange
  extends ConnectionAwareHandler
  implements Dispatcher.DispatchHandler, HttpExchange
{
  readonly #handler: HttpHandler;
  #controller: Dispatcher.DispatchController | null = null;
  #decompressor: Decompressor | null = null;
  #paused = false;
  #silent = false;
  #ended = false;
  #aborted = false;
  #reused = false;
  #answered = false;
  #drainTimer: NodeJS.Timeout | null = null;
  #sending = true;

  constructor(handler: HttpHandler) {
    super();
    this.#handler = handler;
  }

  /** The dispatch call has returned; until then no error reaches the handler. */
  sent(): void {
    this.#sending = false;
  }

  abort(): void {
    this.#silent = true;
    if (this.#aborted || this.#ended) return;
    this.#aborted = true;
    this.#decompressor?.destroy();
    this.#controller?.abort(new Error("aborted"));
  }

  pause(): void {
    if (this.#silent || this.#paused) return;
    this.#paused = true;
    this.#decompressor?.pause();
    if (this.#answered) this.#controller?.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#decompressor?.resume();
    this.#controller?.resume();
  }

  drain(): void {
    if (this.#silent) return;
    this.#silent = true;
    this.resume();
    if (this.#ended) return;
    this.#drainTimer = setTimeout(() => this.abort(), drainMs);
    this.#drainTimer.unref();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#reused = this.connection?.reused ?? false;
    if (this.#aborted) controller.abort(new Error("aborted"));
  }

  onResponseStarted(): void {
    this.#answered = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#answered = true;
    // 103 Early Hints and the like come before the head.
    if (this.#silent || status < 200) return;
    this.#decompressor = createDecompressor(headers["content-encoding"], {
      onData: (chunk) => {
        if (!this.#silent) this.#handler.onData(chunk);
      },
      onEnd: () => this.#finish(),
      onError: (error) => {
        this.#fail(error);
        this.abort();
      },
    });
    if (this.#paused) {
      controller.pause();
      this.#decompressor?.pause();
    }
    this.#handler.onHead(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#silent) return;
    if (this.#decompressor === null) this.#handler.onData(chunk);
    else this.#decompressor.write(chunk);
  }

  onResponseEnd(): void {
    this.#transportOver();
    this.connection?.markServed();
    if (this.#decompressor === null) this.#finish();
    else this.#decompressor.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#transportOver();
    this.#decompressor?.destroy();
    // A closed pool fails within `dispatch`, before the caller holds the exchange.
    if (this.#sending) queueMicrotask(() => this.#fail(error));
    else this.#fail(error);
  }

  #transportOver(): void {
    this.#ended = true;
    if (this.#drainTimer !== null) clearTimeout(this.#drainTimer);
  }

  #finish(): void {
    if (this.#silent) return;
    this.#silent = true;
    this.#handler.onEnd();
  }

  #fail(error: Error): void {
    if (this.#silent) return;
    this.#silent = true;
    this.#handler.onError(error, this.#reused && !this.#answered && staleCodes.has(codeOf(error)));
  }
}
