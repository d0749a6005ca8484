import { connectionError, errorOfBody, isRecord } from "../errors.ts";
import type { ResponseHeaders } from "../http/response-headers.ts";
import { SseReader } from "../http/sse.ts";
import type { Answer } from "../http/transport.ts";
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
 */
export abstract class EventStream<Event> implements AsyncIterable<Event> {
  /** There at once. */
  readonly responseHeaders: ResponseHeaders;
  readonly #answer: Answer;
  readonly #wire: StreamWire<Event>;
  #routingMetadata: RoutingMetadata | null = null;
  #read = false;

  constructor(answer: Answer, wire: StreamWire<Event>) {
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
    this.#answer.abort();
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
    const { response, headers, abort } = this.#answer;
    const { isEnd, isError, routingMetadataOf } = this.#wire;
    let ended = false;
    try {
      for await (const data of this.#data(response)) {
        if (data === "[DONE]") {
          ended = true;
          continue;
        }
        const event = JSON.parse(data) as Event;
        if (isError(event)) throw errorOfBody(event, 200, headers);
        const metadata = routingMetadataOf(event);
        if (metadata) this.#routingMetadata = metadata;
        ended ||= isEnd(event);
        this.seen(event);
        yield event;
      }
      if (!ended) throw connectionError("The stream ended before the answer did.");
    } finally {
      // Done, failed, or left in the middle.
      abort();
    }
  }

  async *#data(response: Response): AsyncGenerator<string, void> {
    const reader = response.body?.getReader();
    if (reader === undefined) throw connectionError("The answer has no body.");
    const events = new SseReader();
    for (;;) {
      let part: { readonly done: boolean; readonly value?: Uint8Array | undefined };
      try {
        part = await reader.read();
      } catch (error) {
        throw connectionError("The stream broke off.", error);
      }
      if (part.done || part.value === undefined) return;
      for (const { data } of events.push(part.value)) yield data;
    }
  }
}

/** Whether an event has an `error` object, as chat streams tell them. */
export const hasError = (event: unknown): boolean => isRecord(event) && isRecord(event["error"]);
