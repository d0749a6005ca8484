import type { GatewayOptions, RoutingMetadata } from "./routing.ts";

type JsonObject = { [key: string]: unknown };

export type CacheControl = { type: "ephemeral"; ttl?: string };

export type TextPart = { type: "text"; text: string; cache_control?: CacheControl };
export type ImagePart = {
  type: "image_url";
  image_url: { url: string; detail?: "auto" | "low" | "high" };
  cache_control?: CacheControl;
};
export type AudioPart = { type: "input_audio"; input_audio: { data: string; format: string } };
export type FilePart = { type: "file"; file: { file_data?: string; filename?: string } };
export type ContentPart = TextPart | ImagePart | AudioPart | FilePart;

export type ToolCall = {
  id: string;
  type?: "function";
  function: { name: string; arguments: string };
  /** Opaque; to be sent back. */
  provider_signature?: string;
};

/** Opaque; to be sent back unchanged. */
export type ReasoningBlock =
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "redacted"; data: string };

export type SystemMessage = {
  role: "system" | "developer";
  content: string | TextPart[];
  name?: string;
};
export type UserMessage = { role: "user"; content: string | ContentPart[]; name?: string };
export type AssistantMessage = {
  role: "assistant";
  content?: string | TextPart[] | null;
  name?: string;
  tool_calls?: ToolCall[];
  reasoning?: ReasoningBlock[];
  reasoning_content?: string;
  refusal?: string | null;
  function_call?: { name: string; arguments: string };
};
export type ToolMessage = { role: "tool"; content: string | TextPart[]; tool_call_id: string };
export type FunctionMessage = { role: "function"; content: string | null; name: string };
export type ChatMessage =
  | SystemMessage
  | UserMessage
  | AssistantMessage
  | ToolMessage
  | FunctionMessage;

export type FunctionDefinition = {
  name: string;
  description?: string;
  parameters?: JsonObject;
  strict?: boolean;
};
export type Tool = { type: "function"; function: FunctionDefinition };
export type ToolChoice =
  | "auto"
  | "required"
  | "none"
  | { type: "function"; function: { name: string } };

export type ResponseFormat =
  | { type: "text" }
  | { type: "json_object" }
  | {
      type: "json_schema";
      json_schema: { name: string; schema: JsonObject; description?: string; strict?: boolean };
    };

export type ReasoningEffort = "low" | "medium" | "high" | "xhigh" | "max" | "off";

/** Body of a chat completion (docs/contract.md §3). `model`, or `gateway.models`. */
export type ChatCompletionParams = {
  messages: ChatMessage[];
  model?: string;
  gateway?: GatewayOptions;
  /** By provider; forwarded to the one that is chosen. */
  extensions?: Record<string, JsonObject>;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  temperature?: number;
  top_p?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  top_k?: number;
  min_p?: number;
  top_a?: number;
  repetition_penalty?: number;
  max_tokens?: number;
  max_completion_tokens?: number;
  reasoning_effort?: ReasoningEffort;
  reasoning?: { exclude?: boolean };
  stop?: string | string[];
  seed?: number;
  n?: number;
  logprobs?: boolean;
  top_logprobs?: number;
  logit_bias?: Record<string, number>;
  tools?: Tool[];
  tool_choice?: ToolChoice;
  parallel_tool_calls?: boolean;
  functions?: FunctionDefinition[];
  function_call?: "auto" | "none" | { name: string };
  response_format?: ResponseFormat;
  user?: string;
  safety_identifier?: string;
  prompt_cache_key?: string;
  prompt_cache_retention?: string;
  verbosity?: string;
  web_search_options?: JsonObject;
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

export type ChatAnswerMessage = {
  role: "assistant";
  content: string | null;
  tool_calls?: ToolCall[];
  reasoning_content?: string;
  reasoning?: ReasoningBlock[];
  refusal?: string | null;
  annotations?: JsonObject[];
  images?: { type: "image"; mime_type: string; data: string; thought_signature?: string }[];
  function_call?: { name: string; arguments: string };
};

export type ChatChoice = {
  index: number;
  message: ChatAnswerMessage;
  finish_reason: FinishReason;
  logprobs?: JsonObject | null;
  native_finish_reason?: string;
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
  index: number;
  id?: string;
  type?: "function";
  function?: { name?: string; arguments?: string };
  provider_signature?: string;
};

export type ChatDelta = {
  role?: "assistant";
  content?: string | null;
  tool_calls?: ToolCallDelta[];
  reasoning_content?: string;
  reasoning_signature?: string;
  reasoning_redacted_data?: string;
  refusal?: string | null;
  images?: ChatAnswerMessage["images"];
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
    readonly logprobs?: JsonObject | null;
    readonly native_finish_reason?: string;
  }[];
  readonly system_fingerprint?: string;
  readonly service_tier?: string;
  /** On the last chunk alone. */
  readonly usage?: ChatUsage | null;
  readonly routing_metadata?: RoutingMetadata | null;
};
