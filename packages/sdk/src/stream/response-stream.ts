import { connectionError, errorOfBody } from "../error-of-body.ts";
import type { OpenAnswer } from "../http/transport.ts";
import type { ResponseStreamEvent, ResponseTerminalEvent } from "../types/response-events.ts";
import type { ResponseObject, ResponseUsage } from "../types/response-object.ts";
import { EventStream } from "./event-stream.ts";

const isTerminal = (event: ResponseStreamEvent): event is ResponseTerminalEvent =>
  event.type === "response.completed" ||
  event.type === "response.incomplete" ||
  event.type === "response.failed";

/** A streamed answer of the Responses API (docs/contract.md §17). */
export class ResponseStream extends EventStream<ResponseStreamEvent> {
  #completed: ResponseObject | null = null;

  constructor(answer: OpenAnswer) {
    super(answer, {
      isEnd: isTerminal,
      isError: ({ type }) => type === "error",
      routingMetadataOf: (event) =>
        isTerminal(event) ? (event.routing_metadata ?? event.response.routing_metadata) : undefined,
    });
  }

  /** The answer of the terminal event, completed, incomplete or failed; `null` = it has not come. */
  get completed_response(): ResponseObject | null {
    return this.#completed;
  }

  /** `null` = not told yet. */
  get usage(): ResponseUsage | null {
    return this.#completed?.usage ?? null;
  }

  protected override seen(event: ResponseStreamEvent): void {
    if (!isTerminal(event)) return;
    this.#completed = event.response;
    if (event.type === "response.failed") {
      throw errorOfBody({ error: event.response.error }, 200, this.responseHeaders);
    }
  }

  /**
   * Reads the stream, and gives the answer as if it had been asked for whole.
   *
   * @throws as iterating does
   */
  async final(): Promise<ResponseObject> {
    await this.drain();
    if (this.#completed === null) throw connectionError("The stream ended before the answer did.");
    return this.#completed;
  }
}
