import { expect, test } from "vitest";
import { bodyKindOf } from "./body-kind.ts";

test.each([
  ["", null],
  ["\r\n \n", null],
  ["\uFEFF", null],
  ["\n\n{", "json"],
  ["[{}]", "json"],
  ["<!doctype html>", "page"],
  ["\uFEFF<html>", "page"],
  ["data: {}", "events"],
  [": ping", "events"],
  ["event: x", "events"],
])("%j is %s", (text, kind) => {
  expect(bodyKindOf(Buffer.from(text))).toBe(kind);
});
