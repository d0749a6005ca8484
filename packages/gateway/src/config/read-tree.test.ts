import { expect, test } from "vitest";
import { formatFault } from "./fault.ts";
import { readTree } from "./read-tree.ts";

const read = (text: string, env: Record<string, string> = {}) =>
  readTree({ file: "f.yaml", text, env });
const faults = (text: string) => read(text).faults.map(formatFault);

test("YAML 1.2: off, yes and dates are texts; keys keep their spelling", () => {
  expect(read("a: off\nb: yes\nc: 2027-01-01\n4.10: true\n0x1F: 0x1F").value).toEqual({
    a: "off",
    b: "yes",
    c: "2027-01-01",
    "4.10": true,
    "0x1F": 31,
  });
});

test("places are those of value and key, from 1", () => {
  const { places } = read("a:\n  - b:   c\nd:\n");
  expect(places.get('["a",0,"b"]')).toEqual({
    key: { line: 2, column: 5 },
    value: { line: 2, column: 10 },
  });
  expect(places.get('["a",0]')?.key).toEqual({ line: 2, column: 5 });
  expect(places.get('["d"]')?.value).toEqual({ line: 3, column: 1 });
});

test("what a variable holds stays a text, whatever it looks like", () => {
  const { value } = read("a: ${N}\nb: x${M}", { N: "8080", M: ": {y: [1]}\nc: d" });
  expect(value).toEqual({ a: "8080", b: "x: {y: [1]}\nc: d" });
});

test("an anchor's value is read at each alias", () => {
  expect(read("a: &x { b: 1 }\nc: *x").value).toEqual({ a: { b: 1 }, c: { b: 1 } });
});

test("an alias to a collection around it is a fault", () => {
  expect(faults("a: &x\n  b: *x")).toEqual([
    "f.yaml:2:6 a.b: expected no alias to a collection around it, found one",
  ]);
});

test("aliases cannot multiply without bound", () => {
  const level = (n: number) => `l${n}: &l${n} [${`*l${n - 1}, `.repeat(10)}]`;
  const text = ["l0: &l0 [1]", ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(level)].join("\n");
  const found = faults(text);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/: expected at most 100000 values, aliases followed, found more$/);
});

test("an alias without its anchor is a fault", () => {
  expect(faults("a: *b\nc: &b 1")).toEqual([
    "f.yaml:1:4 a: expected an alias whose anchor was set before it",
  ]);
});

test("a duplicate key is named with the line of the first", () => {
  expect(faults("a:\n  b: 1\n  c: 2\n  b: 3")).toEqual([
    "f.yaml:4:3 a.b: expected this key once, found it again (first on line 2)",
  ]);
});

test("keys are plain texts", () => {
  expect(faults("? [a]\n: 1")).toEqual([
    "f.yaml:1:3: expected a plain text as key, found another value",
  ]);
  expect(faults("__proto__: 1")).toEqual(["f.yaml:1:1 __proto__: expected another key"]);
});

test.each([
  ["a: [1, 2", 1, 9, "every bracket closed"],
  ['a: "x', 1, 6, "closes or separates"],
  ["a: 1\n\tb: 2", 2, 1, "spaces instead of tabs"],
  ["a: b: c", 1, 4, 'one "key: value" a line'],
  ["state: memory:", 1, 8, "needs quotes"],
  ["a: @b", 1, 4, "a text in quotes"],
  ["a: 1\n---\nb: 2", 2, 1, "one document"],
  ["a: !secret b", 1, 4, "without this tag"],
  ['a: "\\q"', 1, 5, "a valid escape"],
])("%j: line %i, column %i", (text, line, column, expected) => {
  const tree = read(text);
  expect(tree.wellFormed).toBe(false);
  expect(tree.faults[0]).toMatchObject({ line, column, path: "" });
  expect(tree.faults[0]?.expected).toContain(expected);
});
