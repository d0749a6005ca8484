import type { JsonObject } from "../json.ts";
import type { Random } from "../seeded-random.ts";
import { fits } from "./check-instance.ts";
import { Unsatisfiable } from "./unsatisfiable.ts";

const numberOf = (schema: JsonObject, key: string): number | undefined => {
  const value = schema[key];
  return typeof value === "number" ? value : undefined;
};

/** Candidates a range is searched for before it counts as empty. */
const maximumTries = 200;

/** A number within a schema's bounds: whole where possible, small where nothing is asked. */
export const makeNumber = (schema: JsonObject, whole: boolean, random: Random): number => {
  const lower = Math.max(
    numberOf(schema, "minimum") ?? -Infinity,
    numberOf(schema, "exclusiveMinimum") ?? -Infinity,
  );
  const upper = Math.min(
    numberOf(schema, "maximum") ?? Infinity,
    numberOf(schema, "exclusiveMaximum") ?? Infinity,
  );
  const from = Number.isFinite(lower) ? lower : Number.isFinite(upper) ? upper - 100 : 1;
  const to = Number.isFinite(upper) ? upper : from + 100;
  const step = numberOf(schema, "multipleOf") ?? 1;
  const first = Math.ceil(from / step);
  const count = Math.max(1, Math.floor(to / step) - first + 1);
  const holds = (value: number): boolean =>
    (!whole || Number.isInteger(value)) && fits(true, schema, value);
  const start = random.below(count);
  for (let at = 0; at < Math.min(count, maximumTries); at += 1) {
    // Adding 0 turns -0, which JSON cannot carry, into 0.
    const value = (first + ((start + at) % count)) * step + 0;
    const rounded = Number(value.toPrecision(12));
    if (holds(rounded)) return rounded;
    if (holds(value)) return value;
  }
  for (const part of [0.5, 0.25, 0.75, 0, 1]) {
    const value = from + (to - from) * part;
    if (holds(value)) return value;
  }
  throw new Unsatisfiable("no number lies within the bounds");
};
