import { AdapterOptionsError } from "@pointsman/provider";
import type { OpenAiCompatiblePreset } from "./preset.ts";
import { generic } from "./presets/generic.ts";
import { presets } from "./presets/index.ts";

/**
 * The preset of a configured provider: the one named, else the one of the provider's own name, else
 * the generic one.
 *
 * @throws AdapterOptionsError if a named preset does not exist.
 */
export const findPreset = (provider: string, name: string | null): OpenAiCompatiblePreset => {
  if (name === null) return presets.get(provider) ?? generic;
  const preset = presets.get(name);
  if (preset !== undefined) return preset;
  const known = [...presets.keys()].join(", ");
  throw new AdapterOptionsError(
    provider,
    `no preset is called ${JSON.stringify(name)}; there are: ${known}`,
  );
};
