import { z } from "zod";
import { chatMessageSchema } from "./chat-message-schema.ts";
import { gatewayOptionsSchema } from "../request/gateway-options-schema.ts";

const jsonObject = z.record(z.string(), z.unknown());
const number = z.exactOptional(z.number());
const penalty = z.exactOptional(z.number().min(-2).max(2));
const tokens = z.exactOptional(z.int().min(1));
const text = z.exactOptional(z.string());
const flag = z.exactOptional(z.boolean());

const functionDefinition = z.looseObject({
  name: z.string(),
  description: z.string().nullish(),
  parameters: jsonObject.nullish(),
  strict: z.boolean().nullish(),
});

const toolSchema = z.looseObject({ type: z.literal("function"), function: functionDefinition });

const toolChoiceSchema = z.union([
  z.enum(["auto", "required", "none"]),
  z.looseObject({
    type: z.literal("function"),
    function: z.looseObject({ name: z.string() }),
  }),
]);

const responseFormatSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({
      name: z.string(),
      schema: jsonObject,
      description: z.string().nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const reasoningEfforts = [
  "off",
  "none",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
] as const;

/**
 * Body of POST /v1/chat/completions once nulls and fields that are not carried have been taken out
 * (docs/contract.md §3, §4).
 */
export const chatRequestSchema = z.object({
  messages: z.array(chatMessageSchema).min(1),
  model: z.exactOptional(z.string().min(1)),
  gateway: z.exactOptional(gatewayOptionsSchema),
  extensions: z.exactOptional(z.record(z.string(), jsonObject)),
  stream: flag,
  stream_options: z.exactOptional(z.looseObject({ include_usage: z.boolean().nullish() })),
  temperature: z.exactOptional(z.number().min(0).max(2)),
  top_p: z.exactOptional(z.number().min(0).max(1)),
  frequency_penalty: penalty,
  presence_penalty: penalty,
  top_k: number,
  min_p: number,
  top_a: number,
  repetition_penalty: number,
  max_tokens: tokens,
  max_completion_tokens: tokens,
  reasoning_effort: z.exactOptional(z.enum(reasoningEfforts)),
  reasoning: z.exactOptional(z.looseObject({ exclude: z.boolean().nullish() })),
  stop: z.exactOptional(z.union([z.string(), z.array(z.string())])),
  seed: z.exactOptional(z.int()),
  n: tokens,
  logprobs: flag,
  top_logprobs: z.exactOptional(z.int().min(0).max(20)),
  logit_bias: z.exactOptional(z.record(z.string(), z.number())),
  tools: z.exactOptional(z.array(toolSchema)),
  tool_choice: z.exactOptional(toolChoiceSchema),
  parallel_tool_calls: flag,
  functions: z.exactOptional(z.array(functionDefinition)),
  function_call: z.exactOptional(
    z.union([z.enum(["auto", "none"]), z.looseObject({ name: z.string() })]),
  ),
  response_format: z.exactOptional(responseFormatSchema),
  user: text,
  safety_identifier: text,
  prompt_cache_key: text,
  prompt_cache_retention: text,
  verbosity: text,
  web_search_options: z.exactOptional(jsonObject),
});

export type ChatRequest = z.output<typeof chatRequestSchema>;

/** Top-level fields that are carried; all others are dropped with a warning. */
export const chatRequestFields: ReadonlySet<string> = new Set(Object.keys(chatRequestSchema.shape));
