import { connectionError } from "../errors.ts";
import type { Answer } from "../http/transport.ts";
import type {
  Message,
  MessagesBlock,
  MessageStreamEvent,
  MessagesUsage,
} from "../types/messages.ts";
import { EventStream } from "./event-stream.ts";

type Draft = { block: MessagesBlock; json: string };

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const addDelta = (draft: Draft, delta: Readonly<Record<string, unknown>>): void => {
  const { block } = draft;
  switch (delta["type"]) {
    case "text_delta":
      block["text"] = textOf(block["text"]) + textOf(delta["text"]);
      break;
    case "thinking_delta":
      block["thinking"] = textOf(block["thinking"]) + textOf(delta["thinking"]);
      break;
    case "signature_delta":
      block["signature"] = textOf(block["signature"]) + textOf(delta["signature"]);
      break;
    case "input_json_delta":
      draft.json += textOf(delta["partial_json"]);
      break;
    case "citations_delta": {
      const before = Array.isArray(block["citations"]) ? (block["citations"] as unknown[]) : [];
      block["citations"] = [...before, delta["citation"]];
      break;
    }
    default:
  }
};

/** A streamed answer of the Messages API. */
export class MessageStream extends EventStream<MessageStreamEvent> {
  #message: Message | null = null;
  #usage: MessagesUsage | null = null;
  readonly #drafts = new Map<number, Draft>();

  constructor(answer: Answer) {
    super(answer, {
      isEnd: ({ type }) => type === "message_stop",
      isError: ({ type }) => type === "error",
      routingMetadataOf: ({ routing_metadata }) => routing_metadata,
    });
  }

  get usage(): MessagesUsage | null {
    return this.#usage;
  }

  protected override seen(event: MessageStreamEvent): void {
    const { type, index = 0, delta = {} } = event;
    if (type === "message_start" && event.message !== undefined) {
      this.#message = event.message;
      this.#usage = event.message.usage;
    } else if (type === "content_block_start" && event.content_block !== undefined) {
      this.#drafts.set(index, { block: { ...event.content_block }, json: "" });
    } else if (type === "content_block_delta") {
      const draft = this.#drafts.get(index);
      if (draft !== undefined) addDelta(draft, delta);
    } else if (type === "message_delta" && this.#message !== null) {
      this.#message = {
        ...this.#message,
        stop_reason: textOf(delta["stop_reason"]) || this.#message.stop_reason,
        stop_sequence: textOf(delta["stop_sequence"]) || null,
      };
      if (this.#usage !== null) this.#usage = { ...this.#usage, ...event.usage };
    }
  }

  /** Reads the rest, and gives the answer as if it had been asked for whole. */
  async final(): Promise<Message> {
    await this.drain();
    const { routing_metadata } = this;
    if (this.#message === null || this.#usage === null || routing_metadata === null) {
      throw connectionError("The stream ended before the answer did.");
    }
    const blocks = [...this.#drafts].sort(([a], [b]) => a - b).map(([, draft]) => draft);
    return {
      ...this.#message,
      content: blocks.map(({ block, json }) =>
        json === "" ? block : { ...block, input: JSON.parse(json) as unknown },
      ),
      usage: this.#usage,
      routing_metadata,
    };
  }
}
