import type { JsonObject } from "./json.ts";
import type { DataPolicy } from "./routing.ts";

type Capabilities = Readonly<Record<string, boolean>>;

export type Model = {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
  /** Largest, tokens. */
  readonly context_window: number;
  readonly supported_endpoints: readonly string[];
  readonly providers: readonly {
    readonly name: string;
    /** USD per million tokens. */
    readonly input_price: number;
    readonly output_price: number;
    readonly data_policy: DataPolicy;
  }[];
};

export type ModelList = {
  readonly object: "list";
  readonly data: readonly Model[];
  readonly catalog_version: string;
  readonly catalog_age_seconds: number;
};

export type ProviderList = {
  readonly providers: readonly {
    readonly id: string;
    readonly display_name: string;
    readonly description: string;
    readonly icon: string;
    readonly data_policy: DataPolicy;
  }[];
  readonly count: number;
};

export type RegistryModel = {
  readonly id: string;
  readonly family: string;
  readonly display_name: string;
  readonly capabilities: Capabilities;
  readonly input_modalities: readonly string[];
  readonly output_modalities: readonly string[];
  readonly providers: readonly string[];
  readonly has_free_provider: boolean;
  readonly author?: string;
};

export type RegistryList = {
  readonly models: readonly RegistryModel[];
  readonly count: number;
  readonly playground_defaults?: JsonObject;
};

/** Prices in USD per million tokens; `null` = unknown. */
export type DirectoryTier = {
  readonly name: string;
  readonly input_price: number | null;
  readonly output_price: number | null;
  readonly cache_read_price: number | null;
  readonly cache_write_price: number | null;
  readonly latency_hint: "fast" | "standard" | "slow";
  readonly price_variants: readonly {
    readonly role: string;
    readonly price: number;
    readonly constraints: Readonly<Record<string, string>>;
    readonly description?: string;
  }[];
};

export type DirectoryProvider = {
  readonly provider: string;
  readonly provider_model_id: string;
  readonly context_window: number | null;
  readonly max_output_tokens: number | null;
  readonly capabilities: Capabilities;
  readonly input_modalities: readonly string[];
  readonly output_modalities: readonly string[];
  readonly tools: readonly string[];
  readonly tiers: readonly DirectoryTier[];
  readonly updated_at: string;
  readonly data_policy: DataPolicy;
  readonly accepted_params: readonly string[];
  readonly supported_parameters: readonly string[];
  readonly supported_endpoints: readonly string[];
  readonly shutdown_at: string | null;
};

export type Directory = {
  readonly models: Readonly<
    Record<
      string,
      {
        readonly family: string;
        readonly display_name: string;
        readonly providers: readonly DirectoryProvider[];
        readonly author?: string;
        readonly supported_parameters?: readonly string[];
        readonly aliases?: readonly string[];
      }
    >
  >;
  readonly generated_at: string;
};

/** Whose key it is, and what it may do. */
export type Me = {
  readonly credential_type: "api_key";
  readonly status: string;
  readonly profile: "inference" | "management" | "admin";
  readonly key_id: string;
  readonly key_prefix: string;
  readonly key_name: string;
  readonly workspace: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  /** Requests a minute; 0 = unlimited. */
  readonly rate_limits: {
    readonly inference_rpm: number;
    readonly management_reads_rpm: number;
    readonly management_writes_rpm: number;
  };
  readonly expires_at: string | null;
  readonly created_at: string;
};
