import { expect, test } from "vitest";
import { aliasTarget, resolveAliases } from "./aliases.ts";

test("aliases lead through others to the last target", () => {
  expect(resolveAliases({ a: "b", b: "c" })).toEqual({ a: "c", b: "c" });
});

test("what is no alias is its own target", () => {
  expect(aliasTarget({ a: "b" }, "toString")).toBe("toString");
});

test("a loop has no target, nor has what leads into it", () => {
  const aliases = { a: "b", b: "a", c: "a", d: "d", e: "f" };
  expect(["a", "b", "c", "d"].map((name) => aliasTarget(aliases, name))).toEqual(
    Array.from({ length: 4 }, () => null),
  );
  expect(resolveAliases(aliases)).toEqual({ e: "f" });
});
