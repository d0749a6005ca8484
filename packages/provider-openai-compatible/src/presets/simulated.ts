import { canonicalChatDialect } from "@pointsman/translate";
import { bearer } from "./compatible-dialect.ts";
import type { OpenAiCompatiblePreset } from "../preset.ts";

/** A provider of @pointsman/simulator, or any other server that speaks exactly the wire of OpenAI. */
export const simulated: OpenAiCompatiblePreset = {
  id: "simulated",
  displayName: "Simulated provider",
  baseUrl: null,
  envKeys: [],
  auth: bearer,
  canonical: true,
  dialect: canonicalChatDialect,
  tierField: "service_tier",
  imageUrls: true,
  conversation: { kind: "prompt_cache_key", retains: null },
  vendorCodes: {},
};
