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
    const alias = aliases.get(name);
    if (alias !== undefined)
      return served.has(alias) ? alias : (catalog.resolve(alias)?.id ?? null);
    const known = catalog.resolve(name);
    return known !== null && served.has(known.id) ? known.id : null;
  };
  return {
    resolve,
    suggest: (name) => {
      const nearest = catalog.suggest(name, 20).filter((id) => served.has(id));
      const needle = name.toLowerCase();
      const containing = [...served].filter(
        (id) => id.toLowerCase().includes(needle) || needle.includes(id.toLowerCase()),
      );
      return [...new Set([...containing, ...nearest])].slice(0, 3);
    },
    isProvider: (id) => providers.has(id),
  };
};
