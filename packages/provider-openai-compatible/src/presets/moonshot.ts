import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** https://platform.moonshot.ai/docs/api/chat */
export const moonshot: OpenAiCompatiblePreset = {
  id: "moonshot",
  displayName: "Moonshot AI",
  baseUrl: "https://api.moonshot.ai/v1",
  envKeys: ["MOONSHOT_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    thinkingSwitch: "thinking_type",
    cachedField: "moonshot",
    reasoningHistoryField: "reasoning_content",
  },
  tierField: null,
  // https://platform.moonshot.ai/docs/guide/use-kimi-vision-model: base64 or files of its own.
  imageUrls: false,
  conversation: null,
  vendorCodes: {},
};
