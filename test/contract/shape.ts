import { expect } from "vitest";
import type { Json } from "../manage/client.ts";

/** What a field holds: a JSON type, or one of some words; `?` = or `null`. */
type Kind = string | readonly string[] | Shape;
export type Shape = { readonly [field: string]: Kind };

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u;
const holds = (value: unknown, kind: string): boolean => {
  if (kind.endsWith("?")) return value === null || holds(value, kind.slice(0, -1));
  switch (kind) {
    case "int":
      return Number.isInteger(value);
    case "time":
      return typeof value === "string" && iso.test(value);
    case "strings":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "booleans":
      return Object.values(value as Json).every((one) => typeof one === "boolean");
    case "list":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === kind;
  }
};

/** Every field of the shape, and none besides. */
export const expectShape = (value: unknown, shape: Shape, at = ""): void => {
  const json = value as Json;
  expect(Object.keys(json).sort(), at).toEqual(Object.keys(shape).sort());
  for (const [field, kind] of Object.entries(shape)) {
    const path = `${at}.${field}`;
    const found = json[field];
    if (typeof kind === "string") {
      expect(holds(found, kind), `${path} ${kind} ${JSON.stringify(found)}`).toBe(true);
    } else if (Array.isArray(kind)) expect(kind, path).toContain(found);
    else expectShape(found, kind as Shape, path);
  }
};
