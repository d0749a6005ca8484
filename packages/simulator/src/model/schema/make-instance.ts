import { isJsonArray, isJsonObject, jsonEqual, textOf } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { seededRandom } from "../seeded-random.ts";
import type { Random } from "../seeded-random.ts";
import { fits, itemSchemas } from "./check-instance.ts";
import type { Budget } from "./check-instance.ts";
import { flattenSchema } from "./flatten-schema.ts";
import { makeNumber } from "./make-number.ts";
import { makeString } from "./make-string.ts";
import { asSchema } from "./resolve-reference.ts";
import type { Schema } from "./resolve-reference.ts";
import { Unsatisfiable } from "./unsatisfiable.ts";

/** Below this depth only what is required is filled in, and branches without references go first. */
const generousDepth = 4;
const maximumDepth = 24;
/** Values made for one instance, failed branches and attempts included. */
const maximumValues = 5000;
const maximumAttempts = 12;
/** Branches chosen within branches, over the whole way down. */
const maximumBranching = 32;

export type InstanceOptions = {
  readonly schema: Schema;
  readonly seed: string;
  /** Words that free strings are made of. */
  readonly words: readonly string[];
};

/**
 * An instance of a JSON Schema, the same for the same options. It validates for every schema that
 * the checker knows and that has an instance within the bounds; beyond that it is the last attempt.
 */
export const makeInstance = ({ schema, seed, words }: InstanceOptions): Json => {
  const budget: Budget = { left: maximumValues };
  let last: Json = {};
  for (let attempt = 0; attempt < maximumAttempts; attempt += 1) {
    const maker = createMaker(schema, {
      random: seededRandom(`${seed}:${attempt}`),
      words,
      budget,
    });
    try {
      last = maker(schema, "value", 0);
      if (fits(schema, schema, last)) return last;
    } catch (error) {
      if (!(error instanceof Unsatisfiable)) throw error;
    }
  }
  return last;
};

type Make = (schema: Schema, name: string, depth: number) => Json;

type MakerOptions = {
  readonly random: Random;
  readonly words: readonly string[];
  /** Values that may still be made. */
  readonly budget: Budget;
};

const createMaker = (root: Schema, { random, words, budget }: MakerOptions): Make => {
  let branching = 0;

  const word = (name: string): string => words[random.below(words.length)] ?? name;

  const make: Make = (schema, name, depth) => {
    if (depth > maximumDepth) throw new Unsatisfiable("too deep");
    return makeFlat(flattenSchema(root, schema), name, depth);
  };

  const makeFlat = (flat: JsonObject, name: string, depth: number): Json => {
    budget.left -= 1;
    if (budget.left < 0) throw new Unsatisfiable("too many values");
    const { anyOfGroups, oneOfGroups, ...rest } = flat;
    const groups = [anyOfGroups, oneOfGroups].flatMap((list) => (isJsonArray(list) ? list : []));
    const [group, ...others] = groups.filter(isJsonArray);
    if (group === undefined) {
      const value = makePlain(rest, name, depth);
      if (rest["not"] !== undefined && fits(root, asSchema(rest["not"]), value)) {
        throw new Unsatisfiable("the value is forbidden");
      }
      return value;
    }
    const exclusive = isJsonArray(oneOfGroups) && oneOfGroups.includes(group);
    for (const branch of inOrder(group, depth)) {
      branching += 1;
      try {
        const open = others.map((other) => ({ anyOf: other }));
        const merged = flattenSchema(root, { allOf: [rest, branch, ...open] });
        if (branching > maximumBranching) throw new Unsatisfiable("branches go in a circle");
        const value = makeFlat(merged, name, depth);
        if (!exclusive || fits(root, { oneOf: group }, value)) return value;
      } catch (error) {
        if (!(error instanceof Unsatisfiable)) throw error;
      } finally {
        branching -= 1;
      }
    }
    throw new Unsatisfiable("no branch has an instance");
  };

  const weights = new Map<Json, number>();
  /** How far a branch may lead on: null not at all, a reference perhaps for ever. */
  const weight = (branch: Json): number => {
    const known = weights.get(branch);
    if (known !== undefined) return known;
    const isNull = isJsonObject(branch) && branch["type"] === "null";
    const made = JSON.stringify(branch).includes('"$ref"') ? 2 : isNull ? 0 : 1;
    weights.set(branch, made);
    return made;
  };

  const inOrder = (group: readonly Json[], depth: number): readonly Json[] => {
    const shuffled = random.shuffled(group);
    // Values are more use than null, until the way down has to end.
    return depth < generousDepth
      ? shuffled.sort((a, b) => Number(weight(b) > 0) - Number(weight(a) > 0))
      : shuffled.sort((a, b) => weight(a) - weight(b));
  };

  const makePlain = (schema: JsonObject, name: string, depth: number): Json => {
    if (isJsonArray(schema["enum"])) {
      const { enum: values, ...rest } = schema;
      const found = random.shuffled(values).find((value) => fits(root, rest, value));
      if (found === undefined) throw new Unsatisfiable("no enum value fits");
      return found;
    }
    switch (textOf(typeOf(schema, random))) {
      case "null":
        return null;
      case "boolean":
        return random.below(2) === 1;
      case "integer":
        return makeNumber(schema, true, random);
      case "number":
        return makeNumber(schema, false, random);
      case "array":
        return makeArray(schema, name, depth);
      case "object":
        return makeObject(schema, depth);
      default:
        return makeString(schema, word(name), random);
    }
  };

  const makeArray = (schema: JsonObject, name: string, depth: number): Json => {
    const { minItems, maxItems, uniqueItems, contains } = schema;
    const least = typeof minItems === "number" ? minItems : 0;
    const most = typeof maxItems === "number" ? maxItems : Infinity;
    const { prefix, rest } = itemSchemas(schema);
    const generous = depth < generousDepth ? Math.max(prefix.length, 1 + random.below(2)) : 0;
    const wanted = Math.min(most, Math.max(least, generous, contains === undefined ? 0 : 1));
    const items: Json[] = [];
    for (let at = 0; at < wanted; at += 1) {
      let sub = asSchema(at < prefix.length ? prefix[at] : rest);
      if (contains !== undefined && at === wanted - 1 && at >= prefix.length) {
        sub = { allOf: [sub, contains] };
      }
      try {
        items.push(makeDistinct(sub, uniqueItems === true ? items : [], name, depth));
      } catch (error) {
        if (!(error instanceof Unsatisfiable) || items.length < least) throw error;
        break;
      }
    }
    return items;
  };

  const makeDistinct = (schema: Schema, from: readonly Json[], name: string, depth: number) => {
    for (let tries = 0; tries < 20; tries += 1) {
      const unlike = tries < 4 ? name : `${name} ${tries}`;
      let value = make(schema, unlike, depth + 1);
      if (tries >= 4 && typeof value === "string") {
        const numbered = `${value} ${from.length + tries}`;
        if (fits(root, schema, numbered)) value = numbered;
      }
      if (!from.some((earlier) => jsonEqual(earlier, value))) return value;
    }
    throw new Unsatisfiable("no further distinct item");
  };

  const makeObject = (schema: JsonObject, depth: number): Json => {
    const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
    const required = isJsonArray(schema["required"]) ? schema["required"].map(textOf) : [];
    const { maxProperties, minProperties, additionalProperties } = schema;
    const most = typeof maxProperties === "number" ? maxProperties : Infinity;
    const least = typeof minProperties === "number" ? minProperties : 0;
    const optional = Object.keys(properties).filter((key) => !required.includes(key));
    const made = new Map<string, Json>();
    const fill = (key: string): void => {
      const sub = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
      made.set(key, make(asSchema(sub), key, depth + 1));
    };
    for (const key of required) fill(key);
    for (const key of optional) {
      if (made.size >= most || (depth >= generousDepth && made.size >= least)) break;
      try {
        fill(key);
      } catch (error) {
        if (!(error instanceof Unsatisfiable)) throw error;
      }
    }
    for (let extra = 1; made.size < least; extra += 1) fill(`extra_${extra}`);
    // Declared order, whatever the order in which the values were made.
    const order = [...Object.keys(properties), ...made.keys()];
    return Object.fromEntries(
      [...new Set(order)].flatMap((key) => {
        const value = made.get(key);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  };

  return make;
};

/** Keywords that tell the type of a schema that does not name one. */
const tellingKeywords: readonly (readonly [string, readonly string[]])[] = [
  ["object", ["properties", "required", "additionalProperties", "minProperties"]],
  ["array", ["items", "prefixItems", "minItems", "maxItems", "contains", "uniqueItems"]],
  ["string", ["pattern", "format", "minLength", "maxLength"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

const typeOf = (schema: JsonObject, random: Random): Json => {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (isJsonArray(type)) {
    const useful = type.filter((one) => one !== "null");
    return useful[random.below(useful.length)] ?? "null";
  }
  const told = tellingKeywords.find(([, keywords]) =>
    keywords.some((keyword) => schema[keyword] !== undefined),
  );
  return told?.[0] ?? "string";
};
