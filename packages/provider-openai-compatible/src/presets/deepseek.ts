import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** https://api-docs.deepseek.com/api/create-chat-completion */
export const deepseek: OpenAiCompatiblePreset = {
  id: "deepseek",
  displayName: "DeepSeek",
  baseUrl: "https://api.deepseek.com",
  envKeys: ["DEEPSEEK_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    cachedField: "deepseek",
    reasoningHistoryField: "reasoning_content",
  },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {},
};
