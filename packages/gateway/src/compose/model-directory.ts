import { suggestIds } from "@pointsman/catalog";
import type { Catalog } from "@pointsman/catalog";
import type { Offering } from "@pointsman/core";
import type { ModelDirectory } from "@pointsman/engine";
import type { Config } from "../config/config.ts";

/** Directory of what this gateway serves: its own models first, their aliases from both sides. */
export const createModelDirectory = (
  config: Config,
  catalog: Catalog,
  offerings: readonly Offering[],
): ModelDirectory => {
  const served = new Set(offerings.map(({ model }) => model));
  const providers = new Set([...Object.keys(config.providers), ...catalog.providers.keys()]);
  const aliases = new Map(Object.entries(config.aliases));
  const resolve = (name: string): string | null => {
    if (served.has(name)) return name;
    const known = catalog.resolve(aliases.get(name) ?? name)?.id ?? aliases.get(name);
    return known !== undefined && served.has(known) ? known : null;
  };
  return {
    resolve,
    suggest: (name) => suggestIds(served, name, 3),
    isProvider: (id) => providers.has(id),
  };
};
