import { isJsonArray, isJsonObject, jsonEqual, textOf } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { asSchema, resolveReference } from "./resolve-reference.ts";
import type { Schema } from "./resolve-reference.ts";

/** Steps down into value and references; more is a cycle. */
const maximumDepth = 256;
/** Schemas held against parts of a value, all together; branching cycles end here. */
const maximumChecks = 100_000;

/** What is left of a bound that a whole recursion shares. */
export type Budget = { left: number };

/** A pattern as JSON Schema means it: Unicode where it compiles so, else as it is, else none. */
export const compilePattern = (pattern: string): RegExp | null => {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags);
    } catch {
      continue;
    }
  }
  return null;
};

/** Whether a value is of a JSON Schema type; whole floats are integers. */
export const hasType = (value: Json, type: Json): boolean => {
  switch (textOf(type)) {
    case "null":
      return value === null;
    case "integer":
      return Number.isInteger(value);
    case "array":
      return isJsonArray(value);
    case "object":
      return isJsonObject(value);
    default:
      return typeof value === textOf(type);
  }
};

const numberFails = (value: number, schema: JsonObject): boolean => {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  return (
    (typeof minimum === "number" && value < minimum) ||
    (typeof maximum === "number" && value > maximum) ||
    (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum) ||
    (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum) ||
    (typeof multipleOf === "number" && !Number.isInteger(value / multipleOf))
  );
};

const stringFails = (value: string, schema: JsonObject): boolean => {
  const { minLength, maxLength, pattern } = schema;
  const length = Array.from(value).length;
  return (
    (typeof minLength === "number" && length < minLength) ||
    (typeof maxLength === "number" && length > maxLength) ||
    (typeof pattern === "string" && compilePattern(pattern)?.test(value) === false)
  );
};

/**
 * Whether a value fits a schema, for everything the instance maker fills in by hand. `format` and
 * the `unevaluated…` keywords are not checked.
 */
export const fits = (
  root: Schema,
  schema: Schema,
  value: Json,
  depth = 0,
  budget: Budget = { left: maximumChecks },
): boolean => {
  if (typeof schema === "boolean") return schema;
  budget.left -= 1;
  if (depth > maximumDepth || budget.left < 0) return false;
  const holds = (sub: Json | undefined, item: Json): boolean =>
    fits(root, asSchema(sub), item, depth + 1, budget);
  const each = (key: string): readonly Json[] => {
    const list = schema[key];
    return isJsonArray(list) ? list : [];
  };

  const reference = schema["$ref"];
  if (typeof reference === "string" && !holds(resolveReference(root, reference), value)) {
    return false;
  }
  const type = schema["type"];
  if (typeof type === "string" && !hasType(value, type)) return false;
  if (isJsonArray(type) && !type.some((one) => hasType(value, one))) return false;
  if (schema["const"] !== undefined && !jsonEqual(schema["const"], value)) return false;
  if (isJsonArray(schema["enum"]) && !each("enum").some((one) => jsonEqual(one, value))) {
    return false;
  }
  if (!each("allOf").every((sub) => holds(sub, value))) return false;
  if (isJsonArray(schema["anyOf"]) && !each("anyOf").some((sub) => holds(sub, value))) return false;
  if (
    isJsonArray(schema["oneOf"]) &&
    each("oneOf").filter((sub) => holds(sub, value)).length !== 1
  ) {
    return false;
  }
  if (schema["not"] !== undefined && holds(schema["not"], value)) return false;
  if (schema["if"] !== undefined) {
    const branch = holds(schema["if"], value) ? schema["then"] : schema["else"];
    if (branch !== undefined && !holds(branch, value)) return false;
  }
  if (typeof value === "number") return !numberFails(value, schema);
  if (typeof value === "string") return !stringFails(value, schema);
  if (isJsonArray(value)) return arrayFits(schema, value, holds);
  if (isJsonObject(value)) return objectFits(schema, value, holds);
  return true;
};

type Holds = (sub: Json | undefined, item: Json) => boolean;

const arrayFits = (schema: JsonObject, value: readonly Json[], holds: Holds): boolean => {
  const { minItems, maxItems, uniqueItems, contains } = schema;
  if (typeof minItems === "number" && value.length < minItems) return false;
  if (typeof maxItems === "number" && value.length > maxItems) return false;
  if (
    uniqueItems === true &&
    value.some((item, at) => value.slice(0, at).some((earlier) => jsonEqual(earlier, item)))
  ) {
    return false;
  }
  if (contains !== undefined && !value.some((item) => holds(contains, item))) return false;
  const { prefix, rest } = itemSchemas(schema);
  return value.every((item, at) => holds(at < prefix.length ? prefix[at] : rest, item));
};

/** The schemas of an array's items: the tuple first, then the rest (both notations). */
export const itemSchemas = (
  schema: JsonObject,
): { readonly prefix: readonly Json[]; readonly rest: Json | undefined } => {
  if (isJsonArray(schema["items"])) {
    return { prefix: schema["items"], rest: schema["additionalItems"] };
  }
  const prefix = schema["prefixItems"];
  return { prefix: isJsonArray(prefix) ? prefix : [], rest: schema["items"] };
};

const objectFits = (schema: JsonObject, value: JsonObject, holds: Holds): boolean => {
  const keys = Object.keys(value);
  const { required, minProperties, maxProperties, propertyNames } = schema;
  if (typeof minProperties === "number" && keys.length < minProperties) return false;
  if (typeof maxProperties === "number" && keys.length > maxProperties) return false;
  if (isJsonArray(required) && !required.every((key) => Object.hasOwn(value, textOf(key)))) {
    return false;
  }
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const patterns = isJsonObject(schema["patternProperties"]) ? schema["patternProperties"] : {};
  return keys.every((key) => {
    const item = value[key] ?? null;
    const subs = Object.entries(patterns)
      .filter(([pattern]) => compilePattern(pattern)?.test(key) === true)
      .map(([, sub]) => sub);
    if (Object.hasOwn(properties, key)) subs.push(properties[key] ?? true);
    if (subs.length === 0) subs.push(schema["additionalProperties"] ?? true);
    if (propertyNames !== undefined && !holds(propertyNames, key)) return false;
    return subs.every((sub) => holds(sub, item));
  });
};
