import { z } from "zod";
import { keyScopes } from "../config/key-schema.ts";

const time = z.string();
const timeOrNull = time.nullable();

/** A list that comes by page (docs/contract.md §21). */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.looseObject({
    object: z.literal("list"),
    data: z.array(item),
    count: z.int(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  });

export const deletedSchema = z.looseObject({ id: z.string(), deleted: z.literal(true) });

export const workspaceSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  tier: z.string(),
  user_role: z.string(),
  member_count: z.int(),
  can_use_paid_models: z.boolean(),
  created_at: time,
});

export const keySchema = z.looseObject({
  id: z.string(),
  workspace_id: z.string(),
  name: z.string(),
  key_prefix: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  is_active: z.boolean(),
  created_at: time,
  rate_limit_rpm: z.int().nullable(),
  expires_at: timeOrNull,
  last_used_at: timeOrNull,
  created_by_key_id: z.string().nullable(),
});

export const createdKeySchema = keySchema.extend({ api_key: z.string() }).loose();

const counts = {
  request_count: z.int(),
  error_count: z.int(),
  rate_limit_count: z.int(),
  tokens_input: z.int(),
  tokens_output: z.int(),
  tokens_total: z.int(),
  cost_usd: z.number(),
};

export const keyUsageSchema = z.looseObject({
  key_id: z.string(),
  workspace_id: z.string(),
  period: z.enum(["day", "week", "month"]),
  start_date: time,
  end_date: time,
  ...counts,
});

export const usageSchema = z.looseObject({
  object: z.literal("list"),
  data: z.array(z.looseObject(counts)),
  count: z.int(),
});

export const byokKeySchema = z.looseObject({
  id: z.string(),
  workspace_id: z.string(),
  provider: z.string(),
  name: z.string(),
  key_prefix: z.string(),
  is_default: z.boolean(),
  disabled: z.boolean(),
  validation_status: z.enum(["valid", "pending", "invalid", "error"]),
  account_tier: z.string().nullable(),
  tier_source: z.enum(["auto_detected", "user_specified", "fallback"]).nullable(),
  last_validated_at: timeOrNull,
  created_at: time,
  updated_at: time,
});

/** Saved, and not in use yet. */
export const pendingByokKeySchema = byokKeySchema.extend({
  propagation_status: z.literal("pending"),
});

export const budgetSchema = z.looseObject({
  id: z.string(),
  workspace_id: z.string(),
  scope_type: z.enum(["workspace", "api_key", "byok_provider"]),
  scope_id: z.string().optional(),
  scope_provider: z.string().optional(),
  period: z.enum(["daily", "weekly", "monthly", "total"]),
  limit_usd: z.number(),
  enforce: z.boolean(),
  include_byok: z.boolean(),
  spend_usd: z.number(),
  percent_used: z.number(),
  reserved_usd: z.number(),
  period_start: time,
  period_end: timeOrNull,
  created_at: time,
  updated_at: time,
});

export const routingSchema = z.looseObject({
  object: z.literal("routing_defaults"),
  workspace_id: z.string(),
  routing: z.record(z.string(), z.unknown()),
  updated_at: time,
});

export const balanceSchema = z.looseObject({
  object: z.literal("balance"),
  balance_microdollars: z.int().nullable(),
  balance_cents: z.int().nullable(),
  balance_usd: z.string().nullable(),
  credits_purchased_microdollars: z.int(),
  credits_used_microdollars: z.int(),
  auto_reload: z.looseObject({ enabled: z.boolean() }),
  tier: z.string(),
  platform_fee_rate: z.string(),
  lifetime_volume_usd: z.number(),
});

export const healthSchema = z.looseObject({
  object: z.literal("health"),
  at: time,
  uptime_seconds: z.int(),
  ttft_prompt_tokens: z.int(),
  providers: z.array(
    z.looseObject({
      provider: z.string(),
      breaker: z.enum(["closed", "half_open", "open"]),
      in_flight: z.int(),
      offerings: z.array(z.looseObject({ model_canonical: z.string() })),
    }),
  ),
});
