export { createOpenAiCompatibleAdapter, createPresetAdapterFactory } from "./adapter.ts";
export { findPreset } from "./find-preset.ts";
export type { OpenAiCompatiblePreset } from "./preset.ts";
export { presets } from "./presets/index.ts";
export { bearer, compatibleDialect, openAiOnlyParameters } from "./presets/compatible-dialect.ts";
