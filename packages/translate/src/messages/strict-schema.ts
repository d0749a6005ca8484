import { isRecord } from "../json/read.ts";

const mapsOfSchemas = ["properties", "$defs", "definitions"];
const listsOfSchemas = ["anyOf", "allOf", "oneOf"];

const schemaMap = (value: unknown): unknown =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, schema]) => [key, closeObjects(schema)]))
    : value;

/**
 * The schema with `additionalProperties: false` in every object: the wire refuses the schema of an answer
 * without (https://platform.claude.com/docs/en/build-with-claude/structured-outputs).
 */
export const closeObjects = (schema: unknown): unknown => {
  if (!isRecord(schema)) return schema;
  const closed: Record<string, unknown> = { ...schema };
  for (const key of mapsOfSchemas) if (key in closed) closed[key] = schemaMap(closed[key]);
  for (const key of listsOfSchemas) {
    const list = closed[key];
    if (Array.isArray(list)) closed[key] = list.map((entry) => closeObjects(entry));
  }
  if (isRecord(closed["items"])) closed["items"] = closeObjects(closed["items"]);
  const { type } = closed;
  const isObject = type === "object" || (Array.isArray(type) && type.includes("object"));
  if (isObject) closed["additionalProperties"] = false;
  return closed;
};
