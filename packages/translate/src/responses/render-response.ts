import type { Usage } from "@pointsman/core";
import type { JsonRecord } from "../json/read.ts";
import { renderResponsesUsage } from "./render-usage.ts";
import type { ResponsesRequest, ResponsesTool } from "./responses-request-schema.ts";

/** How an answer stands. */
export type ResponseState = {
  readonly id: string;
  readonly createdSeconds: number;
  readonly model: string;
  readonly status: "completed" | "failed" | "incomplete" | "in_progress";
  readonly output: readonly JsonRecord[];
  readonly usage: Usage | null;
  /** Unix seconds; `null` = not yet. */
  readonly completedSeconds: number | null;
  readonly incompleteReason: string | null;
  readonly error: JsonRecord | null;
  readonly serviceTier?: string;
};

const echoTool = (tool: ResponsesTool): JsonRecord =>
  tool.type === "function"
    ? {
        ...tool,
        name: tool.name ?? "",
        description: tool.description ?? null,
        parameters: tool.parameters ?? null,
        strict: tool.strict ?? null,
      }
    : tool;

/** The request's own fields as the answer repeats them, with the defaults of the wire. */
export const echoOf = (request: ResponsesRequest): JsonRecord => ({
  instructions: request.instructions ?? null,
  tools: (request.tools ?? []).map(echoTool),
  tool_choice: request.tool_choice ?? "auto",
  parallel_tool_calls: request.parallel_tool_calls ?? true,
  max_output_tokens: request.max_output_tokens ?? null,
  max_tool_calls: request.max_tool_calls ?? null,
  temperature: request.temperature ?? 1,
  top_p: request.top_p ?? 1,
  presence_penalty: request.presence_penalty ?? 0,
  frequency_penalty: request.frequency_penalty ?? 0,
  top_logprobs: request.top_logprobs ?? 0,
  reasoning:
    request.reasoning === undefined
      ? null
      : {
          effort: request.reasoning.effort ?? null,
          summary: request.reasoning.summary ?? request.reasoning.generate_summary ?? null,
        },
  text: {
    format: request.text?.format ?? { type: "text" },
    ...((request.text?.verbosity ?? null) === null ? {} : { verbosity: request.text?.verbosity }),
  },
  truncation: request.truncation ?? "disabled",
  user: request.user ?? null,
  safety_identifier: request.safety_identifier ?? null,
  prompt_cache_key: request.prompt_cache_key ?? null,
  metadata: request.metadata ?? {},
});

/** All text of an output, as clients' `output_text`. */
export const outputTextOf = (output: readonly JsonRecord[]): string => {
  let text = "";
  for (const item of output) {
    if (item["type"] !== "message" || !Array.isArray(item["content"])) continue;
    for (const part of item["content"]) {
      if (part.type === "output_text" && typeof part.text === "string") text += part.text;
    }
  }
  return text;
};

/** The response object of docs/contract.md §17, without `routing_metadata`. */
export const renderResponse = (state: ResponseState, echo: JsonRecord): JsonRecord => ({
  id: state.id,
  object: "response",
  created_at: Math.trunc(state.createdSeconds),
  completed_at: state.completedSeconds,
  model: state.model,
  status: state.status,
  output: state.output,
  output_text: outputTextOf(state.output),
  error: state.error,
  incomplete_details: state.incompleteReason === null ? null : { reason: state.incompleteReason },
  usage: state.usage === null ? null : renderResponsesUsage(state.usage),
  ...echo,
  service_tier: state.serviceTier ?? "default",
  store: false,
  background: false,
  previous_response_id: null,
});

/** What a response has always, for members that its maker left out. */
export const responseDefaults = (
  request: ResponsesRequest,
  state: { readonly completedSeconds: number | null },
): JsonRecord => ({
  object: "response",
  completed_at: state.completedSeconds,
  error: null,
  incomplete_details: null,
  ...echoOf(request),
  service_tier: "default",
  store: false,
  background: false,
  previous_response_id: null,
});

/** The wire's word for an end that came too early; `null` = the answer is whole. */
export const incompleteReasonOf = (reason: string): string | null => {
  if (reason === "length") return "max_output_tokens";
  return reason === "content_filter" ? "content_filter" : null;
};
