import type { JsonObject } from "./json.ts";
import type { GatewayOptions } from "./routing.ts";

export type MessagesCacheControl = {
  readonly type: "ephemeral";
  readonly ttl?: "5m" | "1h" | null;
} | null;

type Cacheable = { readonly cache_control?: MessagesCacheControl };

type Source =
  | { readonly type: "base64"; readonly media_type: string; readonly data: string }
  | { readonly type: "url"; readonly url: string }
  | { readonly type: "file"; readonly file_id: string };

export type MessagesTextParam = Cacheable & { readonly type: "text"; readonly text: string };
export type MessagesImageParam = Cacheable & { readonly type: "image"; readonly source: Source };
export type MessagesDocumentParam = Cacheable & {
  readonly type: "document";
  readonly source:
    | Source
    | { readonly type: "text"; readonly media_type: string; readonly data: string };
  readonly title?: string | null;
  readonly context?: string | null;
  readonly citations?: { readonly enabled?: boolean } | null;
};
export type MessagesToolUseParam = Cacheable & {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
};
export type MessagesToolResultParam = Cacheable & {
  readonly type: "tool_result";
  readonly tool_use_id: string;
  readonly content?:
    | string
    | readonly (MessagesTextParam | MessagesImageParam | MessagesDocumentParam)[];
  readonly is_error?: boolean;
};
/** Opaque; to be sent back unchanged. */
export type MessagesThinkingParam =
  | { readonly type: "thinking"; readonly thinking: string; readonly signature?: string | null }
  | { readonly type: "redacted_thinking"; readonly data: string };

/** A part of what was said. Answers' blocks can be sent back as they are. */
export type MessagesBlockParam =
  | MessagesTextParam
  | MessagesImageParam
  | MessagesDocumentParam
  | MessagesToolUseParam
  | MessagesToolResultParam
  | MessagesThinkingParam
  // What only Anthropic's own wire knows.
  | ({ readonly type: string } & JsonObject);

export type MessagesTurn = {
  readonly role: "user" | "assistant" | "system";
  readonly content: string | readonly MessagesBlockParam[];
};

export type MessagesTool = Cacheable &
  (
    | {
        readonly type?: "custom" | null;
        readonly name: string;
        readonly description?: string;
        readonly input_schema: JsonObject;
        readonly strict?: boolean;
      }
    // One that Anthropic runs, or whose schema it knows.
    | ({ readonly type: string } & JsonObject)
  );

type Parallel = { readonly disable_parallel_tool_use?: boolean };

export type MessagesToolChoice =
  | (Parallel & { readonly type: "auto" | "any" })
  | (Parallel & { readonly type: "tool"; readonly name: string })
  | { readonly type: "none" };

/** Body of POST /v1/messages: Anthropic's, for every model (docs/contract.md §18). */
export type MessagesParams = {
  readonly model?: string;
  readonly max_tokens: number;
  readonly messages: readonly MessagesTurn[];
  readonly system?: string | readonly MessagesTextParam[];
  readonly stop_sequences?: readonly string[];
  readonly stream?: boolean;
  readonly temperature?: number;
  readonly top_k?: number;
  readonly top_p?: number;
  readonly tools?: readonly MessagesTool[];
  readonly tool_choice?: MessagesToolChoice;
  readonly thinking?:
    | { readonly type: "enabled"; readonly budget_tokens: number }
    | { readonly type: "adaptive" | "disabled" };
  readonly output_config?: {
    readonly effort?: "low" | "medium" | "high" | "xhigh" | "max" | null;
    readonly format?: { readonly type: "json_schema"; readonly schema: JsonObject } | null;
  };
  readonly metadata?: { readonly user_id?: string | null };
  readonly cache_control?: MessagesCacheControl;
  /** Fast mode, at Anthropic; needs `gateway.routing.tier: "priority"`. */
  readonly speed?: "standard" | "fast";
  // For Anthropic alone; others' models are asked without.
  readonly service_tier?: string;
  readonly inference_geo?: string;
  readonly container?: string | JsonObject;
  readonly diagnostics?: JsonObject;
  readonly mcp_servers?: readonly JsonObject[];
  readonly context_management?: JsonObject;
  readonly gateway?: GatewayOptions;
  /** By provider; forwarded to the one that is chosen. */
  readonly extensions?: Readonly<Record<string, JsonObject>>;
};

export type CountTokensParams = Omit<MessagesParams, "max_tokens" | "stream">;

export type TokenCount = { readonly input_tokens: number };
