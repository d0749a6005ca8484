/** Models and workspaces come and go: beyond this many entries the oldest is forgotten. */
const MOST_ENTRIES = 20_000;

/** The entry of a key, made if need be. */
export const entryOf = <Value>(
  map: Map<string, Value>,
  key: string,
  create: () => Value,
): Value => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const oldest = map.size >= MOST_ENTRIES ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  const made = create();
  map.set(key, made);
  return made;
};
