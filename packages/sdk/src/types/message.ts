import type { JsonObject } from "./json.ts";
import type { RoutingMetadata } from "./routing.ts";

export type TextBlock = {
  readonly type: "text";
  readonly text: string;
  readonly citations?: readonly JsonObject[] | null;
};

export type ThinkingBlock = {
  readonly type: "thinking";
  readonly thinking: string;
  /** Opaque; to be sent back. */
  readonly signature: string;
};

export type RedactedThinkingBlock = { readonly type: "redacted_thinking"; readonly data: string };

export type ToolUseBlock = {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
};

/** Of tools that Anthropic runs; their results, and other blocks that only its wire knows, pass as they are. */
export type ServerToolUseBlock = {
  readonly type: "server_tool_use" | "mcp_tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
};

export type MessageBlock =
  | TextBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | ToolUseBlock
  | ServerToolUseBlock;

export type MessageUsage = {
  /** Without what was read from or written to a cache. */
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  } | null;
  readonly output_tokens_details?: { readonly thinking_tokens: number } | null;
  readonly server_tool_use?: JsonObject | null;
  readonly service_tier?: string | null;
};

export type StopReason =
  | "end_turn"
  | "max_tokens"
  | "stop_sequence"
  | "tool_use"
  | "pause_turn"
  | "refusal"
  | "model_context_window_exceeded";

/** A whole answer of the Messages API (docs/contract.md §18). */
export type Message = {
  readonly id: string;
  readonly type: "message";
  readonly role: "assistant";
  readonly model: string;
  readonly content: readonly MessageBlock[];
  readonly stop_reason: StopReason | null;
  readonly stop_sequence: string | null;
  readonly usage: MessageUsage;
  readonly routing_metadata: RoutingMetadata;
};

export type MessageDelta =
  | { readonly type: "text_delta"; readonly text: string }
  | { readonly type: "input_json_delta"; readonly partial_json: string }
  | { readonly type: "thinking_delta"; readonly thinking: string }
  | { readonly type: "signature_delta"; readonly signature: string }
  | { readonly type: "citations_delta"; readonly citation: JsonObject };

/** An event of a streamed answer, told apart by `type`. */
export type MessageStreamEvent =
  | {
      readonly type: "message_start";
      readonly message: Omit<Message, "routing_metadata">;
    }
  | {
      readonly type: "content_block_start";
      readonly index: number;
      readonly content_block: MessageBlock;
    }
  | { readonly type: "content_block_delta"; readonly index: number; readonly delta: MessageDelta }
  | { readonly type: "content_block_stop"; readonly index: number }
  | {
      readonly type: "message_delta";
      readonly delta: {
        readonly stop_reason: StopReason | null;
        readonly stop_sequence: string | null;
      };
      readonly usage: Partial<MessageUsage>;
      /** On the last. */
      readonly routing_metadata?: RoutingMetadata;
    }
  | { readonly type: "message_stop" }
  | { readonly type: "ping" }
  // Iterating throws it.
  | { readonly type: "error"; readonly error: JsonObject };
