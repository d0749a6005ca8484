import { expect, test } from "vitest";
import { findPreset } from "../find-preset.ts";
import { presets } from "./index.ts";

const all = [...presets.values()];

test.each(all)("$id is well formed", ({ id, baseUrl, envKeys, canonical }) => {
  expect(presets.get(id)?.id).toBe(id);
  expect(id).toMatch(/^[a-z_]+$/);
  if (baseUrl !== null) {
    expect(new URL(baseUrl).protocol).toBe("https:");
    expect(baseUrl.endsWith("/")).toBe(false);
    expect(envKeys.length).toBeGreaterThan(0);
  }
  expect(canonical).toBe(id === "openai" || id === "simulated");
});

test("a provider has the preset named, its own, or the generic one", () => {
  expect(findPreset("deepseek", null).id).toBe("deepseek");
  expect(findPreset("deepseek", "xai").id).toBe("xai");
  expect(findPreset("my-vllm", null).id).toBe("generic");
  expect(() => findPreset("deepseek", "dipseek")).toThrow(TypeError);
});
