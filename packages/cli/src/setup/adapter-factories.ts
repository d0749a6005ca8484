import type { AdapterFactories } from "@pointsman/gateway";
import { createAnthropicAdapter } from "@pointsman/provider-anthropic";
import { createGoogleAdapter } from "@pointsman/provider-google";
import { createOpenAiAdapterFactory } from "@pointsman/provider-openai";
import { createOpenAiCompatibleAdapter } from "@pointsman/provider-openai-compatible";

/** The kinds of provider this version speaks to. */
export const adapterFactories: AdapterFactories = {
  openai: createOpenAiAdapterFactory((options) =>
    createOpenAiCompatibleAdapter({ ...options, preset: options.preset ?? "openai" }),
  ),
  anthropic: createAnthropicAdapter,
  google: createGoogleAdapter,
  "openai-compatible": createOpenAiCompatibleAdapter,
};
