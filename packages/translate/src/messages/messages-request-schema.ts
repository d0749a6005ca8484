import { z } from "zod";
import { gatewayOptionsSchema } from "../request/gateway-options-schema.ts";
import { cacheControl, messagesTurnSchema, textBlock } from "./messages-block-schema.ts";

const jsonObject = z.record(z.string(), z.unknown());

const customTool = z.looseObject({
  type: z.literal("custom").nullish(),
  name: z.string(),
  description: z.string().nullish(),
  input_schema: jsonObject,
  strict: z.boolean().nullish(),
  cache_control: cacheControl,
});

/** A tool that Anthropic runs, or whose schema it knows. */
const anthropicTool = z.looseObject({
  type: z.string().refine((type) => type !== "custom" && type !== "function", {
    error: "Not a type of tool of this wire.",
  }),
  cache_control: cacheControl,
});

const noParallel = z.boolean().nullish();

const toolChoice = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("auto"), disable_parallel_tool_use: noParallel }),
  z.looseObject({ type: z.literal("any"), disable_parallel_tool_use: noParallel }),
  z.looseObject({
    type: z.literal("tool"),
    name: z.string(),
    disable_parallel_tool_use: noParallel,
  }),
  z.looseObject({ type: z.literal("none") }),
]);

const thinking = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("enabled"), budget_tokens: z.int().min(1) }),
  z.looseObject({ type: z.literal("adaptive") }),
  z.looseObject({ type: z.literal("disabled") }),
]);

const outputConfig = z.looseObject({
  effort: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
  format: z.looseObject({ type: z.literal("json_schema"), schema: jsonObject }).nullish(),
});

/** Top-level fields kept for Anthropic alone. */
const nativeFields = {
  speed: z.exactOptional(z.enum(["standard", "fast"])),
  service_tier: z.exactOptional(z.string()),
  inference_geo: z.exactOptional(z.string()),
  container: z.exactOptional(z.union([z.string(), jsonObject])),
  diagnostics: z.exactOptional(jsonObject),
  mcp_servers: z.exactOptional(z.array(jsonObject)),
  context_management: z.exactOptional(jsonObject),
};

export const messagesNativeFields: readonly (keyof typeof nativeFields)[] = [
  "speed",
  "service_tier",
  "inference_geo",
  "container",
  "diagnostics",
  "mcp_servers",
  "context_management",
];

/**
 * Body of POST /v1/messages once nulls and fields that are not carried have been taken out
 * (docs/contract.md §18). `max_tokens` is missing only where tokens are counted.
 */
export const messagesRequestSchema = z.object({
  messages: z.array(messagesTurnSchema).min(1),
  model: z.exactOptional(z.string().min(1)),
  max_tokens: z.exactOptional(z.int().min(1)),
  system: z.exactOptional(z.union([z.string(), z.array(textBlock)])),
  stop_sequences: z.exactOptional(z.array(z.string())),
  stream: z.exactOptional(z.boolean()),
  temperature: z.exactOptional(z.number().min(0).max(2)),
  top_k: z.exactOptional(z.int().min(0)),
  top_p: z.exactOptional(z.number().min(0).max(1)),
  tools: z.exactOptional(z.array(z.union([customTool, anthropicTool]))),
  tool_choice: z.exactOptional(toolChoice),
  thinking: z.exactOptional(thinking),
  output_config: z.exactOptional(outputConfig),
  metadata: z.exactOptional(z.looseObject({ user_id: z.string().nullish() })),
  cache_control: z.exactOptional(cacheControl),
  gateway: z.exactOptional(gatewayOptionsSchema),
  extensions: z.exactOptional(z.record(z.string(), jsonObject)),
  ...nativeFields,
});

export type MessagesRequest = z.output<typeof messagesRequestSchema>;
export type MessagesTool = NonNullable<MessagesRequest["tools"]>[number];

/** Top-level fields that are carried; all others are dropped with a warning. */
export const messagesRequestFields: ReadonlySet<string> = new Set(
  Object.keys(messagesRequestSchema.shape),
);
