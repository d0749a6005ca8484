import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** Usage comes with the last chunk, asked for or not. Codes: https://docs.z.ai/api-reference/api-code */
export const zAi: OpenAiCompatiblePreset = {
  id: "z_ai",
  displayName: "Z.AI",
  baseUrl: "https://api.z.ai/api/paas/v4",
  envKeys: ["ZAI_API_KEY", "ZHIPU_API_KEY"],
  auth: bearer,
  canonical: false,
  dialect: {
    ...compatibleDialect,
    streamOptions: false,
    reasoningHistoryField: "reasoning_content",
  },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {
    "1000": "auth_error",
    "1001": "auth_error",
    "1002": "auth_error",
    "1003": "auth_error",
    "1004": "auth_error",
    "1110": "auth_error",
    "1111": "auth_error",
    "1112": "auth_error",
    // an empty account comes as 429
    "1113": "auth_error",
    "1121": "auth_error",
    "1211": "model_unavailable",
    "1220": "auth_error",
    "1221": "model_unavailable",
    "1222": "model_unavailable",
    "1261": "context_length",
    "1301": "content_filtered",
    "1302": "rate_limited",
    "1303": "rate_limited",
    "1304": "rate_limited",
    "1305": "rate_limited",
    "1308": "rate_limited",
    "1309": "auth_error",
    "1310": "rate_limited",
    "1311": "model_unavailable",
    "1312": "overloaded",
    "1313": "rate_limited",
  },
};
