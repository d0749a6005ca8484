import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../json.ts";
import { fits } from "./check-instance.ts";
import { makeInstance } from "./make-instance.ts";
import type { Schema } from "./resolve-reference.ts";

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, logger: false });
addFormats.default(ajv);

const complaints = (schema: Schema, value: Json): string => {
  ajv.removeSchema();
  return ajv.validate(schema, value) ? "" : ajv.errorsText();
};

const make = (schema: Schema, seed = "seed"): Json =>
  makeInstance({ schema, seed, words: ["railway", "signal"] });

const expectValid = (schema: Schema): Json => {
  const value = make(schema);
  expect(complaints(schema, value), JSON.stringify({ schema, value })).toBe("");
  return value;
};

const bounds = (low: number, high: number): fc.Arbitrary<readonly [number, number]> =>
  fc
    .tuple(fc.integer({ min: low, max: high }), fc.nat(6))
    .map(([from, more]) => [from, from + more]);

const formats = (
  "date-time date time duration email hostname ipv4 ipv6 uri uuid uri-reference uri-template " +
  "json-pointer relative-json-pointer regex"
).split(" ");

const patterns = [
  "^[a-z]{3,8}$",
  "^\\d{3}-\\d{4}$",
  "^(?:GET|POST) /\\w+$",
  "^[A-Z][a-z]+( [A-Z][a-z]+)*$",
  "x+y?z*",
  "^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$",
  "^\\p{Lu}{2}\\d+$",
  "^#(?<hex>[0-9a-fA-F]{6})$",
  "^\\u00e9t\\u00e9$",
  "^[\\w.-]+$",
  "^$",
  "\\.json$",
];

/** Any JSON value, but for keys by which ajv's comparison of objects is misled. */
const json: fc.Arbitrary<Json> = fc
  .json()
  .filter((text) => !/toString|valueOf|constructor|__proto__/.test(text))
  .map((text): Json => JSON.parse(text));

/** Schemas that have instances by how they are built. */
const { schema: schemas } = fc.letrec<{ schema: JsonObject; leaf: JsonObject }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<JsonObject>({ type: "null" }, { type: "boolean" }, {}, { type: "string" }),
    fc.constantFrom(...formats).map((format) => ({ type: "string", format })),
    fc.constantFrom(...patterns).map((pattern) => ({ type: "string", pattern })),
    bounds(0, 12).map(([minLength, maxLength]) => ({ type: "string", minLength, maxLength })),
    bounds(-20, 20).map(([minimum, maximum]) => ({ type: "integer", minimum, maximum })),
    bounds(-20, 20).map(([exclusiveMinimum, high]) => ({
      type: "number",
      exclusiveMinimum,
      exclusiveMaximum: high + 1,
    })),
    fc.constantFrom(0.01, 0.1, 0.5, 3, 7).map((multipleOf) => ({ type: "number", multipleOf })),
    fc
      .integer({ min: 1, max: 9 })
      .map((multipleOf) => ({ type: "integer", multipleOf, minimum: 5 })),
    fc.array(json, { minLength: 1, maxLength: 4 }).map((values) => ({ enum: values })),
    fc.constant<JsonObject>({ const: { fixed: [1, "two", null] } }),
    fc.constantFrom<JsonObject>({ type: ["string", "null"] }, { type: ["null", "integer"] }),
  ),
  schema: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie("leaf"),
    fc
      .dictionary(fc.string({ minLength: 1, maxLength: 8 }), tie("schema"), { maxKeys: 5 })
      .chain((properties) =>
        fc.subarray(Object.keys(properties)).map((required) => ({
          type: "object",
          properties,
          required,
          additionalProperties: false,
        })),
      ),
    fc
      .tuple(tie("schema"), bounds(0, 3))
      .map(([items, [minItems, maxItems]]) => ({ type: "array", items, minItems, maxItems })),
    fc
      .array(tie("schema"), { minLength: 1, maxLength: 3 })
      .map((prefixItems) => ({ type: "array", prefixItems, items: false })),
    fc.array(tie("schema"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.tuple(tie("schema"), tie("schema")).map(([first, second]) => ({
      oneOf: [
        { type: "object", properties: { kind: { const: "a" }, first }, required: ["kind"] },
        { type: "object", properties: { kind: { const: "b" }, second }, required: ["kind"] },
      ],
    })),
    tie("schema").map((schema) => ({ allOf: [schema, { description: "the same again" }] })),
  ),
}));

describe("instances", () => {
  test("validate, whatever the schema", () => {
    fc.assert(
      fc.property(schemas, fc.string({ maxLength: 4 }), (schema, seed) => {
        const value = make(schema, seed);
        expect(complaints(schema, value), JSON.stringify({ schema, value })).toBe("");
      }),
      { numRuns: 120 },
    );
  });

  test("are the same for the same schema and seed", () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        expect(make(schema)).toEqual(make(schema));
      }),
      { numRuns: 50 },
    );
  });

  test("end for recursive schemas", () => {
    const tree = {
      $ref: "#/$defs/node",
      $defs: {
        node: {
          type: "object",
          properties: {
            label: { type: "string" },
            left: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] },
            right: { anyOf: [{ type: "null" }, { $ref: "#/$defs/node" }] },
            children: { type: "array", items: { $ref: "#/$defs/node" } },
          },
          required: ["label", "left", "right", "children"],
          additionalProperties: false,
        },
      },
    };
    expectValid(tree);
    expectValid({ type: "object", properties: { self: { $ref: "#" } } });
  });

  test("end for schemas that have none, or only huge ones", () => {
    const circle = { $ref: "#" };
    const hopeless: readonly JsonObject[] = [
      circle,
      { anyOf: [circle, circle] },
      { anyOf: [circle, circle], allOf: [circle, circle], oneOf: [circle, circle] },
      { type: "object", properties: { next: circle, other: circle }, required: ["next", "other"] },
      { type: "string", minLength: 1e9 },
      { type: "string", pattern: "^((a{999}){999}){999}$" },
      { type: "array", minItems: 1e9 },
      { type: "object", minProperties: 1e9 },
      { type: "string", allOf: [{ type: "number" }] },
      { type: "string", pattern: "(?=a)b" },
      { type: "string", pattern: "((" },
    ];
    for (const schema of hopeless) expect(make(schema)).toBeDefined();
  });

  test("hold for parts that meet in one schema", () => {
    expectValid({
      type: "object",
      allOf: [
        { properties: { port: { type: "number", minimum: 10 } }, required: ["port"] },
        { properties: { port: { type: "integer", maximum: 12, multipleOf: 2 } } },
      ],
      anyOf: [{ required: ["host"] }, { required: ["socket"] }],
      properties: { host: { type: "string", format: "hostname" }, socket: { type: "string" } },
    });
    expectValid({ oneOf: [{ type: "integer" }, { type: "number", multipleOf: 0.5 }] });
    expectValid({ type: "array", items: { enum: [1, 2, 3] }, minItems: 3, uniqueItems: true });
    expectValid({ type: "array", contains: { const: "here" }, items: { type: "string" } });
    expectValid({ type: "string", not: { enum: ["railway"] } });
    expectValid({ type: "object", minProperties: 3, additionalProperties: { type: "integer" } });
    expectValid({ type: "array", items: { type: "string" }, minItems: 6, uniqueItems: true });
  });

  test("fill every property, optional ones too, with something of use", () => {
    const value = expectValid({
      type: "object",
      properties: { city: { type: ["string", "null"] }, days: { type: "integer" } },
      required: ["city"],
    });
    expect(value).toEqual({
      city: expect.stringMatching(/railway|signal/),
      days: expect.any(Number),
    });
  });
});

test("the checker agrees with ajv on arbitrary values", () => {
  // The checker does not read `format`; ajv takes no quotient above 1e21 for a whole number.
  const plain = schemas.filter((schema) => !/"(?:format|multipleOf)"/.test(JSON.stringify(schema)));
  fc.assert(
    fc.property(plain, json, (schema, value) => {
      expect(fits(schema, schema, value)).toBe(complaints(schema, value) === "");
    }),
    { numRuns: 150 },
  );
});
