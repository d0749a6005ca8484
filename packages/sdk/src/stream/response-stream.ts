import { connectionError, errorOfBody } from "../errors.ts";
import type { Answer } from "../http/transport.ts";
import type { ResponseObject, ResponseStreamEvent, ResponseUsage } from "../types/responses.ts";
import { EventStream } from "./event-stream.ts";

const terminal: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
]);

/** A streamed answer of the Responses API. */
export class ResponseStream extends EventStream<ResponseStreamEvent> {
  #completed: ResponseObject | null = null;

  constructor(answer: Answer) {
    super(answer, {
      isEnd: ({ type }) => terminal.has(type),
      isError: ({ type }) => type === "error",
      routingMetadataOf: ({ response, routing_metadata }) =>
        routing_metadata ?? response?.routing_metadata,
    });
  }

  /** The answer of the terminal event; `null` = it has not come. */
  get completed_response(): ResponseObject | null {
    return this.#completed;
  }

  get usage(): ResponseUsage | null {
    return this.#completed?.usage ?? null;
  }

  protected override seen({ type, response }: ResponseStreamEvent): void {
    if (terminal.has(type) && response !== undefined) this.#completed = response;
    if (type === "response.failed") {
      throw errorOfBody({ error: response?.error }, 200, this.responseHeaders);
    }
  }

  /** Reads the rest, and gives the answer as if it had been asked for whole. */
  async final(): Promise<ResponseObject> {
    await this.drain();
    if (this.#completed === null) throw connectionError("The stream ended before the answer did.");
    return this.#completed;
  }
}
