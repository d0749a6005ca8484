import {
  bearer,
  compatibleDialect,
  openAiOnlyParameters,
  openWeightParameters,
} from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** A closed schema: unknown fields, `max_completion_tokens` among them, are refused with 422 (`extra_forbidden`); its seed is called `random_seed`. Usage comes with the last chunk, asked for or not. https://docs.mistral.ai/api/#tag/chat */
export const mistral: OpenAiCompatiblePreset = {
  id: "mistral",
  displayName: "Mistral AI",
  baseUrl: "https://api.mistral.ai/v1",
  envKeys: ["MISTRAL_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    cachedField: "mistral",
    streamOptions: false,
    unsupportedParameters: [
      "seed",
      "logprobs",
      "top_logprobs",
      "logit_bias",
      "user",
      ...openAiOnlyParameters,
      ...openWeightParameters,
    ],
    reasoningEfforts: ["high"],
    reasoningOffWord: "none",
  },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {},
};
