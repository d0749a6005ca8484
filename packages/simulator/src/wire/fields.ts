import { isJsonArray, isJsonObject, textOf } from "../model/json.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { badParameter } from "./refusal.ts";

const kindOf = (value: Json): string => {
  if (value === null) return "null";
  if (isJsonArray(value)) return "an array";
  return isJsonObject(value) ? "an object" : `a ${typeof value}`;
};

/** A wrong type, worded as OpenAI does. */
export const wrongType = (param: string, expected: string, value: Json | undefined): Error =>
  value === undefined
    ? badParameter(param, `Missing required parameter: '${param}'.`, "missing_required_parameter")
    : badParameter(
        param,
        `Invalid type for '${param}': expected ${expected}, but got ${kindOf(value)} instead.`,
        "invalid_type",
      );

/** Absent and `null` are the same for optional fields. */
const isAbsent = (value: Json | undefined): value is null | undefined =>
  value === undefined || value === null;

export type NumberRange = {
  readonly minimum: number;
  readonly maximum?: number;
  readonly whole?: boolean;
};

/** @throws Refusal if the value is no number in its range */
export const optionalNumber = (
  body: JsonObject,
  key: string,
  range: NumberRange,
): number | null => {
  const value = body[key];
  if (isAbsent(value)) return null;
  const { minimum, maximum = Infinity, whole = false } = range;
  if (typeof value !== "number" || (whole && !Number.isInteger(value))) {
    throw wrongType(key, whole ? "an integer" : "a decimal", value);
  }
  if (value < minimum || value > maximum) {
    const bound = value < minimum ? `>= ${minimum}` : `<= ${maximum}`;
    throw badParameter(
      key,
      `Invalid '${key}': ${value} is out of range. Expected a value ${bound}.`,
      value < minimum ? "integer_below_min_value" : "integer_above_max_value",
    );
  }
  return value;
};

/** @throws Refusal if the value is no boolean */
export const optionalBoolean = (body: JsonObject, key: string): boolean | null => {
  const value = body[key];
  if (isAbsent(value)) return null;
  if (typeof value !== "boolean") throw wrongType(key, "a boolean", value);
  return value;
};

/** @throws Refusal if the value is no string */
export const optionalString = (body: JsonObject, key: string): string | null => {
  const value = body[key];
  if (isAbsent(value)) return null;
  if (typeof value !== "string") throw wrongType(key, "a string", value);
  return value;
};

/** @throws Refusal if the value is no object */
export const optionalObject = (body: JsonObject, key: string): JsonObject | null => {
  const value = body[key];
  if (isAbsent(value)) return null;
  if (!isJsonObject(value)) throw wrongType(key, "an object", value);
  return value;
};

/** @throws Refusal if the value is no array */
export const optionalArray = (body: JsonObject, key: string): readonly Json[] | null => {
  const value = body[key];
  if (isAbsent(value)) return null;
  if (!isJsonArray(value)) throw wrongType(key, "an array", value);
  return value;
};

/** @throws what `refusal` makes of the first member that is not known */
export const refuseUnknown = (
  body: JsonObject,
  known: ReadonlySet<string>,
  refusal: (key: string) => Error,
): void => {
  const key = Object.keys(body).find((name) => !known.has(name));
  if (key !== undefined) throw refusal(key);
};

/** @throws Refusal if an entry of OpenAI's `tools` is no function */
export const functionTool = (tool: Json, path: string): JsonObject => {
  if (!isJsonObject(tool)) throw wrongType(path, "an object", tool);
  if (tool["type"] === "function") return tool;
  throw badParameter(
    `${path}.type`,
    `Invalid value: '${textOf(tool["type"])}'. Supported values are: 'function'.`,
    "invalid_value",
  );
};

/** @throws Refusal if a function's name is none that OpenAI takes */
export const functionName = (name: Json | undefined, path: string): string => {
  if (typeof name !== "string") throw wrongType(path, "a string", name);
  if (/^[a-zA-Z0-9_-]{1,64}$/u.test(name)) return name;
  throw badParameter(
    path,
    `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    "invalid_value",
  );
};
