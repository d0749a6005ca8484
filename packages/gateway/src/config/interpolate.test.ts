import * as fc from "fast-check";
import { expect, test } from "vitest";
import { interpolate } from "./interpolate.ts";

const env = { NAME: "value", EMPTY: "", _A1: "x", NESTED: "${NAME}" };

test.each([
  ["plain $NAME $ { }", "plain $NAME $ { }"],
  ["${NAME}", "value"],
  ["a-${NAME}-${_A1}-b", "a-value-x-b"],
  ["${EMPTY}", ""],
  ["${EMPTY:-d}", "d"],
  ["${UNSET:-d}", "d"],
  ["${UNSET:-}", ""],
  ["${UNSET:-a:-b\nc}", "a:-b\nc"],
  ["${NAME:-d}", "value"],
  ["$${NAME}", "${NAME}"],
  ["$$${NAME}", "$${NAME}"],
  ["${NESTED}", "${NAME}"],
])("%j gives %j", (text, expected) => {
  expect(interpolate(text, env)).toEqual({ ok: true, text: expected });
});

test("an unset variable without default is named", () => {
  expect(interpolate("x${UNSET}", env)).toEqual({
    ok: false,
    expected: "the environment variable UNSET to be set",
    found: "it unset",
  });
});

test("what an object has by nature is no variable", () => {
  expect(interpolate("${constructor}", env)).toMatchObject({ ok: false });
});

test.each(["${", "${}", "${1A}", "${A B}", "${A-b}", "a${NAME"])("%j is refused", (text) => {
  expect(interpolate(text, env)).toMatchObject({
    ok: false,
    expected: expect.stringContaining("${NAME:-default}"),
  });
});

test("any text comes back once its ${ are escaped", () => {
  const text = fc.array(fc.constantFrom("$", "{", "}", "NAME", "a")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (plain) => {
      const escaped = plain.replaceAll("${", () => "$${");
      expect(interpolate(escaped, env)).toEqual({ ok: true, text: plain });
    }),
  );
});

test("a variable's value goes in as it is", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(interpolate("<${V}>", { V: value })).toEqual({ ok: true, text: `<${value}>` });
    }),
  );
});
