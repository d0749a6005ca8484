import type { CachePolicy, PriceSchedule } from "../cost/price-schedule.ts";

/** What a model can do at a provider. Absent from an offering = unknown, which never rejects. */
export type Capability =
  | "streaming"
  | "tools"
  | "parallel_tool_calls"
  | "tool_choice_required"
  | "vision"
  | "audio_input"
  | "file_input"
  | "json_mode"
  | "structured_output"
  | "tools_with_structured_output"
  | "reasoning"
  | "reasoning_disable"
  | "prefill"
  | "prompt_caching"
  | "logprobs"
  | "web_search";

/** The caller's way in: what an offering must be able to serve. */
export type Endpoint = "chat_completions" | "responses" | "messages";

/** The wires an offering can be called on. */
export type UpstreamWire = "chat_completions" | "responses" | "messages" | "generate_content";

/** What a provider may do with prompts: `zdr` ⊂ `no_training` ⊂ `none`. */
export type DataPolicy = "none" | "no_training" | "zdr";

/** A model at a provider, with everything that is known about it beforehand. */
export type Offering = {
  /** Unique: `provider/providerModelId`, with `#tier` behind it for premium tiers. */
  readonly id: string;
  readonly provider: string;
  /** The provider's own name of the model, sent upstream. */
  readonly providerModelId: string;
  /** Canonical model id, the same for all offerings of one model. */
  readonly model: string;
  readonly region: string | null;
  /** `null` = unknown: ranks behind every priced offering when cost counts. */
  readonly price: PriceSchedule | null;
  readonly cache: CachePolicy;
  /** Largest prompt + answer in tokens; `null` = unknown. */
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly wires: readonly UpstreamWire[];
  readonly capabilities: Readonly<Partial<Record<Capability, boolean>>>;
  /** Request parameters that are known to be refused or ignored there, wire names. */
  readonly unsupportedParameters: readonly string[];
  readonly dataPolicy: DataPolicy;
  /** `standard`, or a premium tier that must be asked for. */
  readonly tier: string;
  readonly quantization: string | null;
  /** `false` = known but switched off. */
  readonly enabled: boolean;
};

/** An account at a provider. Secrets stay with the engine; core knows only which account it is. */
export type Credential = {
  /** Unique per account, stable over restarts, no secret. */
  readonly id: string;
  readonly provider: string;
  readonly owner: "platform" | "byok";
};
