import { z } from "zod";

const rates = {
  input: z.number().nonnegative().optional(),
  output: z.number().nonnegative().optional(),
  cache_read: z.number().nonnegative().optional(),
  cache_write: z.number().nonnegative().optional(),
  reasoning: z.number().nonnegative().optional(),
  input_audio: z.number().nonnegative().optional(),
  output_audio: z.number().nonnegative().optional(),
};

const tier = z.strictObject({ above: z.int().positive(), type: z.literal("context"), ...rates });

const reasoningOption = z.union([
  z.strictObject({ type: z.literal("toggle") }),
  z.strictObject({ type: z.literal("effort"), values: z.array(z.string()) }),
  z.strictObject({
    type: z.literal("budget_tokens"),
    min: z.int().optional(),
    max: z.int().optional(),
  }),
]);

const mode = z.strictObject({
  cost: z.strictObject(rates),
  provider: z.strictObject({
    body: z.record(z.string(), z.string()),
    headers: z.record(z.string(), z.string()).optional(),
  }),
});

const model = z.strictObject({
  id: z.string(),
  name: z.string(),
  base_model: z.string().optional(),
  family: z.string().optional(),
  /** `2026-04-21` or `2026-01`. */
  release_date: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/),
  last_updated: z.string(),
  knowledge: z.string().optional(),
  status: z.enum(["deprecated", "beta"]).optional(),
  cost: z.strictObject({ ...rates, tiers: z.array(tier).optional() }).optional(),
  limit: z.strictObject({
    context: z.int().nonnegative(),
    input: z.int().nonnegative().optional(),
    output: z.int().nonnegative(),
  }),
  capabilities: z.strictObject({
    attachment: z.boolean().optional(),
    reasoning: z.boolean().optional(),
    temperature: z.boolean().optional(),
    tool_call: z.boolean().optional(),
    structured_output: z.boolean().optional(),
    open_weights: z.boolean().optional(),
    interleaved: z.union([z.boolean(), z.strictObject({ field: z.string() })]).optional(),
  }),
  reasoning_options: z.array(reasoningOption).optional(),
  modalities: z.strictObject({ input: z.array(z.string()), output: z.array(z.string()) }),
  modes: z.record(z.string(), mode).optional(),
});

/** The shape of `data/models-dev.json`; strict, so that a new field of the source is noticed. */
export const modelsDevSchema = z.strictObject({
  source: z.literal("models.dev"),
  licence: z.string(),
  commit: z.string(),
  date: z.iso.date(),
  unit: z.string(),
  providers: z.record(
    z.string(),
    z.strictObject({
      id: z.string(),
      name: z.string(),
      env: z.array(z.string()),
      npm: z.string(),
      api: z.string().optional(),
      doc: z.string(),
      models: z.record(z.string(), model),
    }),
  ),
});

export type ModelsDev = z.output<typeof modelsDevSchema>;
export type ModelsDevModel = z.output<typeof model>;
export type ModelsDevCost = NonNullable<ModelsDevModel["cost"]>;
/** How a model's reasoning is controlled, as models.dev tells it. */
export type ReasoningOption = z.output<typeof reasoningOption>;
