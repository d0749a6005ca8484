import { connectionError } from "../error-of-body.ts";
import type { OpenAnswer } from "../http/transport.ts";
import type { Message, MessageStreamEvent, MessageUsage } from "../types/message.ts";
import { EventStream } from "./event-stream.ts";
import { MessageFold } from "./message-fold.ts";

/** A streamed answer of the Messages API (docs/contract.md §18). */
export class MessageStream extends EventStream<MessageStreamEvent> {
  readonly #fold = new MessageFold();

  constructor(answer: OpenAnswer) {
    super(answer, {
      isEnd: ({ type }) => type === "message_stop",
      isError: ({ type }) => type === "error",
      routingMetadataOf: (event) =>
        event.type === "message_delta" ? event.routing_metadata : undefined,
    });
  }

  /** What has been counted so far; `null` = nothing yet. */
  get usage(): MessageUsage | null {
    return this.#fold.usage;
  }

  protected override seen(event: MessageStreamEvent): void {
    this.#fold.add(event);
  }

  /**
   * Reads the stream, and gives the answer as if it had been asked for whole. A call whose input was cut off by
   * `max_tokens` has it as `{value: text}`.
   *
   * @throws as iterating does
   */
  async final(): Promise<Message> {
    await this.drain();
    const { routing_metadata } = this;
    const message = this.#fold.message();
    if (message === null || routing_metadata === null) {
      throw connectionError("The stream ended without an answer and its routing metadata.");
    }
    return { ...message, routing_metadata };
  }
}
