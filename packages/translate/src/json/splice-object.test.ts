import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeByteText, stringifyAscii, toByteText } from "../bytes/raw-body.ts";
import { spliceObject } from "./splice-object.ts";
import { findSpan, scanTopLevel } from "./top-level-spans.ts";

const utf8 = new TextEncoder();
const bytes = (json: string): string => toByteText(utf8.encode(json));
const parse = (byteText: string): unknown => JSON.parse(decodeByteText(byteText));

/** JSON with white space everywhere, and every character of strings escaped now and then. */
const render = (value: unknown, space: string, escape: boolean): string => {
  if (typeof value === "string" && escape) {
    const units = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at));
    return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => render(item, space, escape));
    return `[${space}${items.join(`${space},${space}`)}${space}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([key, item]) => `${render(key, "", escape)}${space}:${space}${render(item, space, escape)}`,
    );
    return `{${space}${members.join(`${space},${space}`)}${space}}`;
  }
  return JSON.stringify(value);
};

const keys = fc.oneof(
  fc.constantFrom("model", "gateway", "max_tokens", "usage", "a\\", 'q"', "ä"),
  fc.string({ unit: "grapheme", maxLength: 5 }).filter((key) => key !== "__proto__"),
);
const objects = fc.dictionary(
  keys,
  fc
    .jsonValue({ stringUnit: "grapheme" })
    .filter((value) => !JSON.stringify(value).includes("__proto__")),
  { maxKeys: 8, noNullPrototype: true },
);

describe("spliceObject", () => {
  test("equals the same edit of the parsed object", () => {
    fc.assert(
      fc.property(
        objects,
        fc.constantFrom("", " ", "\n\t "),
        fc.boolean(),
        fc.array(keys, { maxLength: 3 }),
        fc.dictionary(keys, fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }),
        fc.dictionary(fc.constantFrom("max_tokens", "ä"), fc.constantFrom("model", "new"), {
          maxKeys: 1,
          noNullPrototype: true,
        }),
        (object, space, escape, drop, set, rename) => {
          const body = bytes(space + render(object, space, escape) + space);
          const raw = Object.fromEntries(
            Object.entries(set).map(([key, value]) => [key, stringifyAscii(value)]),
          );
          const expected: Record<string, unknown> = JSON.parse(JSON.stringify(object));
          for (const key of [...drop, ...Object.keys(set)]) delete expected[key];
          for (const [from, to] of Object.entries(rename)) {
            if (!Object.hasOwn(expected, from)) continue;
            expected[to] = expected[from];
            delete expected[from];
          }
          Object.assign(expected, JSON.parse(JSON.stringify(set)));
          const spliced = spliceObject(body, scanTopLevel(body), {
            drop: ({ key }) => drop.includes(key),
            set: raw,
            rename,
          });
          expect(parse(spliced)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("keeps the bytes of what it keeps", () => {
    const body = bytes('{ "a" : 1.50 , "b":"\\u00e4" , "c":[ ] }');
    const spliced = spliceObject(body, scanTopLevel(body), {
      drop: ({ key }) => key === "c",
      set: { d: "2" },
    });
    expect(spliced).toBe('{"a" : 1.50 , "b":"\\u00e4","d":2}');
  });

  test("of duplicate keys the last is kept", () => {
    const body = bytes('{"a":1,"b":2,"a":3}');
    const spans = scanTopLevel(body);
    expect(spans).toHaveLength(3);
    expect(parse(spliceObject(body, spans, {}))).toEqual({ a: 3, b: 2 });
    expect(spliceObject(body, spans, {})).not.toContain("1");
    expect(findSpan(spans, "a")?.valueStart).toBe(17);
  });

  test("quotes and backslashes at the end of long strings", () => {
    for (let length = 40; length < 60; length++) {
      const object = { a: `${"x".repeat(length)}\\`, b: `${"x".repeat(length)}\\"y`, c: 1 };
      const body = bytes(JSON.stringify(object));
      expect(
        parse(spliceObject(body, scanTopLevel(body), { drop: ({ key }) => key === "c" })),
      ).toEqual({
        a: object.a,
        b: object.b,
      });
    }
  });

  test("no object is an error", () => {
    expect(() => scanTopLevel(bytes("[1]"))).toThrow(/not a JSON object/u);
    expect(() => scanTopLevel(bytes('{"a":"'))).toThrow(/not a JSON object/u);
  });
});
