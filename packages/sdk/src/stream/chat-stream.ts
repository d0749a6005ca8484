import { connectionError } from "../error-of-body.ts";
import type { OpenAnswer } from "../http/transport.ts";
import { isRecord } from "../is-record.ts";
import type { ChatCompletion, ChatCompletionChunk, ChatUsage } from "../types/chat.ts";
import { ChatFold } from "./chat-fold.ts";
import { EventStream } from "./event-stream.ts";

const hasError = (event: unknown): boolean => isRecord(event) && isRecord(event["error"]);

/** A streamed chat completion (docs/contract.md §16). */
export class ChatStream extends EventStream<ChatCompletionChunk> {
  #usage: ChatUsage | null = null;

  constructor(answer: OpenAnswer) {
    super(answer, {
      // What comes after a finish only tells of the answer.
      isEnd: ({ choices }) => choices.some(({ finish_reason }) => finish_reason !== null),
      isError: hasError,
      routingMetadataOf: ({ routing_metadata }) => routing_metadata,
    });
  }

  /** The last that came; `null` = none yet. */
  get usage(): ChatUsage | null {
    return this.#usage;
  }

  protected override seen({ usage }: ChatCompletionChunk): void {
    if (usage) this.#usage = usage;
  }

  /**
   * Reads the stream, and gives the answer as if it had been asked for whole.
   *
   * @throws as iterating does; APIConnectionError, too, if a choice, usage or metadata are not whole
   */
  async final(): Promise<ChatCompletion> {
    let head: ChatCompletionChunk | undefined;
    const fold = new ChatFold();
    for await (const chunk of this) {
      head ??= chunk;
      fold.add(chunk);
    }
    const { usage, routing_metadata } = this;
    if (head === undefined || usage === null || routing_metadata === null) {
      throw connectionError("The stream ended without usage and routing metadata.");
    }
    const { id, created, model, system_fingerprint, service_tier } = head;
    return {
      id,
      object: "chat.completion",
      created,
      model,
      choices: fold.choices(),
      usage,
      ...(system_fingerprint === undefined ? {} : { system_fingerprint }),
      ...(service_tier === undefined ? {} : { service_tier }),
      routing_metadata,
    };
  }
}
