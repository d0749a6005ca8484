import type { GatewayOptions, RoutingMetadata } from "./routing.ts";

type JsonObject = { [key: string]: unknown };

export type MessagesBlock = { type: string } & JsonObject;

export type MessagesTurn = { role: "user" | "assistant"; content: string | MessagesBlock[] };

/** Body of POST /v1/messages: Anthropic's, for every model (docs/contract.md §18). */
export type MessagesParams = {
  model?: string;
  max_tokens: number;
  messages: MessagesTurn[];
  system?: string | MessagesBlock[];
  stop_sequences?: string[];
  stream?: boolean;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  tools?: JsonObject[];
  tool_choice?: JsonObject;
  thinking?: JsonObject;
  output_config?: JsonObject;
  metadata?: { user_id?: string | null };
  gateway?: GatewayOptions;
  extensions?: Record<string, JsonObject>;
};

export type CountTokensParams = Omit<MessagesParams, "max_tokens" | "stream">;

export type MessagesUsage = {
  /** Without what was read from or written to a cache. */
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly [field: string]: unknown;
};

/** A whole answer of the Messages API. */
export type Message = {
  readonly id: string;
  readonly type: "message";
  readonly role: "assistant";
  readonly model: string;
  readonly content: readonly MessagesBlock[];
  readonly stop_reason: string | null;
  readonly stop_sequence: string | null;
  readonly usage: MessagesUsage;
  readonly routing_metadata: RoutingMetadata;
};

/** An event of a streamed answer; `type` says what else it has. */
export type MessageStreamEvent = {
  readonly type: string;
  readonly message?: Message;
  readonly index?: number;
  readonly content_block?: MessagesBlock;
  readonly delta?: JsonObject;
  readonly usage?: Partial<MessagesUsage>;
  readonly routing_metadata?: RoutingMetadata | null;
};

export type TokenCount = { readonly input_tokens: number };
