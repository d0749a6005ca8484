import type { GatewayOptions, RoutingMetadata } from "./routing.ts";

type JsonObject = { [key: string]: unknown };

export type InputPart =
  | { type: "input_text"; text: string }
  | { type: "input_image"; image_url: string; detail?: "auto" | "low" | "high" }
  | { type: "input_file"; file_data?: string; filename?: string }
  | { type: "output_text"; text: string };

/** Items that the gateway knows; others pass where the provider speaks this wire. */
export type ResponseInputItem =
  | {
      type?: "message";
      role: "user" | "assistant" | "system" | "developer";
      content: string | InputPart[];
    }
  | { type: "function_call"; call_id: string; name: string; arguments: string; id?: string }
  | { type: "function_call_output"; call_id: string; output: string | InputPart[] }
  | {
      type: "reasoning";
      id?: string;
      summary?: { type: "summary_text"; text: string }[];
      encrypted_content?: string | null;
    }
  | ({ type: string } & JsonObject);

export type ResponseTool =
  | {
      type: "function";
      name: string;
      description?: string;
      parameters: JsonObject;
      strict?: boolean;
    }
  | ({ type: string } & JsonObject);

export type ResponseTextFormat =
  | { type: "text" }
  | { type: "json_object" }
  | { type: "json_schema"; name: string; schema: JsonObject; strict?: boolean };

/** Body of POST /v1/responses (docs/contract.md §17). `model`, or `gateway.models`. */
export type ResponseParams = {
  input: string | ResponseInputItem[];
  model?: string;
  instructions?: string;
  tools?: ResponseTool[];
  tool_choice?: string | JsonObject;
  parallel_tool_calls?: boolean;
  max_output_tokens?: number;
  temperature?: number;
  top_p?: number;
  top_k?: number;
  top_logprobs?: number;
  frequency_penalty?: number;
  presence_penalty?: number;
  max_tool_calls?: number;
  reasoning?: { effort?: string; summary?: "auto" | "concise" | "detailed" };
  text?: { format?: ResponseTextFormat; verbosity?: string };
  user?: string;
  metadata?: Record<string, string>;
  include?: string[];
  prompt_cache_key?: string;
  safety_identifier?: string;
  truncation?: "auto" | "disabled";
  stream?: boolean;
  gateway?: GatewayOptions;
  extensions?: Record<string, JsonObject>;
};

export type ResponseUsage = {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly input_tokens_details: {
    readonly cached_tokens: number;
    readonly cache_write_tokens?: number;
  };
  readonly output_tokens_details: {
    readonly reasoning_tokens: number;
    readonly image_tokens?: number;
  };
};

export type ResponseOutputItem =
  | {
      readonly type: "message";
      readonly id: string;
      readonly role: "assistant";
      readonly status: string;
      readonly content: readonly ({ readonly type: string } & JsonObject)[];
    }
  | {
      readonly type: "function_call";
      readonly id: string;
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
      readonly status: string;
    }
  | {
      readonly type: "reasoning";
      readonly id: string;
      readonly summary: readonly { readonly type: "summary_text"; readonly text: string }[];
      readonly encrypted_content?: string | null;
    }
  | ({ readonly type: string } & JsonObject);

/** A whole answer of the Responses API. */
export type ResponseObject = {
  readonly id: string;
  readonly object: "response";
  readonly created_at: number;
  readonly model: string;
  readonly status: "completed" | "failed" | "incomplete" | "in_progress";
  readonly output: readonly ResponseOutputItem[];
  readonly output_text: string;
  readonly parallel_tool_calls: boolean;
  readonly tool_choice: unknown;
  readonly tools: readonly unknown[];
  readonly error: ResponseError | null;
  readonly incomplete_details: { readonly reason: string } | null;
  readonly usage: ResponseUsage | null;
  readonly routing_metadata?: RoutingMetadata;
  readonly [field: string]: unknown;
};

export type ResponseError = {
  readonly code: string;
  readonly message: string;
  readonly type?: string;
  readonly param?: string | null;
  readonly doc_url?: string;
  readonly provider?: string;
  readonly suggestion?: string;
};

/** An event of a streamed answer; `type` says what else it has. */
export type ResponseStreamEvent = {
  readonly type: string;
  readonly sequence_number: number;
  /** Of lifecycle events. */
  readonly response?: ResponseObject;
  readonly delta?: string;
  readonly item_id?: string;
  readonly output_index?: number;
  readonly routing_metadata?: RoutingMetadata | null;
  readonly [field: string]: unknown;
};
