import type { AdapterFactories } from "@pointsman/gateway";
import { createGoogleAdapter } from "@pointsman/provider-google";
import { createOpenAiCompatibleAdapter } from "@pointsman/provider-openai-compatible";

/** The kinds of provider this version speaks to. */
export const adapterFactories: AdapterFactories = {
  openai: (options) =>
    createOpenAiCompatibleAdapter({ ...options, preset: options.preset ?? "openai" }),
  google: createGoogleAdapter,
  "openai-compatible": createOpenAiCompatibleAdapter,
};
