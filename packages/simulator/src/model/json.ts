/** Any JSON value, as parsed. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Whether a value is a JSON object (no array, not null). */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value is a JSON array; `Array.isArray` alone does not narrow a readonly array. */
export const isJsonArray = (value: Json | undefined): value is readonly Json[] =>
  Array.isArray(value);

/** A value as text: strings as they are, the rest as JSON. */
export const textOf = (value: Json | undefined): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");

/** Deep equality as JSON Schema defines it: object keys in any order. */
export const jsonEqual = (a: Json, b: Json): boolean => {
  if (a === b) return true;
  if (isJsonArray(a)) {
    return (
      isJsonArray(b) &&
      a.length === b.length &&
      a.every((item, index) => jsonEqual(item, b[index] ?? null))
    );
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && jsonEqual(a[key] ?? null, b[key] ?? null))
  );
};
