import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** Searches by itself and calls no functions; every chunk carries running usage. https://docs.perplexity.ai/docs/sonar/openai-compatibility */
export const perplexity: OpenAiCompatiblePreset = {
  id: "perplexity",
  displayName: "Perplexity",
  baseUrl: "https://api.perplexity.ai",
  envKeys: ["PERPLEXITY_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    streamOptions: false,
    unsupportedParameters: [
      "tools",
      "tool_choice",
      "parallel_tool_calls",
      "logit_bias",
      "logprobs",
      "top_logprobs",
    ],
    reasoningEfforts: ["minimal", "low", "medium", "high"],
  },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {},
};
