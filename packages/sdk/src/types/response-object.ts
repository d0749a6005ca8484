import type { JsonObject } from "./json.ts";
import type { ResponseTextFormat, ResponseTool } from "./responses.ts";
import type { RoutingMetadata } from "./routing.ts";

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

export type ResponseContentPart =
  | {
      readonly type: "output_text";
      readonly text: string;
      readonly annotations: readonly JsonObject[];
      readonly logprobs?: readonly JsonObject[];
    }
  | { readonly type: "refusal"; readonly refusal: string };

type ItemStatus = "in_progress" | "completed" | "incomplete";

export type ResponseMessageItem = {
  readonly type: "message";
  readonly id: string;
  readonly role: "assistant";
  readonly status: ItemStatus;
  readonly content: readonly ResponseContentPart[];
  readonly phase?: "commentary" | "final_answer";
};

export type ResponseFunctionCallItem = {
  readonly type: "function_call";
  readonly id: string;
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
  readonly status: ItemStatus;
};

export type ResponseReasoningItem = {
  readonly type: "reasoning";
  readonly id: string;
  readonly summary: readonly { readonly type: "summary_text"; readonly text: string }[];
  readonly status?: ItemStatus;
  /** Opaque; to be sent back. */
  readonly encrypted_content?: string | null;
};

export type ResponseImageItem = {
  readonly type: "image_generation_call";
  readonly id: string;
  readonly status: string;
  /** Base64. */
  readonly result?: string | null;
};

/** What providers that speak this wire run themselves; it passes as it is, and others may. */
export type ResponseHostedItem = {
  readonly type:
    | "code_interpreter_call"
    | "computer_call"
    | "custom_tool_call"
    | "file_search_call"
    | "local_shell_call"
    | "mcp_approval_request"
    | "mcp_call"
    | "mcp_list_tools"
    | "web_search_call";
} & JsonObject;

export type ResponseOutputItem =
  | ResponseMessageItem
  | ResponseFunctionCallItem
  | ResponseReasoningItem
  | ResponseImageItem
  | ResponseHostedItem;

export type ResponseError = {
  readonly code: string;
  readonly message: string;
  readonly type?: string;
  readonly param?: string | null;
  readonly doc_url?: string;
  readonly provider?: string;
  readonly suggestion?: string;
};

/** A whole answer of the Responses API, with the request's fields (docs/contract.md §17). */
export type ResponseObject = {
  readonly id: string;
  readonly object: "response";
  /** Unix seconds. */
  readonly created_at: number;
  readonly completed_at: number | null;
  readonly model: string;
  readonly status: "completed" | "failed" | "incomplete" | "in_progress";
  readonly output: readonly ResponseOutputItem[];
  /** All text of all messages. */
  readonly output_text: string;
  readonly error: ResponseError | null;
  readonly incomplete_details: { readonly reason: string } | null;
  readonly usage: ResponseUsage | null;
  /** Of answers that have ended. */
  readonly routing_metadata?: RoutingMetadata;
  readonly instructions: string | null;
  readonly tools: readonly ResponseTool[];
  readonly tool_choice: string | JsonObject;
  readonly parallel_tool_calls: boolean;
  readonly max_output_tokens: number | null;
  readonly max_tool_calls: number | null;
  readonly temperature: number | null;
  readonly top_p: number | null;
  readonly presence_penalty: number | null;
  readonly frequency_penalty: number | null;
  readonly top_logprobs: number | null;
  readonly reasoning: { readonly effort: string | null; readonly summary: string | null } | null;
  readonly text: { readonly format: ResponseTextFormat; readonly verbosity?: string };
  readonly truncation: "auto" | "disabled";
  readonly user: string | null;
  readonly safety_identifier: string | null;
  readonly prompt_cache_key: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly service_tier: string;
  readonly store: boolean;
  readonly background: boolean;
  readonly previous_response_id: null;
  readonly tool_usage?: JsonObject;
};
