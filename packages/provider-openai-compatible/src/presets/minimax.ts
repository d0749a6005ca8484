import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** Errors come as `base_resp`, also under 200. https://platform.minimax.io/docs/api-reference/text-openai-api, codes: https://platform.minimax.io/docs/api-reference/errorcode */
export const minimax: OpenAiCompatiblePreset = {
  id: "minimax",
  displayName: "MiniMax",
  baseUrl: "https://api.minimax.io/v1",
  envKeys: ["MINIMAX_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    // Its models always think, as long as they like.
    reasoningEfforts: [],
    maxTokensField: "max_completion_tokens",
    unsupportedParameters: ["presence_penalty", "frequency_penalty", "logit_bias"],
    reasoningHistoryField: "reasoning_content",
  },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {
    "1000": "server_error",
    "1001": "server_error",
    "1002": "rate_limited",
    "1004": "auth_error",
    "1008": "auth_error",
    "1024": "server_error",
    "1026": "content_filtered",
    "1027": "content_filtered",
    "1033": "server_error",
    "1039": "rate_limited",
    "1041": "rate_limited",
    "2013": "bad_request",
    "2049": "auth_error",
    "2056": "rate_limited",
  },
};
