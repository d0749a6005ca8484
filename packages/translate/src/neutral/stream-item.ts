import type { UpstreamWire, Usage } from "@pointsman/core";
import type { Annotation, Maker } from "./content.ts";

/** Why an answer ended, with the provider's own word for it. */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

/** An error object a provider sent, as it sent it. */
export type ProviderErrorInfo = {
  readonly message: string;
  readonly type: string | null;
  readonly code: string | null;
  readonly param: string | null;
};

/**
 * One step of an answer as it streams in. A decoder for the caller's own wire yields `raw` items
 * with bytes that go out as they are, and beside them `head`, `finish`, `usage` and `error`, which
 * then only inform; every other decoder yields the neutral items alone, and a surface encodes them.
 *
 * `choice` is the index of the choice; `call` the index of a tool call within its choice, gapless
 * from 0 whatever the provider counted.
 */
export type StreamItem =
  /** Complete SSE events in the caller's wire. `content`: at least one carries real content. */
  | {
      readonly kind: "raw";
      readonly bytes: Uint8Array;
      /** How many they are. */
      readonly events: number;
      readonly content: boolean;
    }
  /** First sight of the answer's identity; may come once only. */
  | {
      readonly kind: "head";
      readonly id: string | null;
      readonly model: string | null;
      readonly createdSeconds: number | null;
      readonly systemFingerprint?: string;
      readonly serviceTier?: string;
    }
  | {
      readonly kind: "text";
      readonly choice: number;
      readonly text: string;
      readonly phase?: "commentary" | "final_answer";
    }
  /** Opaque mark of the text before it, which may be empty; must come back with it. */
  | {
      readonly kind: "text_signature";
      readonly choice: number;
      readonly signature: string;
      readonly maker?: Maker;
    }
  | { readonly kind: "refusal"; readonly choice: number; readonly text: string }
  | { readonly kind: "reasoning"; readonly choice: number; readonly text: string }
  /** Closes the reasoning block before it, which may be empty; opaque, must come back unchanged. */
  | {
      readonly kind: "reasoning_signature";
      readonly choice: number;
      readonly signature: string;
      readonly maker?: Maker;
      /** Id of the reasoning item, where a wire has one. */
      readonly id?: string;
    }
  | {
      readonly kind: "reasoning_redacted";
      readonly choice: number;
      readonly data: string;
      readonly maker?: Maker;
    }
  | {
      readonly kind: "tool_call";
      readonly choice: number;
      readonly call: number;
      readonly id: string;
      readonly name: string;
      readonly signature?: string;
      readonly maker?: Maker;
    }
  | {
      readonly kind: "tool_arguments";
      readonly choice: number;
      readonly call: number;
      readonly text: string;
    }
  | {
      readonly kind: "annotations";
      readonly choice: number;
      readonly annotations: readonly Annotation[];
    }
  /** A call or a result of a tool the provider runs, whole, as its wire says it. */
  | {
      readonly kind: "native";
      readonly choice: number;
      readonly wire: UpstreamWire;
      readonly json: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: "image";
      readonly choice: number;
      readonly mimeType: string;
      /** Base64. */
      readonly data: string;
      readonly signature?: string;
      readonly maker?: Maker;
    }
  | { readonly kind: "logprobs"; readonly choice: number; readonly logprobs: unknown }
  | {
      readonly kind: "finish";
      readonly choice: number;
      readonly reason: FinishReason;
      /** The provider's own word; `null` if it is the same as `reason`. */
      readonly native: string | null;
      /** The caller's stop sequence that ended the answer, where the provider tells. */
      readonly stopSequence?: string;
      /** The event that told it, beside `raw` items: its wire's own surface writes it anew. */
      readonly json?: Readonly<Record<string, unknown>>;
    }
  /** Running or final totals; a later one replaces an earlier one. */
  | { readonly kind: "usage"; readonly usage: Usage }
  /** The provider reported a failure within the stream. */
  | { readonly kind: "error"; readonly error: ProviderErrorInfo }
  /** An event that could not be read; the finish decides whether the answer is whole. */
  | { readonly kind: "malformed" };

/** Turns the bytes of one streamed answer into items, whatever way the bytes are cut. */
export interface StreamDecoder {
  /** The wire's closing sentinel (`[DONE]`) has gone by: nothing more will come. */
  readonly done: boolean;
  /** Appends the items of the events that `chunk` completes to `out`. */
  push(chunk: Uint8Array, out: StreamItem[]): void;
  /** The transport ended; flushes an event that lacks its empty line. */
  end(out: StreamItem[]): void;
}

/** Whether an item is real content: what ends hold-back and re-arms the silence timer. */
export const isContent = (item: StreamItem): boolean => {
  switch (item.kind) {
    case "raw":
      return item.content;
    case "text":
    case "refusal":
    case "reasoning":
    case "tool_arguments":
      return item.text !== "";
    case "tool_call":
    case "image":
    case "reasoning_redacted":
      return true;
    case "head":
    case "reasoning_signature":
    case "text_signature":
    case "native":
    case "annotations":
    case "logprobs":
    case "finish":
    case "usage":
    case "error":
    case "malformed":
    default:
      return false;
  }
};
