import type { Usage } from "@pointsman/core";
import { stringifyForSse } from "../bytes/line-separators.ts";
import type { GatewayError } from "../errors/gateway-error.ts";
import { renderAnthropicError } from "../errors/render-anthropic-error.ts";
import { present } from "../json/present.ts";
import type { JsonRecord } from "../json/read.ts";
import { asRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped } from "../neutral/losses.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import type {
  AnswerClose,
  AnswerOptions,
  ErrorContext,
  StreamEncoder,
} from "../surface/surface-encoder.ts";
import { BlockWriter } from "./block-writer.ts";
import { citationsOf, messageIdOf } from "./encode-reply.ts";
import { renderMessagesUsage } from "./render-usage.ts";
import { writeRedacted, writeSignature } from "./slots.ts";
import { encodeStopReason } from "./stop-reason.ts";

const noUsage = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

type Finish = Extract<StreamItem, { kind: "finish" }>;

/** One event of this wire. */
export const messagesEvent = (type: string, fields: JsonRecord): string =>
  `event: ${type}\ndata: ${stringifyForSse({ type, ...fields })}\n\n`;

class MessagesStreamEncoder implements StreamEncoder {
  readonly #options: AnswerOptions;
  readonly #losses = new Set<Loss>();
  readonly #blocks = new BlockWriter();
  #head: { readonly id: string | null; readonly model: string | null } = { id: null, model: null };
  /** What is known of it before the end; the wire wants numbers in its first event. */
  #usage: Usage | null = null;
  #finish: Finish | null = null;
  #started = false;
  #raw = false;

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  items(items: readonly StreamItem[]): string {
    let out = "";
    for (const item of items) {
      if (item.kind === "raw") this.#raw = true;
      else if (item.kind === "head") this.#head = item;
      else if (item.kind === "usage") this.#usage = item.usage;
      else if (item.kind === "finish") this.#finish ??= item;
      // Several choices are asked for on the chat surface only.
      else if (!this.#raw && "choice" in item && item.choice === 0) out += this.#encode(item);
    }
    return out;
  }

  end({ usage, routingMetadata }: AnswerClose): string {
    const start = this.#raw ? "" : this.#start();
    const rest = this.#raw ? "" : this.#blocks.close();
    const { json, reason = "stop", native = null, stopSequence = null } = this.#finish ?? {};
    const told = asRecord(json?.["delta"]);
    const delta = told ?? {
      stop_reason: encodeStopReason(reason, native),
      stop_sequence: stopSequence,
    };
    const last = messagesEvent("message_delta", {
      ...json,
      delta,
      usage: { ...asRecord(json?.["usage"]), ...renderMessagesUsage(usage) },
      routing_metadata: routingMetadata([...this.#losses]),
    });
    return start + rest + last + messagesEvent("message_stop", {});
  }

  fail(error: GatewayError, context: ErrorContext): string {
    const data = stringifyForSse(renderAnthropicError(error, context));
    return `event: error\ndata: ${data}\n\n`;
  }

  #start(): string {
    if (this.#started) return "";
    this.#started = true;
    const usage = this.#usage === null ? noUsage : renderMessagesUsage(this.#usage);
    return messagesEvent("message_start", {
      message: {
        id: messageIdOf(this.#head.id, this.#options.id),
        type: "message",
        role: "assistant",
        model: this.#head.model ?? this.#options.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...usage, output_tokens: 0 },
      },
    });
  }

  #encode(item: StreamItem & { readonly choice: number }): string {
    const events = this.#events(item);
    return events === "" ? "" : this.#start() + events;
  }

  #events(item: StreamItem & { readonly choice: number }): string {
    const blocks = this.#blocks;
    const withReasoning = !this.#options.excludeReasoning;
    switch (item.kind) {
      case "text":
      case "refusal":
        return blocks.text(item.text);
      case "reasoning":
        return withReasoning ? blocks.thinking(item.text) : "";
      case "reasoning_signature":
        return withReasoning
          ? blocks.sign(
              writeSignature(item.signature, item.maker, {
                on: "reasoning",
                ...present("id", item.id),
              }),
            )
          : "";
      case "text_signature": {
        const seal = writeSignature(item.signature, item.maker, { on: "text" });
        return blocks.close() + blocks.sign(seal);
      }
      case "reasoning_redacted": {
        if (!withReasoning) return "";
        const data = writeRedacted(item.data, item.maker);
        return blocks.whole({ type: "redacted_thinking", data });
      }
      case "tool_call": {
        const { id, name, call, signature, maker } = item;
        const seal =
          signature === undefined ? null : writeSignature(signature, maker, { on: "call", id });
        return blocks.call(call, { id, name, seal });
      }
      case "tool_arguments":
        return blocks.argument(item.call, item.text);
      case "annotations":
        return blocks.cite(citationsOf(item.annotations, this.#losses));
      case "native":
        if (item.wire === "messages") return blocks.whole(item.json);
        this.#losses.add(contentDropped);
        return "";
      case "image":
        this.#losses.add(contentDropped);
        return "";
      default:
        return "";
    }
  }
}

/** Encodes a stream in Anthropic's wire (docs/contract.md §18). */
export const createMessagesStreamEncoder = (options: AnswerOptions): StreamEncoder =>
  new MessagesStreamEncoder(options);
