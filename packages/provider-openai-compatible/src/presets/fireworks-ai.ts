import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** https://docs.fireworks.ai/api-reference/post-chatcompletions */
export const fireworksAi: OpenAiCompatiblePreset = {
  id: "fireworks_ai",
  displayName: "Fireworks AI",
  baseUrl: "https://api.fireworks.ai/inference/v1",
  envKeys: ["FIREWORKS_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    reasoningHistoryField: "reasoning_content",
    reasoningOffWord: "none",
  },
  tierField: null,
  imageUrls: true,
  // https://docs.fireworks.ai/guides/prompt-caching: one user, one replica, one cache.
  conversation: { kind: "user" },
  vendorCodes: {},
};
