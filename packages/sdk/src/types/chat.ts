import type { JsonObject } from "./json.ts";
import type { GatewayOptions, RoutingMetadata } from "./routing.ts";

export type CacheControl = { readonly type: "ephemeral"; readonly ttl?: string };

export type TextPart = {
  readonly type: "text";
  readonly text: string;
  readonly cache_control?: CacheControl;
};
export type ImagePart = {
  readonly type: "image_url";
  readonly image_url: { readonly url: string; readonly detail?: "auto" | "low" | "high" };
  readonly cache_control?: CacheControl;
};
export type AudioPart = {
  readonly type: "input_audio";
  readonly input_audio: { readonly data: string; readonly format: string };
};
export type FilePart = {
  readonly type: "file";
  readonly file: { readonly file_data?: string; readonly filename?: string };
};
export type ContentPart = TextPart | ImagePart | AudioPart | FilePart;

export type ToolCall = {
  readonly id: string;
  readonly type?: "function";
  readonly function: { readonly name: string; readonly arguments: string };
  /** Opaque; to be sent back. */
  readonly provider_signature?: string;
};

/** Of the API before tools. */
export type FunctionCall = { readonly name: string; readonly arguments: string };

/** Opaque; to be sent back unchanged. */
export type ReasoningBlock =
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | { readonly type: "redacted"; readonly data: string };

export type SystemMessage = {
  readonly role: "system" | "developer";
  readonly content: string | readonly TextPart[];
  readonly name?: string;
};
export type UserMessage = {
  readonly role: "user";
  readonly content: string | readonly ContentPart[];
  readonly name?: string;
};
export type AssistantMessage = {
  readonly role: "assistant";
  readonly content?: string | readonly TextPart[] | null;
  readonly name?: string;
  readonly tool_calls?: readonly ToolCall[];
  readonly reasoning?: readonly ReasoningBlock[];
  readonly reasoning_content?: string;
  readonly refusal?: string | null;
  /** Opaque mark of the text; to be sent back. */
  readonly provider_signature?: string;
  readonly function_call?: FunctionCall;
};
export type ToolMessage = {
  readonly role: "tool";
  readonly content: string | readonly TextPart[];
  readonly tool_call_id: string;
};
export type FunctionMessage = {
  readonly role: "function";
  readonly content: string | null;
  readonly name: string;
};
export type ChatMessage =
  | SystemMessage
  | UserMessage
  | AssistantMessage
  | ToolMessage
  | FunctionMessage;

export type FunctionDefinition = {
  readonly name: string;
  readonly description?: string;
  readonly parameters?: JsonObject;
  readonly strict?: boolean | null;
};
export type Tool = { readonly type: "function"; readonly function: FunctionDefinition };
export type ToolChoice =
  | "auto"
  | "required"
  | "none"
  | { readonly type: "function"; readonly function: { readonly name: string } };

export type ResponseFormat =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      readonly json_schema: {
        readonly name: string;
        readonly schema: JsonObject;
        readonly description?: string;
        readonly strict?: boolean | null;
      };
    };

export type ReasoningEffort = "low" | "medium" | "high" | "xhigh" | "max" | "off";

/** Body of a chat completion (docs/contract.md §3). Either `model` or `gateway.models`. */
export type ChatCompletionParams = {
  readonly messages: readonly ChatMessage[];
  readonly model?: string;
  readonly gateway?: GatewayOptions;
  /** By provider; forwarded to the one that is chosen. */
  readonly extensions?: Readonly<Record<string, JsonObject>>;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly temperature?: number;
  readonly top_p?: number;
  readonly frequency_penalty?: number;
  readonly presence_penalty?: number;
  readonly top_k?: number;
  readonly min_p?: number;
  readonly top_a?: number;
  readonly repetition_penalty?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly reasoning_effort?: ReasoningEffort;
  readonly reasoning?: { readonly exclude?: boolean };
  readonly stop?: string | readonly string[];
  readonly seed?: number;
  readonly n?: number;
  readonly logprobs?: boolean;
  readonly top_logprobs?: number;
  readonly logit_bias?: Readonly<Record<string, number>>;
  readonly tools?: readonly Tool[];
  readonly tool_choice?: ToolChoice;
  readonly parallel_tool_calls?: boolean;
  readonly functions?: readonly FunctionDefinition[];
  readonly function_call?: "auto" | "none" | { readonly name: string };
  readonly response_format?: ResponseFormat;
  readonly user?: string;
  readonly safety_identifier?: string;
  readonly prompt_cache_key?: string;
  readonly prompt_cache_retention?: string;
  readonly verbosity?: string;
  readonly web_search_options?: JsonObject;
};

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

export type ChatUsage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details?: {
    readonly cached_tokens: number;
    readonly cache_write_tokens: number;
    readonly text_tokens?: number;
    readonly image_tokens?: number;
    readonly audio_tokens?: number;
  };
  readonly completion_tokens_details?: {
    readonly reasoning_tokens: number;
    readonly text_tokens?: number;
    readonly image_tokens?: number;
    readonly audio_tokens?: number;
    readonly accepted_prediction_tokens?: number;
    readonly rejected_prediction_tokens?: number;
  };
};

/** An image that a model made; `data` is base64. */
export type GeneratedImage = {
  readonly type: "image";
  readonly mime_type: string;
  readonly data: string;
  readonly thought_signature?: string;
};

export type TokenLogprob = {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[] | null;
  readonly top_logprobs: readonly {
    readonly token: string;
    readonly logprob: number;
    readonly bytes: readonly number[] | null;
  }[];
};

export type ChatLogprobs = {
  readonly content: readonly TokenLogprob[] | null;
  readonly refusal?: readonly TokenLogprob[] | null;
};

export type ChatAnswerMessage = {
  readonly role: "assistant";
  readonly content: string | null;
  readonly tool_calls?: readonly ToolCall[];
  readonly reasoning_content?: string;
  readonly reasoning?: readonly ReasoningBlock[];
  readonly refusal?: string | null;
  readonly annotations?: readonly JsonObject[];
  readonly images?: readonly GeneratedImage[];
  /** Opaque mark of the text; to be sent back. */
  readonly provider_signature?: string;
  readonly function_call?: FunctionCall;
};

export type ChatChoice = {
  readonly index: number;
  readonly message: ChatAnswerMessage;
  readonly finish_reason: FinishReason;
  readonly logprobs?: ChatLogprobs | null;
  readonly native_finish_reason?: string;
};

/** A whole answer (docs/contract.md §14). */
export type ChatCompletion = {
  readonly id: string;
  readonly object: "chat.completion";
  readonly created: number;
  readonly model: string;
  readonly choices: readonly ChatChoice[];
  readonly usage: ChatUsage;
  readonly system_fingerprint?: string;
  readonly service_tier?: string;
  readonly routing_metadata: RoutingMetadata;
};

export type ToolCallDelta = {
  readonly index: number;
  readonly id?: string;
  readonly type?: "function";
  readonly function?: { readonly name?: string; readonly arguments?: string };
  readonly provider_signature?: string;
};

export type ChatDelta = {
  readonly role?: "assistant";
  readonly content?: string | null;
  readonly tool_calls?: readonly ToolCallDelta[];
  readonly reasoning_content?: string;
  readonly reasoning_signature?: string;
  readonly reasoning_redacted_data?: string;
  readonly refusal?: string | null;
  readonly images?: readonly GeneratedImage[];
  readonly annotations?: readonly JsonObject[];
  readonly provider_signature?: string;
  readonly function_call?: Partial<FunctionCall>;
};

/** A part of a streamed answer (docs/contract.md §16). */
export type ChatCompletionChunk = {
  readonly id: string;
  readonly object: "chat.completion.chunk";
  readonly created: number;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: ChatDelta;
    readonly finish_reason: FinishReason | null;
    readonly logprobs?: ChatLogprobs | null;
    readonly native_finish_reason?: string;
  }[];
  readonly system_fingerprint?: string;
  readonly service_tier?: string;
  /** On the last chunk alone. */
  readonly usage?: ChatUsage | null;
  readonly routing_metadata?: RoutingMetadata | null;
};
