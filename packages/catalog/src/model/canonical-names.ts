import type { ModelMap } from "../source/model-map.ts";
import type { SourceRow } from "./source-row.ts";

/** The id without vendor prefix, lower-case: `Qwen/Qwen3-14B` -> `qwen3-14b`. */
export const bareIdOf = (id: string): string => (id.split("/").at(-1) ?? id).toLowerCase();

/** `provider id` is no name of either. */
const keyOf = (provider: string, id: string): string => `${provider} ${id}`;

/**
 * Which canonical model each row is. `models.yaml` decides; a row it does not name is a model of
 * its own: `bareIdOf` its id, or `provider/bare-id` where that name is another model's already.
 */
export const nameRows = (
  rows: readonly SourceRow[],
  modelMap: ModelMap,
): ReadonlyMap<string, readonly SourceRow[]> => {
  const mapped = new Map<string, string>();
  const taken = new Set<string>();
  for (const [name, { aliases, offerings }] of Object.entries(modelMap)) {
    taken.add(name);
    for (const alias of aliases ?? []) taken.add(alias);
    for (const { provider, id } of offerings) mapped.set(keyOf(provider, id), name);
  }
  const order = new Map([...mapped.keys()].map((key, index) => [key, index]));
  const models = new Map<string, SourceRow[]>();
  for (const row of rows) {
    const fixed = mapped.get(keyOf(row.provider.id, row.id));
    if (fixed !== undefined) {
      const group = models.get(fixed) ?? [];
      group.push(row);
      models.set(fixed, group);
      continue;
    }
    const bare = bareIdOf(row.id);
    const names = [bare, `${row.provider.id}/${bare}`];
    // The last resort is unique: a provider has each id once, and no canonical name has its case.
    const name = names.find((candidate) => !taken.has(candidate)) ?? `${row.provider.id}/${row.id}`;
    taken.add(name);
    models.set(name, [row]);
  }
  const rank = (row: SourceRow): number => order.get(keyOf(row.provider.id, row.id)) ?? 0;
  for (const group of models.values()) group.sort((a, b) => rank(a) - rank(b));
  return models;
};
