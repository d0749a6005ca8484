import { z } from "zod";

const strings = z.array(z.string());
const capabilities = z.record(z.string(), z.boolean());
const dataPolicy = z.enum(["none", "no_training", "zdr"]);
const price = z.number().nullable();

/** One model of GET /v1/models (docs/contract.md §20). */
export const modelSchema = z.looseObject({
  id: z.string(),
  object: z.literal("model"),
  created: z.int(),
  owned_by: z.literal("pointsman"),
  context_window: z.int(),
  supported_endpoints: strings,
  providers: z.array(
    z.looseObject({
      name: z.string(),
      input_price: z.number(),
      output_price: z.number(),
      data_policy: dataPolicy,
    }),
  ),
});

export const modelListSchema = z.looseObject({
  object: z.literal("list"),
  data: z.array(modelSchema),
  catalog_version: z.string(),
  catalog_age_seconds: z.number(),
});

export const registryProvidersSchema = z.looseObject({
  providers: z.array(
    z.looseObject({
      id: z.string(),
      display_name: z.string(),
      description: z.string(),
      icon: z.string(),
      data_policy: dataPolicy,
    }),
  ),
  count: z.int(),
});

export const registryModelsSchema = z.looseObject({
  models: z.array(
    z.looseObject({
      id: z.string(),
      family: z.string(),
      display_name: z.string(),
      capabilities,
      input_modalities: strings,
      output_modalities: strings,
      providers: strings,
      has_free_provider: z.boolean(),
      author: z.string().optional(),
    }),
  ),
  count: z.int(),
});

export const directorySchema = z.looseObject({
  models: z.record(
    z.string(),
    z.looseObject({
      family: z.string(),
      display_name: z.string(),
      providers: z.array(
        z.looseObject({
          provider: z.string(),
          provider_model_id: z.string(),
          context_window: z.int().nullable(),
          max_output_tokens: z.int().nullable(),
          capabilities,
          tiers: z.array(
            z.looseObject({
              name: z.string(),
              input_price: price,
              output_price: price,
              cache_read_price: price,
              cache_write_price: price,
              latency_hint: z.enum(["fast", "standard", "slow"]),
              price_variants: z.array(
                z.looseObject({
                  role: z.string(),
                  price: z.number(),
                  constraints: z.record(z.string(), z.string()),
                }),
              ),
            }),
          ),
          supported_endpoints: strings,
          shutdown_at: z.string().nullable(),
        }),
      ),
    }),
  ),
  generated_at: z.string(),
});

/** Answer of GET /v1/me. */
export const meSchema = z.looseObject({
  credential_type: z.literal("api_key"),
  status: z.literal("active"),
  profile: z.enum(["inference", "management", "admin"]),
  key_id: z.string(),
  key_prefix: z.string(),
  key_name: z.string(),
  workspace: z.looseObject({ id: z.string(), name: z.string() }),
  scopes: strings,
  rate_limits: z.looseObject({
    inference_rpm: z.int(),
    management_reads_rpm: z.int(),
    management_writes_rpm: z.int(),
  }),
  expires_at: z.string().nullable(),
  created_at: z.string(),
});

export const byokProvidersSchema = z.looseObject({
  object: z.literal("list"),
  data: z.array(
    z.looseObject({
      provider: z.string(),
      display_name: z.string(),
      default_tier: z.string(),
      data_policy: dataPolicy,
    }),
  ),
  count: z.int(),
});

export const byokTiersSchema = z.looseObject({
  object: z.literal("list"),
  provider: z.string(),
  data: z.array(
    z.looseObject({
      tier: z.string(),
      display_name: z.string(),
      qualification: z.string(),
      data_policy: dataPolicy,
    }),
  ),
  count: z.int(),
});
