import { isJsonArray, isJsonObject, jsonEqual } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { hasType } from "./check-instance.ts";
import type { Budget } from "./check-instance.ts";
import { Unsatisfiable } from "./unsatisfiable.ts";
import { asSchema, resolveReference } from "./resolve-reference.ts";
import type { Schema } from "./resolve-reference.ts";

/** Schemas put together into one; more is a circle of references. */
const maximumParts = 200;

const types = (value: Json | undefined): readonly Json[] =>
  isJsonArray(value) ? value : value === undefined ? [] : [value];

const mergeTypes = (a: Json, b: Json): Json => {
  const kept = new Set<Json>();
  for (const one of types(a)) {
    for (const other of types(b)) {
      if (one === other) kept.add(one);
      else if ([one, other].includes("integer") && [one, other].includes("number")) {
        kept.add("integer");
      }
    }
  }
  if (kept.size === 0) throw new Unsatisfiable("types exclude each other");
  return [...kept];
};

const both = (a: Json, b: Json): Json => (jsonEqual(a, b) ? a : { allOf: [a, b] });

const mergeMaps = (a: Json, b: Json): Json => {
  if (!isJsonObject(a) || !isJsonObject(b)) return a;
  const merged = new Map(Object.entries(a));
  for (const [key, sub] of Object.entries(b)) {
    const earlier = merged.get(key);
    merged.set(key, earlier === undefined ? sub : both(earlier, sub));
  }
  return Object.fromEntries(merged);
};

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

const numeric =
  (merge: (a: number, b: number) => number) =>
  (a: Json, b: Json): Json =>
    typeof a === "number" && typeof b === "number" ? merge(a, b) : a;

const leastCommonMultiple = (a: number, b: number): number =>
  Number.isInteger(a) && Number.isInteger(b)
    ? (a * b) / greatestCommonDivisor(a, b)
    : Math.max(a, b);

const highest = numeric(Math.max);
const lowest = numeric(Math.min);

/** How a keyword that stands in both of two schemas holds for both at once. */
const mergers: Readonly<Record<string, (a: Json, b: Json) => Json>> = {
  type: mergeTypes,
  enum: (a, b) => {
    const kept = types(a).filter((one) => types(b).some((other) => jsonEqual(one, other)));
    if (kept.length === 0) throw new Unsatisfiable("enums exclude each other");
    return kept;
  },
  properties: mergeMaps,
  patternProperties: mergeMaps,
  $defs: (a) => a,
  required: (a, b) => [...new Set([...types(a), ...types(b)])],
  items: both,
  additionalProperties: both,
  contains: both,
  not: (a, b) => ({ anyOf: [a, b] }),
  anyOfGroups: (a, b) => [...types(a), ...types(b)],
  oneOfGroups: (a, b) => [...types(a), ...types(b)],
  minimum: highest,
  exclusiveMinimum: highest,
  minLength: highest,
  minItems: highest,
  minProperties: highest,
  maximum: lowest,
  exclusiveMaximum: lowest,
  maxLength: lowest,
  maxItems: lowest,
  maxProperties: lowest,
  multipleOf: numeric(leastCommonMultiple),
  uniqueItems: (a, b) => a === true || b === true,
  prefixItems: (a, b) => {
    const [longer, shorter] =
      types(a).length >= types(b).length ? [types(a), types(b)] : [types(b), types(a)];
    return longer.map((sub, at) => {
      const other = shorter[at];
      return other === undefined ? sub : both(sub, other);
    });
  },
};

const mergeKeyword = (key: string, a: Json, b: Json): Json =>
  Object.hasOwn(mergers, key) ? (mergers[key]?.(a, b) ?? a) : a;

/** Both schemas as one; keywords without a rule of their own keep the first. */
export const mergeFlat = (a: JsonObject, b: JsonObject): JsonObject => {
  const merged = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const earlier = merged.get(key);
    merged.set(key, earlier === undefined ? value : mergeKeyword(key, earlier, value));
  }
  return Object.fromEntries(merged);
};

/**
 * A schema without `$ref`, `allOf` and `const`; `anyOf` and `oneOf` become lists of groups
 * (`anyOfGroups`, `oneOfGroups`), since several may have come together.
 *
 * @throws Unsatisfiable for `false`, cycles of references and parts that exclude each other
 */
export const flattenSchema = (
  root: Schema,
  schema: Schema,
  budget: Budget = { left: maximumParts },
): JsonObject => {
  if (schema === true) return {};
  if (schema === false) throw new Unsatisfiable("the schema is false");
  budget.left -= 1;
  if (budget.left < 0) throw new Unsatisfiable("references go in a circle");
  const { $ref: reference, allOf, const: constant, anyOf, oneOf, ...own } = schema;
  let flat: JsonObject = own;
  if (constant !== undefined) flat = mergeFlat(flat, { enum: [constant] });
  if (isJsonArray(anyOf)) flat = mergeFlat(flat, { anyOfGroups: [anyOf] });
  if (isJsonArray(oneOf)) flat = mergeFlat(flat, { oneOfGroups: [oneOf] });
  if (typeof reference === "string") {
    const target = resolveReference(root, reference);
    flat = mergeFlat(flat, flattenSchema(root, target, budget));
  }
  for (const sub of isJsonArray(allOf) ? allOf : []) {
    flat = mergeFlat(flat, flattenSchema(root, asSchema(sub), budget));
  }
  const allowed = types(flat["type"]);
  if (isJsonArray(flat["enum"]) && allowed.length > 0) {
    const kept = flat["enum"].filter((value) => allowed.some((type) => hasType(value, type)));
    if (kept.length === 0) throw new Unsatisfiable("no enum value has the type");
    return { ...flat, enum: kept };
  }
  return flat;
};
