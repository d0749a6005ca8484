/** A JSON object of unknown content. */
export type JsonRecord = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const asRecord = (value: unknown): JsonRecord | null => (isRecord(value) ? value : null);

export const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const asString = (value: unknown): string | null =>
  typeof value === "string" ? value : null;

/** A string that says something, else `null`. */
export const asFilledString = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;

/** A finite number, else `null`. */
export const asNumber = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

/** A count: whole and >= 0; anything else is 0. */
export const asCount = (value: unknown): number => {
  const number = asNumber(value);
  return number === null || number <= 0 ? 0 : Math.trunc(number);
};
