import type { RoutingOptions } from "./routing.ts";

/** A list that comes by page. */
export type Page<Item> = {
  readonly object: "list";
  readonly data: readonly Item[];
  readonly count: number;
  readonly has_more: boolean;
  readonly next_cursor: string | null;
};

export type PageParams = {
  /** 1–100. @default 50 */
  readonly limit?: number;
  /** `next_cursor` of the page before. */
  readonly after?: string;
};

export type Deleted = { readonly id: string; readonly deleted: true };

/** What of a workspace can change. */
export type WorkspaceChange = {
  name?: string;
  /** Most that own provider keys may spend in a month, USD; `null` = no cap. An admin key sets it. */
  byok_monthly_cap?: number | null;
};

export type Workspace = {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly tier: string;
  readonly user_role: string;
  readonly member_count: number;
  readonly can_use_paid_models: boolean;
  readonly created_at: string;
};

export type Period = "daily" | "weekly" | "monthly" | "total";

export type KeyScope =
  | "inference"
  | "keys:read"
  | "keys:write"
  | "usage:read"
  | "byok:read"
  | "byok:write"
  | "budgets:read"
  | "budgets:write"
  | "routing:read"
  | "routing:write"
  | "workspaces:read"
  | "workspaces:write"
  | "billing:read"
  | "admin";

export type ApiKeyParams = {
  readonly name: string;
  readonly key_type?: "api";
  /** @default ["inference"] */
  readonly scopes?: readonly KeyScope[];
  readonly rate_limit_rpm?: number | null;
  readonly expires_at?: string | null;
  readonly budget?: {
    readonly limit_usd: number;
    readonly enforce: boolean;
    readonly include_byok: boolean;
    readonly period?: Period;
  };
};

export type ApiKeyChange = {
  readonly name?: string;
  readonly rate_limit_rpm?: number | null;
  readonly expires_at?: string | null;
  readonly is_active?: boolean;
};

export type ApiKey = {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly key_prefix: string;
  readonly scopes: readonly KeyScope[];
  readonly is_active: boolean;
  readonly created_at: string;
  readonly rate_limit_rpm: number | null;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly created_by_key_id: string | null;
};

/** Its text is shown once, here. */
export type CreatedApiKey = ApiKey & { readonly api_key: string };

type Counts = {
  readonly request_count: number;
  readonly error_count: number;
  readonly rate_limit_count: number;
  readonly tokens_input: number;
  readonly tokens_output: number;
  readonly tokens_total: number;
  readonly cost_usd: number;
};

export type ApiKeyUsage = Counts & {
  readonly key_id: string;
  readonly workspace_id: string;
  readonly period: "day" | "week" | "month";
  readonly start_date: string;
  readonly end_date: string;
};

export type ByokKeyParams = {
  readonly provider: string;
  readonly api_key: string;
  readonly name?: string;
  readonly is_default?: boolean;
  readonly account_tier?: string;
};

export type ByokKeyChange = {
  readonly name?: string;
  readonly is_default?: boolean;
  readonly disabled?: boolean;
  readonly account_tier?: string | null;
};

export type ByokKey = {
  readonly id: string;
  readonly workspace_id: string;
  readonly provider: string;
  readonly name: string;
  readonly key_prefix: string;
  readonly is_default: boolean;
  readonly disabled: boolean;
  readonly validation_status: "valid" | "pending" | "invalid" | "error";
  readonly account_tier: string | null;
  readonly tier_source: "auto_detected" | "user_specified" | "fallback" | null;
  readonly last_validated_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** Only where it is just made: saved, and in use in two seconds at most. */
  readonly propagation_status?: "pending";
};

export type BudgetParams = {
  readonly scope_type: "workspace" | "api_key" | "byok_provider";
  readonly period: Period;
  readonly limit_usd: number;
  readonly enforce?: boolean;
  readonly include_byok?: boolean;
  readonly scope_id?: string;
  readonly scope_provider?: string;
};

export type BudgetChange = {
  readonly limit_usd?: number;
  readonly enforce?: boolean;
  readonly include_byok?: boolean;
};

export type Budget = {
  readonly id: string;
  readonly workspace_id: string;
  readonly scope_type: "workspace" | "api_key" | "byok_provider";
  readonly scope_id?: string;
  readonly scope_provider?: string;
  readonly period: Period;
  readonly limit_usd: number;
  readonly enforce: boolean;
  readonly include_byok: boolean;
  readonly spend_usd: number;
  readonly reserved_usd: number;
  readonly percent_used: number;
  readonly period_start: string;
  readonly period_end: string | null;
  readonly created_at: string;
  readonly updated_at: string;
};

export type RoutingDefaults = {
  readonly object: "routing_defaults";
  readonly workspace_id: string;
  readonly routing: RoutingOptions;
  readonly updated_at: string;
};

/** `null` clears a field. */
export type RoutingChange = { [Field in keyof RoutingOptions]?: RoutingOptions[Field] | null };

export type Balance = {
  readonly object: "balance";
  /** `null` = there are no prepaid credits, and nothing is limited by them. */
  readonly balance_microdollars: number | null;
  readonly balance_cents: number | null;
  readonly balance_usd: string | null;
  readonly credits_purchased_microdollars: number;
  readonly credits_used_microdollars: number;
  readonly auto_reload: {
    readonly enabled: boolean;
    readonly threshold_cents: number | null;
    readonly target_cents: number | null;
  };
  readonly tier: string;
  readonly payment_method: null;
  /** A decimal number. */
  readonly platform_fee_rate: string;
  readonly lifetime_volume_usd: number;
  /** `null` = unlimited. */
  readonly byok_monthly_cap: number | null;
  readonly byok_monthly_remaining: number | null;
};

export type CreditParams = { readonly amount_microdollars: number; readonly note?: string };

export type UsageParams = {
  readonly by?: "provider" | "model" | "key" | "tag";
  /** ISO 8601. */
  readonly since?: string;
  readonly until?: string;
  readonly interval?: "hour" | "day";
};

export type UsageList = {
  readonly object: "list";
  readonly data: readonly (Counts & {
    readonly provider?: string | null;
    readonly model?: string | null;
    readonly key?: string | null;
    readonly tag?: string | null;
    readonly interval_start?: string;
  })[];
  readonly count: number;
};
