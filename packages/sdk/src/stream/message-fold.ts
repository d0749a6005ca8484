import type {
  Message,
  MessageBlock,
  MessageDelta,
  MessageStreamEvent,
  MessageUsage,
} from "../types/message.ts";

/** A block as far as it has come; a call's input is JSON in pieces until it is whole. */
type Draft = { block: MessageBlock; json: string };

const withDelta = (block: MessageBlock, delta: MessageDelta): MessageBlock => {
  if (block.type === "text" && delta.type === "text_delta") {
    return { ...block, text: block.text + delta.text };
  }
  if (block.type === "text" && delta.type === "citations_delta") {
    return { ...block, citations: [...(block.citations ?? []), delta.citation] };
  }
  if (block.type === "thinking" && delta.type === "thinking_delta") {
    return { ...block, thinking: block.thinking + delta.thinking };
  }
  if (block.type === "thinking" && delta.type === "signature_delta") {
    return { ...block, signature: (block.signature ?? "") + delta.signature };
  }
  return block;
};

/** What a limit cut off is no JSON: it stays text, where the gateway's own whole answers have it. */
const inputOf = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return { value: json };
  }
};

const blockOf = ({ block, json }: Draft): MessageBlock =>
  json !== "" && "input" in block ? { ...block, input: inputOf(json) } : block;

/** The events of a stream as a message that comes whole (docs/contract.md §18). */
export class MessageFold {
  #message: Omit<Message, "routing_metadata"> | null = null;
  readonly #drafts = new Map<number, Draft>();

  /** `null` = none yet. */
  get usage(): MessageUsage | null {
    return this.#message?.usage ?? null;
  }

  add(event: MessageStreamEvent): void {
    switch (event.type) {
      case "message_start":
        this.#message = event.message;
        break;
      case "content_block_start":
        this.#drafts.set(event.index, { block: event.content_block, json: "" });
        break;
      case "content_block_delta":
        this.#addDelta(event.index, event.delta);
        break;
      case "message_delta":
        this.#end(event);
        break;
      default:
    }
  }

  /** `null` = it has not begun. */
  message(): Omit<Message, "routing_metadata"> | null {
    const blocks = [...this.#drafts].sort(([a], [b]) => a - b).map(([, draft]) => blockOf(draft));
    return this.#message && { ...this.#message, content: blocks };
  }

  #addDelta(index: number, delta: MessageDelta): void {
    const draft = this.#drafts.get(index);
    if (draft === undefined) return;
    if (delta.type === "input_json_delta") draft.json += delta.partial_json;
    else draft.block = withDelta(draft.block, delta);
  }

  #end({ delta, usage }: Extract<MessageStreamEvent, { type: "message_delta" }>): void {
    const message = this.#message;
    if (message === null) return;
    this.#message = {
      ...message,
      stop_reason: delta.stop_reason ?? message.stop_reason,
      stop_sequence: delta.stop_sequence ?? message.stop_sequence,
      usage: { ...message.usage, ...usage },
    };
  }
}
