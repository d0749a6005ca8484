import type { Usage } from "@pointsman/core";
import { escapeLineSeparators, stringifyForSse } from "../bytes/line-separators.ts";
import type { GatewayError } from "../errors/gateway-error.ts";
import type { RenderErrorOptions } from "../errors/render-openai-error.ts";
import { renderOpenAiError } from "../errors/render-openai-error.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { renderUsage } from "./render-usage.ts";

/** Constant over all chunks of one answer. */
export type ChatStreamHead = {
  readonly id: string;
  readonly model: string;
  /** Unix seconds. */
  readonly createdSeconds: number;
};

export type ChatStreamEncoderOptions = ChatStreamHead & {
  /** Leave out all reasoning. @default false */
  readonly excludeReasoning?: boolean;
  /** Mirror the first call as `delta.function_call`. @default false */
  readonly legacyFunctions?: boolean;
  /** Choices whose `role` has gone out already, e.g. raw before a rescue. @default none */
  readonly startedChoices?: readonly number[];
};

export interface ChatStreamEncoder {
  /**
   * SSE text of the chunks for these items, `""` if none goes out. `raw`, `head`, `usage`, `error` and
   * `malformed` items write nothing.
   */
  items(items: readonly StreamItem[]): string;
}

export const chatStreamDone = "data: [DONE]\n\n";

const headJson = ({ id, model, createdSeconds }: ChatStreamHead): string => {
  const head = {
    id,
    object: "chat.completion.chunk",
    created: Math.trunc(createdSeconds),
    model,
  };
  return stringifyForSse(head).slice(0, -1);
};

type Json = Readonly<Record<string, unknown>>;
type Finish = Extract<StreamItem, { kind: "finish" }>;

const deltaOf = (item: StreamItem, options: ChatStreamEncoderOptions): Json | null => {
  const withReasoning = options.excludeReasoning !== true;
  switch (item.kind) {
    case "text":
      return { content: item.text };
    case "refusal":
      return { refusal: item.text };
    case "reasoning":
      return withReasoning ? { reasoning_content: item.text } : null;
    case "reasoning_signature":
      return withReasoning ? { reasoning_signature: item.signature } : null;
    case "reasoning_redacted":
      return withReasoning ? { reasoning_redacted_data: item.data } : null;
    case "tool_call": {
      const definition = { name: item.name, arguments: "" };
      const call = {
        index: item.call,
        id: item.id,
        type: "function",
        function: definition,
        ...(item.signature === undefined ? {} : { provider_signature: item.signature }),
      };
      const mirror = options.legacyFunctions === true && item.call === 0;
      return { tool_calls: [call], ...(mirror ? { function_call: definition } : {}) };
    }
    case "tool_arguments": {
      const piece = { arguments: item.text };
      const mirror = options.legacyFunctions === true && item.call === 0;
      return {
        tool_calls: [{ index: item.call, type: "function", function: piece }],
        ...(mirror ? { function_call: piece } : {}),
      };
    }
    case "annotations":
      return { annotations: item.annotations };
    case "image": {
      const image = {
        type: "image",
        mime_type: item.mimeType,
        data: item.data,
        ...(item.signature === undefined ? {} : { thought_signature: item.signature }),
      };
      return { images: [image] };
    }
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

/** Encodes neutral items as chunks of the chat wire (docs/contract.md §16). */
export const createChatStreamEncoder = (options: ChatStreamEncoderOptions): ChatStreamEncoder => {
  const prefix = `data: ${headJson(options)},"choices":[{"index":`;
  const started = new Set(options.startedChoices);
  const logprobs = new Map<number, unknown>();

  const chunk = (choice: number, delta: Json, finish: Finish | null): string => {
    const role = started.has(choice) ? {} : { role: "assistant" };
    started.add(choice);
    const held = logprobs.get(choice);
    logprobs.delete(choice);
    const tail = {
      delta: { ...role, ...delta },
      finish_reason: finish?.reason ?? null,
      ...(held === undefined ? {} : { logprobs: held }),
      ...(finish === null || finish.native === null ? {} : { native_finish_reason: finish.native }),
    };
    const json = escapeLineSeparators(JSON.stringify(tail));
    return `${prefix}${choice},${json.slice(1)}]}\n\n`;
  };

  return {
    items: (items) => {
      let out = "";
      for (const item of items) {
        if (item.kind === "logprobs") logprobs.set(item.choice, item.logprobs);
        else if (item.kind === "finish") out += chunk(item.choice, {}, item);
        else if ("choice" in item) {
          const delta = deltaOf(item, options);
          if (delta !== null) out += chunk(item.choice, delta, null);
        }
      }
      return out;
    },
  };
};

export type FinalChunkOptions = ChatStreamHead & {
  readonly usage: Usage;
  readonly routingMetadata: unknown;
};

/** The last data event before `[DONE]`: usage and metadata, no choices. */
export const encodeFinalChunk = ({
  usage,
  routingMetadata,
  ...head
}: FinalChunkOptions): string => {
  const tail = stringifyForSse({ usage: renderUsage(usage), routing_metadata: routingMetadata });
  return `data: ${headJson(head)},"choices":[],${tail.slice(1)}\n\n`;
};

/** The event that ends a stream which failed after it began; no `[DONE]` follows. */
export const encodeStreamError = (error: GatewayError, options: RenderErrorOptions): string =>
  `data: ${stringifyForSse(renderOpenAiError(error, options))}\n\n`;
