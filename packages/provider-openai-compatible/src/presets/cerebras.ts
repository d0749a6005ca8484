import {
  bearer,
  compatibleDialect,
  openAiOnlyParameters,
  openWeightParameters,
} from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** Fields refused with 400: https://inference-docs.cerebras.ai/resources/openai */
export const cerebras: OpenAiCompatiblePreset = {
  id: "cerebras",
  displayName: "Cerebras",
  baseUrl: "https://api.cerebras.ai/v1",
  envKeys: ["CEREBRAS_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    maxTokensField: "max_completion_tokens",
    unsupportedParameters: [
      "frequency_penalty",
      "presence_penalty",
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
