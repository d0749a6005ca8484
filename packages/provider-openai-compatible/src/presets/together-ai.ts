import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** https://docs.together.ai/reference/chat-completions-1 */
export const togetherAi: OpenAiCompatiblePreset = {
  id: "together_ai",
  displayName: "Together AI",
  baseUrl: "https://api.together.xyz/v1",
  envKeys: ["TOGETHER_API_KEY", "TOGETHER_AI_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: { ...compatibleDialect, reasoningHistoryField: "reasoning" },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {},
};
