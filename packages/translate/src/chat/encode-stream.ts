import { escapeLineSeparators, stringifyForSse } from "../bytes/line-separators.ts";
import type { GatewayError } from "../errors/gateway-error.ts";
import { renderOpenAiError } from "../errors/render-openai-error.ts";
import { present } from "../json/present.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped } from "../neutral/losses.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import type {
  AnswerClose,
  AnswerOptions,
  ErrorContext,
  StreamEncoder,
} from "../surface/surface-encoder.ts";
import { decodeAll } from "../sse/decode-all.ts";
import { encodeAnnotations } from "./annotations.ts";
import { canonicalChatDialect } from "./chat-dialect.ts";
import { createChatStreamDecoder } from "./decode-stream.ts";
import { renderUsage } from "./render-usage.ts";
import { sealOfCall, sealOfReasoning, sealOfRedacted, sealOfText } from "./seals.ts";

/** Constant over all chunks of one answer. */
type Head = {
  readonly id: string;
  readonly model: string;
  /** Unix seconds. */
  readonly createdSeconds: number;
  readonly systemFingerprint?: string;
  readonly serviceTier?: string;
};

const done = "data: [DONE]\n\n";

const headJson = (head: Head): string => {
  const { id, model, createdSeconds, systemFingerprint, serviceTier } = head;
  const fields = {
    id,
    object: "chat.completion.chunk",
    created: Math.trunc(createdSeconds),
    model,
    ...present("system_fingerprint", systemFingerprint),
    ...present("service_tier", serviceTier),
  };
  return stringifyForSse(fields).slice(0, -1);
};

type Json = Readonly<Record<string, unknown>>;
type Finish = Extract<StreamItem, { kind: "finish" }>;

const deltaOf = (item: StreamItem, options: AnswerOptions, losses: Set<Loss>): Json | null => {
  const withReasoning = !options.excludeReasoning;
  switch (item.kind) {
    case "text":
      return { content: item.text };
    case "refusal":
      return { refusal: item.text };
    case "reasoning":
      return withReasoning ? { reasoning_content: item.text } : null;
    case "reasoning_signature":
      return withReasoning ? { reasoning_signature: sealOfReasoning(item) } : null;
    case "text_signature":
      return { provider_signature: sealOfText(item) };
    case "reasoning_redacted":
      return withReasoning ? { reasoning_redacted_data: sealOfRedacted(item) } : null;
    case "tool_call": {
      const definition = { name: item.name, arguments: "" };
      const signature = sealOfCall(item);
      const call = {
        index: item.call,
        id: item.id,
        type: "function",
        function: definition,
        ...(signature === null ? {} : { provider_signature: signature }),
      };
      const mirror = options.legacyFunctions && item.call === 0;
      return { tool_calls: [call], ...(mirror ? { function_call: definition } : {}) };
    }
    case "tool_arguments": {
      const piece = { arguments: item.text };
      const mirror = options.legacyFunctions && item.call === 0;
      return {
        tool_calls: [{ index: item.call, type: "function", function: piece }],
        ...(mirror ? { function_call: piece } : {}),
      };
    }
    case "annotations": {
      const annotations = encodeAnnotations(item.annotations, losses);
      return annotations.length === 0 ? null : { annotations };
    }
    case "image": {
      const image = {
        type: "image",
        mime_type: item.mimeType,
        data: item.data,
        ...(item.signature === undefined ? {} : { thought_signature: item.signature }),
      };
      return { images: [image] };
    }
    case "native":
      losses.add(contentDropped);
      return null;
    case "raw":
    case "head":
    case "logprobs":
    case "finish":
    case "usage":
    case "error":
    case "malformed":
    default:
      return null;
  }
};

/** The chunks of one answer; its head is fixed when the first is written. */
class ChatStreamEncoder implements StreamEncoder {
  readonly #options: AnswerOptions;
  readonly #started = new Set<number>();
  readonly #logprobs = new Map<number, unknown>();
  readonly #losses = new Set<Loss>();
  #head: Head;
  #prefix: string | null = null;
  #raw = false;

  constructor(options: AnswerOptions) {
    this.#options = options;
    this.#head = options;
  }

  items(items: readonly StreamItem[]): string {
    let out = "";
    for (const item of items) {
      if (item.kind === "raw") this.#raw = true;
      else if (item.kind === "head") this.#takeHead(item);
      else if (!this.#raw) out += this.#encode(item);
    }
    return out;
  }

  resume(raw: readonly Uint8Array[]): void {
    this.#raw = false;
    for (const item of decodeAll(createChatStreamDecoder(canonicalChatDialect), raw)) {
      if ("choice" in item) this.#started.add(item.choice);
    }
  }

  end({ usage, routingMetadata }: AnswerClose): string {
    const tail = stringifyForSse({
      usage: renderUsage(usage),
      routing_metadata: routingMetadata([...this.#losses]),
    });
    return `data: ${headJson(this.#head)},"choices":[],${tail.slice(1)}\n\n${done}`;
  }

  fail(error: GatewayError, context: ErrorContext): string {
    return `data: ${stringifyForSse(renderOpenAiError(error, context))}\n\n`;
  }

  #takeHead(item: Extract<StreamItem, { kind: "head" }>): void {
    // Chunks that have gone out cannot change their head any more.
    if (this.#prefix !== null) return;
    const { id, model, createdSeconds } = this.#options;
    this.#head = {
      id: item.id ?? id,
      model: item.model ?? model,
      createdSeconds: item.createdSeconds ?? createdSeconds,
      ...present("systemFingerprint", item.systemFingerprint),
      ...present("serviceTier", item.serviceTier),
    };
  }

  #encode(item: StreamItem): string {
    if (item.kind === "logprobs") this.#logprobs.set(item.choice, item.logprobs);
    else if (item.kind === "finish") return this.#chunk(item.choice, {}, item);
    else if ("choice" in item) {
      const delta = deltaOf(item, this.#options, this.#losses);
      if (delta !== null) return this.#chunk(item.choice, delta, null);
    }
    return "";
  }

  #chunk(choice: number, delta: Json, finish: Finish | null): string {
    this.#prefix ??= `data: ${headJson(this.#head)},"choices":[{"index":`;
    const role = this.#started.has(choice) ? {} : { role: "assistant" };
    this.#started.add(choice);
    const held = this.#logprobs.get(choice);
    this.#logprobs.delete(choice);
    const tail = {
      delta: { ...role, ...delta },
      finish_reason: finish?.reason ?? null,
      ...(held === undefined ? {} : { logprobs: held }),
      ...(finish === null || finish.native === null ? {} : { native_finish_reason: finish.native }),
    };
    const json = escapeLineSeparators(JSON.stringify(tail));
    return `${this.#prefix}${choice},${json.slice(1)}]}\n\n`;
  }
}

/** Encodes a stream in the chat wire (docs/contract.md §16). */
export const createChatStreamEncoder = (options: AnswerOptions): StreamEncoder =>
  new ChatStreamEncoder(options);
