import { connectionError, errorOfBody, malformedError } from "../error-of-body.ts";
import type { ResponseHeaders } from "../http/response-headers.ts";
import { SseReader } from "../http/sse.ts";
import type { OpenAnswer } from "../http/transport.ts";
import { isRecord } from "../is-record.ts";
import type { RoutingMetadata } from "../types/routing.ts";

/** What of a wire's stream has to be known to read it. */
export type StreamWire<Event> = {
  /** The event ended the answer as it should be. */
  readonly isEnd: (event: Event) => boolean;
  /** An event that tells an error. */
  readonly isError: (event: Event) => boolean;
  readonly routingMetadataOf: (event: Event) => RoutingMetadata | null | undefined;
};

/**
 * A streamed answer: iterate it once. Leaving the loop, or `abort`, ends the request, and with it the call
 * at the provider.
 *
 * Iterating throws a `PointsmanAPIError` of statusCode 200 if the gateway tells an error, APIConnectionError
 * if the stream breaks off or ends before the answer does, and the signal's reason, by `abort` an AbortError,
 * if the caller ended it.
 */
export abstract class EventStream<Event> implements AsyncIterable<Event> {
  /** There at once. */
  readonly responseHeaders: ResponseHeaders;
  readonly #answer: OpenAnswer;
  readonly #wire: StreamWire<Event>;
  #routingMetadata: RoutingMetadata | null = null;
  #read = false;

  constructor(answer: OpenAnswer, wire: StreamWire<Event>) {
    this.#answer = answer;
    this.#wire = wire;
    this.responseHeaders = answer.headers;
  }

  /** The last that came; `null` = none yet. */
  get routing_metadata(): RoutingMetadata | null {
    return this.#routingMetadata;
  }

  /** Ends the request. What was not read is lost. */
  abort(): void {
    const { exchange } = this.#answer;
    exchange.abort();
    exchange.close();
  }

  /** Reads all that comes. */
  protected async drain(): Promise<void> {
    const events = this[Symbol.asyncIterator]();
    for (let next = await events.next(); next.done !== true;) next = await events.next();
  }

  /** Hears of each event before the caller does. */
  protected abstract seen(event: Event): void;

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void> {
    if (this.#read) throw new TypeError("A stream can be read once.");
    this.#read = true;
    const { isEnd, isError, routingMetadataOf } = this.#wire;
    let ended = false;
    for await (const data of this.#data()) {
      if (data === "[DONE]") {
        // The body ends here: read to its end, a connection can be used again.
        ended = true;
        continue;
      }
      const event = this.#parse(data);
      if (isError(event)) throw errorOfBody(event, 200, this.responseHeaders);
      this.#routingMetadata = routingMetadataOf(event) ?? this.#routingMetadata;
      ended ||= isEnd(event);
      this.seen(event);
      yield event;
    }
    if (!ended) throw connectionError("The stream ended before the answer did.");
  }

  #parse(data: string): Event {
    let event: unknown;
    try {
      event = JSON.parse(data);
    } catch {
      // Told below, as what is no object.
    }
    // What the gateway streams is held to its own document, and not looked at again here.
    if (isRecord(event)) return event as Event;
    throw malformedError("An event of the stream is no JSON object.", {
      statusCode: 200,
      body: data,
      responseHeaders: this.responseHeaders,
    });
  }

  async *#data(): AsyncGenerator<string, void> {
    const { body, exchange } = this.#answer;
    const reader = body?.getReader();
    const events = new SseReader();
    try {
      for (;;) {
        exchange.signal.throwIfAborted();
        const part = await reader?.read();
        if (part?.value === undefined) return;
        for (const { data } of events.push(part.value)) yield data;
      }
    } catch (error) {
      throw exchange.failureOf(error, "The stream broke off.");
    } finally {
      // Done, failed, or left in the middle.
      exchange.abort();
      exchange.close();
      await reader?.cancel().catch(() => {});
    }
  }
}
