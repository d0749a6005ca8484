import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** https://deepinfra.com/docs/advanced/openai_api */
export const deepinfra: OpenAiCompatiblePreset = {
  id: "deepinfra",
  displayName: "DeepInfra",
  baseUrl: "https://api.deepinfra.com/v1/openai",
  envKeys: ["DEEPINFRA_API_KEY", "DEEPINFRA_TOKEN"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    reasoningHistoryField: "reasoning_content",
    reasoningOffWord: "none",
  },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {},
};
