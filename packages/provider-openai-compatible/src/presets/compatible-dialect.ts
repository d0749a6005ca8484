import { canonicalChatDialect } from "@pointsman/translate";
import type { ChatDialect } from "@pointsman/translate";

/** What most vendors of the wire have in common: its older half, without OpenAI's later words. */
export const compatibleDialect: ChatDialect = {
  ...canonicalChatDialect,
  maxTokensField: "max_tokens",
  unsupportedParameters: [],
  supportsDeveloperRole: false,
  n: false,
  reasoningEfforts: ["low", "medium", "high"],
  reasoningOffWord: null,
};

/** Fields of OpenAI's that a vendor with a closed schema answers with 400 or 422. */
export const openAiOnlyParameters: readonly string[] = [
  "prompt_cache_key",
  "prompt_cache_retention",
  "safety_identifier",
  "verbosity",
  "web_search_options",
];

/** Sampling fields of open-weight servers that a vendor with a closed schema does not know. */
export const openWeightParameters: readonly string[] = [
  "top_k",
  "min_p",
  "top_a",
  "repetition_penalty",
];

/** `authorization: Bearer <key>`. */
export const bearer = { header: "authorization", scheme: "Bearer" } as const;
