import { expect, test } from "vitest";
import { formatFault } from "./fault.ts";

const fault = {
  file: "pointsman.yaml",
  line: 12,
  column: 9,
  path: "providers.openai.baseUrl",
  expected: "an http(s) URL",
  found: '"foo"',
  suggestion: null,
};

test("a fault is one line: place, path, expected, found", () => {
  expect(formatFault(fault)).toBe(
    'pointsman.yaml:12:9 providers.openai.baseUrl: expected an http(s) URL, found "foo"',
  );
});

test("what is not known is left out", () => {
  expect(formatFault({ ...fault, path: "", found: null })).toBe(
    "pointsman.yaml:12:9: expected an http(s) URL",
  );
});

test("a suggestion ends the line", () => {
  expect(formatFault({ ...fault, suggestion: "bar" })).toMatch(/found "foo"; did you mean bar\?$/);
});
