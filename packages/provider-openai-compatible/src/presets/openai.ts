import { canonicalChatDialect } from "@pointsman/translate";
import { retainingModels } from "@pointsman/provider";
import { bearer } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** The wire itself. Every chat model takes `max_completion_tokens`; the reasoning ones refuse `max_tokens`. https://platform.openai.com/docs/api-reference/chat */
export const openai: OpenAiCompatiblePreset = {
  id: "openai",
  displayName: "OpenAI",
  baseUrl: "https://api.openai.com/v1",
  envKeys: ["OPENAI_API_KEY"],
  auth: bearer,
  canonical: true,
  dialect: canonicalChatDialect,
  tierField: "service_tier",
  imageUrls: true,
  conversation: { kind: "prompt_cache_key", retains: retainingModels },
  vendorCodes: {},
};
