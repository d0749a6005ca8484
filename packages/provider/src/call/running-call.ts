import type { IncomingHttpHeaders } from "node:http";
import type { Usage } from "@pointsman/core";
import { itemsOfReply } from "@pointsman/translate";
import type { Loss, ProviderReply, StreamDecoder, StreamItem } from "@pointsman/translate";
import type { CallHandle, CallSink, ProviderFailure } from "../adapter.ts";
import { classifyFailure, classifyToldError } from "../failure/classify-failure.ts";
import { classifyNetworkError } from "../failure/classify-network-error.ts";
import type { Redactor } from "../failure/redact.ts";
import { createBodyCollector, maxErrorBytes, maxReplyBytes } from "../http/body-collector.ts";
import type { BodyCollector } from "../http/body-collector.ts";
import type { HttpExchange, HttpHandler } from "../http/exchange.ts";
import type { HttpRequest, HttpTransport } from "../http/transport.ts";
import { AnswerProgress } from "./answer-progress.ts";
import type { AnswerWire } from "./answer-wire.ts";
import { bodyKindOf } from "./body-kind.ts";

/** What a call knows of itself before the first byte of its answer. */
export type CallPlan = {
  readonly wire: AnswerWire;
  readonly request: HttpRequest;
  /** The answer's bytes may go out as they are. */
  readonly passthrough: boolean;
  readonly stream: boolean;
  /** Answers asked for. */
  readonly choices: number;
  readonly losses: readonly Loss[];
  readonly redact: Redactor;
};

/** How the body is read; `undecided` = a streamed call before the first byte that says something. */
type Reading = "undecided" | "events" | "json" | "error";

/** Whole answers that were filtered before they said anything. */
const isFiltered = (reply: ProviderReply): boolean =>
  reply.kind === "neutral" &&
  reply.reply.choices.every(
    ({ parts, finish }) => parts.length === 0 && finish === "content_filter",
  );

const readWaitingOf = (call: RunningCall): void => {
  call.readWaiting();
};

/** Reads one answer and tells the sink how it ended. */
class RunningCall implements HttpHandler, CallHandle {
  readonly #plan: CallPlan;
  readonly #sink: CallSink;
  #decoder: StreamDecoder | null = null;
  readonly #progress: AnswerProgress;
  readonly #exchange: HttpExchange;
  readonly #items: StreamItem[] = [];
  #body: BodyCollector;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #reading: Reading = "undecided";
  #over = false;
  /** Chunks of the present tick. What one read of the socket brings is decoded and handed on at once. */
  readonly #waiting: Buffer[] = [];

  constructor(plan: CallPlan, transport: HttpTransport, sink: CallSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#body = createBodyCollector(maxReplyBytes);
    this.#progress = new AnswerProgress(plan.passthrough ? plan.choices : 1);
    this.#exchange = transport.send(plan.request, this);
  }

  abort(): void {
    this.#over = true;
    this.#exchange.abort();
  }

  pause(): void {
    this.#exchange.pause();
  }

  resume(): void {
    this.#exchange.resume();
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    if (status < 200 || status > 299) {
      this.#reading = "error";
      this.#body = createBodyCollector(maxErrorBytes);
    } else {
      this.#reading = this.#plan.stream ? "undecided" : "json";
    }
  }

  onData(chunk: Buffer): void {
    if (this.#over) return;
    if (this.#reading === "undecided") this.#decide(chunk);
    switch (this.#reading) {
      case "undecided":
        return;
      case "events":
        this.#waiting.push(chunk);
        if (this.#waiting.length === 1) process.nextTick(readWaitingOf, this);
        return;
      case "json":
        if (!this.#body.push(chunk)) this.#stop(this.#badResponse("the answer was too large"));
        return;
      case "error":
        if (!this.#body.push(chunk)) this.#stop(this.#refusal());
    }
  }

  onEnd(): void {
    this.readWaiting();
    if (this.#over) return;
    switch (this.#reading) {
      case "undecided":
        return this.#fail(this.#badResponse("the answer was empty"));
      case "events":
        this.#items.length = 0;
        this.#decoder?.end(this.#items);
        if (this.#deliver(this.#items)) this.#endStream(null);
        return;
      case "json":
        return this.#endJson();
      case "error":
        return this.#fail(this.#refusal());
    }
  }

  onError(error: Error, staleConnection: boolean): void {
    this.readWaiting();
    if (this.#over) return;
    const failure = classifyNetworkError(error, staleConnection);
    if (this.#reading === "error") return this.#fail(this.#refusal());
    if (this.#reading === "events") return this.#endStream(failure);
    this.#fail(this.#status === 0 ? failure : { ...failure, status: this.#status });
  }

  #decide(chunk: Buffer): void {
    const kind = bodyKindOf(chunk);
    if (kind === "page") this.#stop(this.#badResponse("the answer was a web page"));
    else if (kind !== null) this.#reading = kind;
  }

  /** Made at the first byte of events: most answers are no stream. */
  #streamDecoder(): StreamDecoder {
    return (this.#decoder ??= this.#plan.wire.createDecoder());
  }

  readWaiting(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const chunk = this.#waiting.length === 1 ? first : Buffer.concat(this.#waiting);
    this.#waiting.length = 0;
    if (this.#over) return;
    this.#items.length = 0;
    let done: boolean;
    try {
      const decoder = this.#streamDecoder();
      decoder.push(chunk, this.#items);
      done = decoder.done;
    } catch {
      // A codec's bug: it breaks this answer, and nothing above a tick would catch it.
      this.#stop(this.#badResponse("the answer could not be read"));
      return;
    }
    if (!this.#deliver(this.#items) || !done) return;
    this.#exchange.drain();
    this.#endStream(null);
  }

  /** Hands items on; `false` = the call is over, by an error among them or by the sink. */
  #deliver(items: readonly StreamItem[]): boolean {
    let count = 0;
    for (const item of items) {
      if (item.kind === "error") break;
      this.#progress.note(item);
      count += 1;
    }
    const told = items[count];
    if (count > 0) this.#sink.items(told === undefined ? items : items.slice(0, count));
    if (this.#over) return false;
    if (told?.kind !== "error") return true;
    this.#stop(classifyToldError(told.error, this.#told()));
    return false;
  }

  /** The transport or the sentinel ended the stream; only its finishes say whether it is whole. */
  #endStream(broken: ProviderFailure | null): void {
    const status = this.#status;
    if (this.#progress.isWhole()) {
      return this.#progress.isFiltered() && this.#plan.wire.keepsFiltered !== true
        ? this.#fail(this.#filtered())
        : this.#succeed(this.#progress.usage);
    }
    if (this.#progress.contentSeen) {
      const cut = { message: "the answer was cut off", retryAfterMs: null, error: null };
      return this.#fail({ ...cut, outcome: "stream_cut", status, staleConnection: false });
    }
    this.#fail(
      broken === null ? this.#badResponse("the answer held nothing") : { ...broken, status },
    );
  }

  #endJson(): void {
    const { wire, stream, passthrough } = this.#plan;
    const read = wire.readReply(this.#body.bytes(), passthrough && !stream);
    if (read.kind === "told") return this.#fail(classifyToldError(read.error, this.#told()));
    if (read.kind === "broken") return this.#fail(this.#badResponse(read.message));
    if (isFiltered(read.reply)) return this.#fail(this.#filtered(), read.usage);
    if (!stream) return this.#succeed(read.usage, read.reply);
    if (read.reply.kind === "neutral" && !this.#deliver(itemsOfReply(read.reply.reply))) return;
    this.#succeed(read.usage);
  }

  #told(): Parameters<typeof classifyToldError>[1] {
    const { wire, redact } = this.#plan;
    return { status: this.#status, redact, vendorCodes: wire.vendorCodes };
  }

  #refusal(): ProviderFailure {
    return classifyFailure({
      status: this.#status,
      headers: this.#headers,
      body: this.#body.bytes(),
      nowMs: Date.now(),
      redact: this.#plan.redact,
      vendorCodes: this.#plan.wire.vendorCodes,
    });
  }

  /** Nothing was said: the caller's content was refused, wherever in the answer that was told. */
  #filtered(): ProviderFailure {
    const message = "The provider filtered the answer.";
    const rest = { retryAfterMs: null, error: null, staleConnection: false };
    return { outcome: "content_filtered", status: this.#status, message, ...rest };
  }

  #badResponse(message: string): ProviderFailure {
    const status = this.#status;
    const rest = { retryAfterMs: null, error: null, staleConnection: false };
    return { outcome: "bad_response", status, message, ...rest };
  }

  #succeed(usage: Usage | null, reply: ProviderReply | null = null): void {
    this.#over = true;
    this.#sink.end({ ok: true, reply, usage, losses: this.#plan.losses });
  }

  #fail(failure: ProviderFailure, usage: Usage | null = this.#progress.usage): void {
    this.#over = true;
    this.#sink.end({ ok: false, failure, usage });
  }

  /** Ends the call and closes the connection, whose rest nobody wants. */
  #stop(failure: ProviderFailure): void {
    this.#exchange.abort();
    this.#fail(failure);
  }
}

/** Sends a call and reads its answer; the sink hears how it ends, exactly once. */
export const startCall = (plan: CallPlan, transport: HttpTransport, sink: CallSink): CallHandle =>
  new RunningCall(plan, transport, sink);
