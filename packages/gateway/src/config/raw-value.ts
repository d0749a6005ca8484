/** Looks into values of unknown shape: what is not there, or not a map or list, is empty. */
export const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The value of a key, of an own property only; `null` counts as absent. */
export const fieldOf = (value: unknown, key: string): unknown =>
  entriesOf(value).find(([name]) => name === key)?.[1] ?? undefined;

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;
