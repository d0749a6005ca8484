import { z } from "zod";

const json = z.record(z.string(), z.unknown());
const count = z.int().min(0);

/** `routing_metadata` of an answer (docs/contract.md §15). */
export const routingMetadataSchema = z.looseObject({
  provider: z.string(),
  provider_model_id: z.string(),
  model_canonical: z.string(),
  routing_strategy: z.string(),
  cost: z.looseObject({
    usd: z.number(),
    cache_savings_usd: z.number().optional(),
    cache_savings_percent: z.int().optional(),
    hosted_tool_usd: z.number().optional(),
    estimated: z.literal(true).optional(),
    byok: z.literal(true).optional(),
  }),
  ttft_ms: z.number().optional(),
  throughput_tps: z.number().optional(),
  warnings: z
    .array(
      z.looseObject({
        type: z.enum([
          "unsupported_parameter",
          "unsupported_feature",
          "unsupported_field",
          "ignored_extension",
          "unknown_provider",
          "blocked_field",
          "provider_timeout",
        ]),
        code: z.string(),
        message: z.string(),
      }),
    )
    .optional(),
  attempts: z
    .array(
      z.looseObject({
        provider: z.string(),
        provider_model_id: z.string(),
        outcome: z.string(),
        status: z.int().optional(),
        duration_ms: z.number(),
      }),
    )
    .optional(),
  explanation: json.optional(),
});

const chatUsage = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.looseObject({ cached_tokens: count, cache_write_tokens: count }),
  completion_tokens_details: z.looseObject({ reasoning_tokens: count }),
});

/** Answer of POST /v1/chat/completions (docs/contract.md §14). */
export const chatAnswerSchema = z.looseObject({
  id: z.string(),
  object: z.literal("chat.completion"),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      message: z.looseObject({ role: z.literal("assistant"), content: z.string().nullable() }),
      finish_reason: z.enum(["stop", "length", "tool_calls", "content_filter"]),
      logprobs: json.nullable().optional(),
    }),
  ),
  usage: chatUsage,
  routing_metadata: routingMetadataSchema,
});

/** Answer of POST /v1/responses (docs/contract.md §17). */
export const responsesAnswerSchema = z.looseObject({
  id: z.string(),
  object: z.literal("response"),
  created_at: z.int(),
  model: z.string(),
  status: z.enum(["completed", "failed", "incomplete", "in_progress"]),
  output: z.array(z.looseObject({ type: z.string() })),
  output_text: z.string(),
  parallel_tool_calls: z.boolean(),
  tool_choice: z.unknown(),
  tools: z.array(z.unknown()),
  error: json.nullable(),
  incomplete_details: json.nullable(),
  usage: z.looseObject({ input_tokens: count, output_tokens: count, total_tokens: count }),
  routing_metadata: routingMetadataSchema,
});

/** Answer of POST /v1/messages (docs/contract.md §18). */
export const messagesAnswerSchema = z.looseObject({
  id: z.string(),
  type: z.literal("message"),
  role: z.literal("assistant"),
  model: z.string(),
  content: z.array(z.looseObject({ type: z.string() })),
  stop_reason: z.string().nullable(),
  stop_sequence: z.string().nullable(),
  usage: z.looseObject({
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
  }),
  routing_metadata: routingMetadataSchema,
});

export const countTokensAnswerSchema = z.looseObject({ input_tokens: count });

const candidate = z.looseObject({
  provider: z.string(),
  provider_model_id: z.string(),
  model_canonical: z.string(),
  tier: z.string(),
  credential: z.enum(["platform", "byok"]),
  score: z.number(),
  expected: z.looseObject({
    cost_usd: z.number().nullable(),
    ttft_ms: z.number(),
    throughput_tps: z.number(),
  }),
});

const decision = {
  id: z.string(),
  created: z.int(),
  endpoint: z.enum(["chat_completions", "responses", "messages"]),
  routing_strategy: z.string(),
  weights: z.looseObject({ cost: z.number(), ttft: z.number(), throughput: z.number() }),
  seed: z.int(),
  candidates: z.array(candidate),
  cache_directive: json.nullable(),
  hold_usd: z.number().nullable(),
  warnings: z.array(z.looseObject({ type: z.string(), code: z.string(), message: z.string() })),
};

/** Answer of POST /v1/route (docs/contract.md §19). */
export const routeAnswerSchema = z.looseObject({
  object: z.literal("route.decision"),
  ...decision,
});

/** Answer of POST /v1/route/explain. */
export const explainAnswerSchema = z.looseObject({
  object: z.literal("route.explanation"),
  ...decision,
  error: json.nullable(),
  explanation: z.looseObject({
    decision_id: z.string(),
    seed: z.int(),
    snapshot_version: z.int(),
    at: z.string(),
    prompt: z.looseObject({ tokens: count, tokens_low: count, tokens_high: count }),
    output: z.looseObject({
      tokens_mean: count,
      tokens_p50: count,
      tokens_p95: count,
      cap: count.nullable(),
    }),
    constraints: z.record(
      z.string(),
      z.looseObject({
        value: z.unknown(),
        source: z.enum(["request", "suffix", "workspace", "default"]),
      }),
    ),
    candidates: z.array(candidate.loose()),
    rejected: z.array(
      z.looseObject({
        provider: z.string(),
        provider_model_id: z.string(),
        model_canonical: z.string(),
        code: z.string(),
        param: z.string().nullable(),
        message: z.string(),
      }),
    ),
    cache_directive: json.nullable(),
    hold: z.looseObject({ usd: z.number().nullable(), scopes: z.array(json) }),
  }),
});
