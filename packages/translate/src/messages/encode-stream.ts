import type { Usage } from "@pointsman/core";
import { stringifyForSse } from "../bytes/line-separators.ts";
import type { GatewayError } from "../errors/gateway-error.ts";
import { renderAnthropicError } from "../errors/render-anthropic-error.ts";
import type { JsonRecord } from "../json/read.ts";
import { asRecord } from "../json/read.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { decodeAll } from "../sse/decode-all.ts";
import { createJsonEventDecoder } from "../sse/json-event-decoder.ts";
import type {
  AnswerClose,
  AnswerOptions,
  ErrorContext,
  StreamEncoder,
} from "../surface/surface-encoder.ts";
import { BlockWriter } from "./block-writer.ts";
import { messageIdOf } from "./encode-reply.ts";
import { renderMessagesUsage } from "./render-usage.ts";
import { encodeStopReason } from "./stop-reason.ts";

type Event = JsonRecord & { readonly type: string };
type Finish = Extract<StreamItem, { kind: "finish" }>;

/** Before anything was counted; the wire wants numbers in its first event. */
const noUsage = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

/** One event of this wire. */
const eventText = (event: Event): string =>
  `event: ${event.type}\ndata: ${stringifyForSse(event)}\n\n`;

/** Our counts over the provider's own, whose others stay. */
const mergeUsage = (told: JsonRecord | null, ours: JsonRecord): JsonRecord => {
  const tools = { ...asRecord(told?.["server_tool_use"]), ...asRecord(ours["server_tool_use"]) };
  const hasTools = Object.keys(tools).length > 0;
  return { ...told, ...ours, ...(hasTools ? { server_tool_use: tools } : {}) };
};

class MessagesStreamEncoder implements StreamEncoder {
  readonly #options: AnswerOptions;
  readonly #blocks: BlockWriter;
  #head: { readonly id: string | null; readonly model: string | null } = { id: null, model: null };
  #usage: Usage | null = null;
  #finish: Finish | null = null;
  /** `message_start` is out, ours or the provider's own. */
  #started = false;
  #out = "";

  constructor(options: AnswerOptions) {
    this.#options = options;
    this.#blocks = new BlockWriter(options.excludeReasoning, (event) => this.#write(event));
  }

  items(items: readonly StreamItem[]): string {
    for (const item of items) {
      if (item.kind === "raw") this.#started = true;
      else if (item.kind === "head") this.#head = item;
      else if (item.kind === "usage") this.#usage = item.usage;
      else if (item.kind === "finish") this.#finish ??= item;
      // Several choices are asked for on the chat surface only.
      else if ("choice" in item && item.choice === 0) this.#blocks.item(item);
    }
    return this.#take();
  }

  resume(raw: readonly Uint8Array[]): void {
    let index = 0;
    let open: "text" | "thinking" | null = null;
    const events = createJsonEventDecoder({
      event: (name, json) => {
        const type = asRecord(json["content_block"])?.["type"];
        if (name === "content_block_start") open = type === "thinking" ? "thinking" : "text";
        if (name === "content_block_stop") {
          open = null;
          index += 1;
        }
        return false;
      },
    });
    decodeAll(events, raw);
    if (raw.length > 0) this.#blocks.adopt(index, open);
  }

  end({ usage, routingMetadata }: AnswerClose): string {
    this.#blocks.end();
    const { json, reason = "stop", native = null, stopSequence = null } = this.#finish ?? {};
    const delta = asRecord(json?.["delta"]) ?? {
      stop_reason: encodeStopReason(reason, native, stopSequence),
      stop_sequence: stopSequence,
    };
    this.#write({
      ...json,
      type: "message_delta",
      delta,
      usage: mergeUsage(asRecord(json?.["usage"]), renderMessagesUsage(usage)),
      routing_metadata: routingMetadata(this.#blocks.losses()),
    });
    this.#write({ type: "message_stop" });
    return this.#take();
  }

  fail(error: GatewayError, context: ErrorContext): string {
    return eventText(renderAnthropicError(error, context));
  }

  #write(event: Event): void {
    if (!this.#started) this.#out += this.#start();
    this.#out += eventText(event);
  }

  #start(): string {
    this.#started = true;
    const usage = this.#usage === null ? noUsage : renderMessagesUsage(this.#usage);
    const message = {
      id: messageIdOf(this.#head.id, this.#options.id),
      type: "message",
      role: "assistant",
      model: this.#head.model ?? this.#options.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 0 },
    };
    return eventText({ type: "message_start", message });
  }

  #take(): string {
    const out = this.#out;
    this.#out = "";
    return out;
  }
}

/** Encodes a stream in Anthropic's wire (docs/contract.md §18). */
export const createMessagesStreamEncoder = (options: AnswerOptions): StreamEncoder =>
  new MessagesStreamEncoder(options);
