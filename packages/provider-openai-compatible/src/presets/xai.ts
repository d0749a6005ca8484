import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** `completion_tokens` leaves reasoning out. https://docs.x.ai/docs/api-reference#chat-completions */
export const xai: OpenAiCompatiblePreset = {
  id: "xai",
  displayName: "xAI",
  baseUrl: "https://api.x.ai/v1",
  envKeys: ["XAI_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    maxTokensField: "max_completion_tokens",
    reasoningInOutput: false,
    reasoningOffWord: "none",
  },
  families: [
    // https://docs.x.ai/docs/guides/reasoning
    { pattern: /^grok-3-mini/, dialect: { reasoningEfforts: ["low", "high"] } },
    { pattern: /^grok-4(?:-0709)?$/, dialect: { reasoningEfforts: [] } },
  ],
  tierField: null,
  imageUrls: true,
  // https://docs.x.ai/docs/guides/prompt-caching
  conversation: { kind: "header", name: "x-grok-conv-id" },
  vendorCodes: {},
};
