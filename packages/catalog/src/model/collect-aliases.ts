import type { ModelMap } from "../source/model-map.ts";
import type { SourceRow } from "./source-row.ts";

/**
 * Alias -> canonical id. Hand-made aliases first; then every provider's own id and its lower-case
 * form, as long as all that bear it are one model and no canonical id has the same name.
 */
export const collectAliases = (
  models: ReadonlyMap<string, readonly SourceRow[]>,
  modelMap: ModelMap,
): ReadonlyMap<string, string> => {
  const aliases = new Map<string, string>();
  for (const [name, { aliases: names }] of Object.entries(modelMap)) {
    for (const alias of names ?? []) aliases.set(alias, name);
  }
  const owners = new Map<string, Set<string>>();
  for (const [name, rows] of models) {
    for (const { id } of rows) {
      for (const alias of new Set([id, id.toLowerCase()])) {
        const of = owners.get(alias) ?? new Set();
        of.add(name);
        owners.set(alias, of);
      }
    }
  }
  for (const [alias, names] of owners) {
    const [only, ...others] = names;
    if (only === undefined || others.length > 0) continue;
    if (!models.has(alias) && !aliases.has(alias)) aliases.set(alias, only);
  }
  return aliases;
};
