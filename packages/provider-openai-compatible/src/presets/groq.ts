import {
  bearer,
  compatibleDialect,
  openAiOnlyParameters,
  openWeightParameters,
} from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** Fields refused with 400: https://console.groq.com/docs/openai */
export const groq: OpenAiCompatiblePreset = {
  id: "groq",
  displayName: "Groq",
  baseUrl: "https://api.groq.com/openai/v1",
  envKeys: ["GROQ_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    maxTokensField: "max_completion_tokens",
    unsupportedParameters: [
      "logprobs",
      "top_logprobs",
      "logit_bias",
      ...openAiOnlyParameters,
      ...openWeightParameters,
    ],
    reasoningHistoryField: "reasoning",
    reasoningOffWord: "none",
  },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {},
};
