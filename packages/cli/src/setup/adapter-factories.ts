import type { AdapterFactories } from "@pointsman/gateway";
import { createOpenAiCompatibleAdapter } from "@pointsman/provider-openai-compatible";

/** The kinds of provider this version speaks to. */
export const adapterFactories: AdapterFactories = {
  openai: (options) =>
    createOpenAiCompatibleAdapter({ ...options, preset: options.preset ?? "openai" }),
  "openai-compatible": createOpenAiCompatibleAdapter,
};
