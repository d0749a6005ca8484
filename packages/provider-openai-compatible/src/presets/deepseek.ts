import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** https://api-docs.deepseek.com/api/create-chat-completion and /guides/thinking_mode */
export const deepseek: OpenAiCompatiblePreset = {
  id: "deepseek",
  displayName: "DeepSeek",
  baseUrl: "https://api.deepseek.com",
  envKeys: ["DEEPSEEK_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    thinkingSwitch: "thinking_type",
    reasoningEfforts: ["low", "high", "max"],
    cachedField: "deepseek",
    reasoningHistoryField: "reasoning_content",
  },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {},
};
