import type { JsonObject } from "./json.ts";
import type { GatewayOptions } from "./routing.ts";

export type InputPart =
  | { readonly type: "input_text"; readonly text: string }
  | {
      readonly type: "input_image";
      readonly image_url?: string | null;
      readonly file_id?: string | null;
      readonly detail?: "auto" | "low" | "high" | "original" | null;
    }
  | {
      readonly type: "input_file";
      readonly file_data?: string | null;
      readonly file_url?: string | null;
      readonly file_id?: string | null;
      readonly filename?: string | null;
    }
  | {
      readonly type: "input_audio";
      readonly input_audio: { readonly data: string; readonly format: string };
    }
  | { readonly type: "output_text"; readonly text: string }
  | { readonly type: "refusal"; readonly refusal: string };

/** What was said, and by whom. Answers' items can be sent back as they are. */
export type ResponseInputItem =
  | {
      readonly type?: "message";
      readonly role: "user" | "assistant" | "system" | "developer";
      readonly content: string | readonly InputPart[];
      readonly phase?: "commentary" | "final_answer" | null;
    }
  | {
      readonly type: "function_call";
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
      readonly id?: string;
    }
  | {
      readonly type: "function_call_output";
      readonly call_id: string;
      readonly output: string | readonly InputPart[];
    }
  | {
      readonly type: "reasoning";
      readonly id?: string;
      readonly summary?: readonly { readonly type: "summary_text"; readonly text: string }[];
      readonly encrypted_content?: string | null;
    }
  // Others go to the providers that speak this wire.
  | ({ readonly type: string } & JsonObject);

export type ResponseTool =
  | {
      readonly type: "function";
      readonly name: string;
      readonly description?: string | null;
      readonly parameters: JsonObject | null;
      readonly strict?: boolean | null;
    }
  // One that a provider runs.
  | ({ readonly type: string } & JsonObject);

export type ResponseTextFormat =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      readonly name: string;
      readonly schema: JsonObject;
      readonly description?: string;
      readonly strict?: boolean | null;
    };

export type ReasoningSummary = "auto" | "concise" | "detailed";

/** Body of POST /v1/responses (docs/contract.md §17). Either `model` or `gateway.models`. */
export type ResponseParams = {
  readonly input: string | readonly ResponseInputItem[];
  readonly model?: string;
  readonly instructions?: string | null;
  readonly tools?: readonly ResponseTool[];
  readonly tool_choice?: "auto" | "required" | "none" | ({ readonly type: string } & JsonObject);
  readonly parallel_tool_calls?: boolean | null;
  readonly max_output_tokens?: number | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly top_k?: number;
  readonly top_logprobs?: number | null;
  readonly frequency_penalty?: number;
  readonly presence_penalty?: number;
  readonly max_tool_calls?: number | null;
  readonly reasoning?: {
    readonly effort?:
      | "off"
      | "none"
      | "minimal"
      | "low"
      | "medium"
      | "high"
      | "xhigh"
      | "max"
      | null;
    readonly summary?: ReasoningSummary | null;
    readonly generate_summary?: ReasoningSummary | null;
  } | null;
  readonly text?: { readonly format?: ResponseTextFormat; readonly verbosity?: string | null };
  readonly user?: string;
  /** Comes back in the answer. */
  readonly metadata?: Readonly<Record<string, string>> | null;
  readonly include?: readonly string[] | null;
  readonly prompt_cache_key?: string;
  readonly prompt_cache_retention?: string | null;
  readonly safety_identifier?: string;
  readonly truncation?: "auto" | "disabled" | null;
  readonly stream?: boolean;
  /** Usage comes whatever is asked. */
  readonly stream_options?: JsonObject | null;
  readonly gateway?: GatewayOptions;
  /** By provider; forwarded to the one that is chosen. */
  readonly extensions?: Readonly<Record<string, JsonObject>>;
};
