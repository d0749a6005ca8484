/** Letters that must change to turn one name into the other, at most `limit` + 1. */
const editDistance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column += 1) {
      const above = previous[column] ?? 0;
      const left = current[column - 1] ?? 0;
      const diagonal = previous[column - 1] ?? 0;
      const cost = Math.min(above + 1, left + 1, diagonal + (a[row - 1] === b[column - 1] ? 0 : 1));
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    previous = current;
  }
  return previous[b.length] ?? 0;
};

const sharedPrefix = (a: string, b: string): number => {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
};

/**
 * The names most like a given one: fewest edits first, of equals the one with the longer shared
 * beginning. Names that begin with the given one count as close; wholly different ones are left out.
 */
export const suggestIds = (
  ids: Iterable<string>,
  name: string,
  count: number,
): readonly string[] => {
  const bare = (name.split("/").at(-1) ?? name).toLowerCase().slice(0, 100);
  if (bare === "") return [];
  const limit = Math.max(2, Math.floor(bare.length * 0.4));
  const scored: { id: string; distance: number; prefix: number }[] = [];
  for (const id of ids) {
    const prefix = sharedPrefix(id, bare);
    const distance = prefix === bare.length ? 1 : editDistance(bare, id, limit);
    if (distance <= limit) scored.push({ id, distance, prefix });
  }
  return scored
    .sort(
      (a, b) =>
        a.distance - b.distance ||
        b.prefix - a.prefix ||
        a.id.length - b.id.length ||
        (a.id < b.id ? -1 : 1),
    )
    .slice(0, Math.max(0, count))
    .map(({ id }) => id);
};
