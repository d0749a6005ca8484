import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** https://docs.siliconflow.com/en/api-reference/chat-completions/chat-completions */
export const siliconflow: OpenAiCompatiblePreset = {
  id: "siliconflow",
  displayName: "SiliconFlow",
  baseUrl: "https://api.siliconflow.com/v1",
  envKeys: ["SILICONFLOW_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    thinkingSwitch: "enable_thinking",
    reasoningHistoryField: "reasoning_content",
  },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {},
};
