/** How a vendor's chat wire deviates from the canonical one; data, no code. */
export type ChatDialect = {
  /** Field for the cap on output tokens. */
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  /** `false`: `completion_tokens` leaves reasoning out (xAI), both are billed. */
  readonly reasoningInOutput: boolean;
  /**
   * Where the cached count stands: `prompt_tokens_details.cached_tokens`, `prompt_cache_hit_tokens`,
   * `cached_tokens` or `num_cached_tokens`; the canonical place is read too.
   */
  readonly cachedField: "openai" | "deepseek" | "moonshot" | "mistral";
  /** Top-level request fields that are refused or ignored there. */
  readonly unsupportedParameters: readonly string[];
  /** `false`: developer messages are sent as system messages. */
  readonly supportsDeveloperRole: boolean;
  /** Whether `stream_options.include_usage` is understood. */
  readonly streamOptions: boolean;
  /** Whether more than one choice can be asked for. */
  readonly n: boolean;
  /** Field in which earlier reasoning text goes back; `null` = it is left out. */
  readonly reasoningHistoryField: "reasoning_content" | "reasoning" | null;
  /**
   * How thinking is switched on and off, beside an effort or instead of it: `thinking: {type}`, or
   * `enable_thinking` with a `thinking_budget`; `null` = by the effort alone.
   */
  readonly thinkingSwitch: "thinking_type" | "enable_thinking" | null;
  /** Efforts understood, from low to high; `null` = all but `max` and `off`; `[]` = none. */
  readonly reasoningEfforts: readonly string[] | null;
  /** Word for "do not reason"; `null` = the field is left out. */
  readonly reasoningOffWord: string | null;
};

/** OpenAI's own wire. */
export const canonicalChatDialect: ChatDialect = {
  maxTokensField: "max_completion_tokens",
  reasoningInOutput: true,
  cachedField: "openai",
  unsupportedParameters: ["top_k", "min_p", "top_a", "repetition_penalty"],
  supportsDeveloperRole: true,
  streamOptions: true,
  n: true,
  reasoningHistoryField: null,
  thinkingSwitch: null,
  reasoningEfforts: null,
  reasoningOffWord: "none",
};
