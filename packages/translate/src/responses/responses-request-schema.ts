import { z } from "zod";
import { gatewayOptionsSchema } from "../request/gateway-options-schema.ts";

// Unknown keys inside items and parts are kept (`looseObject`): pass-through sends them on.

const jsonObject = z.record(z.string(), z.unknown());
const text = z.exactOptional(z.string());
const flag = z.exactOptional(z.boolean());

const inputPart = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("input_text"), text: z.string() }),
  z.looseObject({ type: z.literal("output_text"), text: z.string() }),
  z.looseObject({ type: z.literal("refusal"), refusal: z.string() }),
  z.looseObject({
    type: z.literal("input_image"),
    image_url: z.string().nullish(),
    file_id: z.string().nullish(),
    detail: z.enum(["auto", "low", "high", "original"]).nullish(),
  }),
  z.looseObject({
    type: z.literal("input_file"),
    file_data: z.string().nullish(),
    file_url: z.string().nullish(),
    file_id: z.string().nullish(),
    filename: z.string().nullish(),
  }),
  z.looseObject({
    type: z.literal("input_audio"),
    input_audio: z.looseObject({ data: z.string(), format: z.string() }),
  }),
]);

const messageItem = z.looseObject({
  type: z.literal("message").nullish(),
  role: z.enum(["user", "assistant", "system", "developer"]),
  content: z.union([z.string(), z.array(inputPart)]),
  phase: z.enum(["commentary", "final_answer"]).nullish(),
});

const functionCallItem = z.looseObject({
  type: z.literal("function_call"),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});

const customCallItem = z.looseObject({
  type: z.literal("custom_tool_call"),
  call_id: z.string(),
  name: z.string(),
  input: z.string(),
});

const callOutput = { call_id: z.string(), output: z.union([z.string(), z.array(inputPart)]) };

const reasoningItem = z.looseObject({
  type: z.literal("reasoning"),
  id: z.string().nullish(),
  summary: z.array(z.looseObject({ text: z.string() })).nullish(),
  content: z.array(z.looseObject({ text: z.string() })).nullish(),
  encrypted_content: z.string().nullish(),
});

/** Calls and results of tools the provider runs, and what else only this wire knows. */
const otherItem = z.looseObject({ type: z.string().min(1) });

const knownItem = z.discriminatedUnion("type", [
  functionCallItem,
  customCallItem,
  z.looseObject({ type: z.literal("function_call_output"), ...callOutput }),
  z.looseObject({ type: z.literal("custom_tool_call_output"), ...callOutput }),
  reasoningItem,
]);

const knownTypes: ReadonlySet<unknown> = new Set([
  "message",
  "function_call",
  "custom_tool_call",
  "function_call_output",
  "custom_tool_call_output",
  "reasoning",
]);

/** One item of the input, read by its type so that a fault is told of the right one. */
const item = z.unknown().transform((value, context): ResponsesItem => {
  const type: unknown = z.looseObject({ type: z.unknown() }).safeParse(value).data?.type;
  const schema =
    type === undefined || type === null || type === "message"
      ? messageItem
      : knownTypes.has(type)
        ? knownItem
        : otherItem;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue, code: "custom" });
  return z.NEVER;
});

export type ResponsesMessageItem = z.output<typeof messageItem>;
export type ResponsesKnownItem = z.output<typeof knownItem>;
export type ResponsesOtherItem = z.output<typeof otherItem>;
export type ResponsesItem = ResponsesMessageItem | ResponsesKnownItem | ResponsesOtherItem;
export type ResponsesInputPart = z.output<typeof inputPart>;

const tool = z.looseObject({
  type: z.string().min(1),
  name: z.string().nullish(),
  description: z.string().nullish(),
  parameters: jsonObject.nullish(),
  strict: z.boolean().nullish(),
  format: jsonObject.nullish(),
});

const toolChoice = z.union([
  z.enum(["auto", "required", "none"]),
  z.looseObject({ type: z.string(), name: z.string().nullish(), mode: z.string().nullish() }),
]);

const format = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    name: z.string(),
    schema: jsonObject,
    description: z.string().nullish(),
    strict: z.boolean().nullish(),
  }),
]);

const efforts = ["off", "none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
const summary = z.enum(["auto", "concise", "detailed"]).nullish();
const penalty = z.exactOptional(z.number().min(-2).max(2));

/**
 * Body of POST /v1/responses once nulls and fields that are not carried have been taken out
 * (docs/contract.md §17).
 */
export const responsesRequestSchema = z.object({
  input: z.union([z.string(), z.array(item)]),
  model: z.exactOptional(z.string().min(1)),
  instructions: text,
  tools: z.exactOptional(z.array(tool)),
  tool_choice: z.exactOptional(toolChoice),
  parallel_tool_calls: flag,
  max_output_tokens: z.exactOptional(z.int().min(1)),
  temperature: z.exactOptional(z.number().min(0).max(2)),
  top_p: z.exactOptional(z.number().min(0).max(1)),
  top_k: z.exactOptional(z.number()),
  top_logprobs: z.exactOptional(z.int().min(0).max(20)),
  frequency_penalty: penalty,
  presence_penalty: penalty,
  max_tool_calls: z.exactOptional(z.int().min(1)),
  reasoning: z.exactOptional(
    z.looseObject({
      effort: z.enum(efforts).nullish(),
      summary,
      generate_summary: summary,
    }),
  ),
  text: z.exactOptional(
    z.looseObject({ format: format.nullish(), verbosity: z.string().nullish() }),
  ),
  user: text,
  metadata: z.exactOptional(z.record(z.string(), z.string())),
  include: z.exactOptional(z.array(z.string())),
  prompt_cache_key: text,
  prompt_cache_retention: text,
  safety_identifier: text,
  truncation: z.exactOptional(z.enum(["auto", "disabled"])),
  stream: flag,
  store: flag,
  background: flag,
  stream_options: z.exactOptional(jsonObject),
  gateway: z.exactOptional(gatewayOptionsSchema),
  extensions: z.exactOptional(z.record(z.string(), jsonObject)),
});

export type ResponsesRequest = z.output<typeof responsesRequestSchema>;
export type ResponsesTool = NonNullable<ResponsesRequest["tools"]>[number];

/** Fields whose presence is a fault, since without stored state they cannot do what they say. */
export const statefulFields: readonly string[] = ["previous_response_id", "conversation", "prompt"];

/** Top-level fields that are carried; all others are dropped with a warning. */
export const responsesRequestFields: ReadonlySet<string> = new Set(
  Object.keys(responsesRequestSchema.shape),
);
