import { bearer, compatibleDialect } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** Any other server of the wire (vLLM, SGLang, llama.cpp, LM Studio …). Decodes what every known vendor sends, passes nothing through. */
export const generic: OpenAiCompatiblePreset = {
  id: "generic",
  displayName: "OpenAI-compatible server",
  baseUrl: null,
  envKeys: [],
  auth: bearer,
  canonical: false,
  dialect: { ...compatibleDialect, cachedField: "moonshot" },
  tierField: null,
  imageUrls: true,
  conversation: null,
  vendorCodes: {},
};
