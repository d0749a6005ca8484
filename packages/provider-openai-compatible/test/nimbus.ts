import { bearer, compatibleDialect } from "@pointsman/provider-openai-compatible";
import type { OpenAiCompatiblePreset } from "@pointsman/provider-openai-compatible";

/** https://docs.nimbus.example/api (say where each fact is written) */
export const nimbus: OpenAiCompatiblePreset = {
  id: "nimbus",
  displayName: "Nimbus",
  baseUrl: "https://api.nimbus.example/v1",
  envKeys: ["NIMBUS_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    // Its limit has the older name, and it answers these two fields with 400.
    maxTokensField: "max_tokens",
    unsupportedParameters: ["logit_bias", "seed"],
    // It reports cached tokens as `prompt_cache_hit_tokens`.
    cachedField: "deepseek",
    // Its models think when told to, and are not asked how hard.
    thinkingSwitch: "thinking_type",
    reasoningEfforts: [],
    reasoningHistoryField: "reasoning_content",
  },
  families: [{ pattern: /^cirrus-/, dialect: { thinkingSwitch: null } }],
  tierField: null,
  imageUrls: false,
  conversation: { kind: "user" },
  vendorCodes: { queue_full: "rate_limited", wallet_empty: "auth_error" },
};
