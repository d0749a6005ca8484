export { createOpenAiCompatibleAdapter } from "./adapter.ts";
export { findPreset } from "./find-preset.ts";
export type { OpenAiCompatiblePreset } from "./preset.ts";
export { presets } from "./presets/index.ts";
