import { isJsonArray, isJsonObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";

/** A JSON Schema, draft 7 to 2020-12. */
export type Schema = boolean | JsonObject;

/** Reads a value as a schema; anything that is none accepts everything. */
export const asSchema = (value: Json | undefined): Schema =>
  typeof value === "boolean" || isJsonObject(value) ? value : true;

const anchored = (value: Json | undefined, name: string): JsonObject | undefined => {
  if (isJsonArray(value)) {
    for (const item of value) {
      const found = anchored(item, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  if (value["$anchor"] === name || value["$id"] === `#${name}`) return value;
  return anchored(Object.values(value), name);
};

/**
 * The schema behind a `$ref` into the same document: `#`, a JSON pointer or an anchor. Other
 * documents are not fetched: such a reference accepts everything.
 */
export const resolveReference = (root: Schema, reference: string): Schema => {
  if (reference === "#") return root;
  if (!reference.startsWith("#")) return true;
  if (!reference.startsWith("#/")) return asSchema(anchored(asJson(root), reference.slice(1)));
  let at: Json | undefined = asJson(root);
  for (const part of reference.slice(2).split("/")) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (isJsonArray(at)) at = at[Number(key)];
    else if (isJsonObject(at)) at = Object.hasOwn(at, key) ? at[key] : undefined;
    else return true;
  }
  return asSchema(at);
};

const asJson = (schema: Schema): Json => schema;
