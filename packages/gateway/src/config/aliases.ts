/**
 * Where an alias leads at last, through other aliases; `null` = it never arrives, since it comes
 * back to itself or to a loop.
 */
export const aliasTarget = (
  aliases: Readonly<Record<string, unknown>>,
  name: string,
): string | null => {
  const seen = new Set([name]);
  let target = name;
  while (Object.hasOwn(aliases, target)) {
    const next = aliases[target];
    if (typeof next !== "string" || seen.has(next)) return null;
    seen.add(next);
    target = next;
  }
  return target;
};

/** Every alias with its last target; those that never arrive are left out. */
export const resolveAliases = (
  aliases: Readonly<Record<string, string>>,
): Record<string, string> => {
  const resolved: Record<string, string> = {};
  for (const name of Object.keys(aliases)) {
    const target = aliasTarget(aliases, name);
    if (target !== null) resolved[name] = target;
  }
  return resolved;
};
