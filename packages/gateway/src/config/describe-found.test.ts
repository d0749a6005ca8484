import { expect, test } from "vitest";
import { describeFound } from "./describe-found.ts";

const found = (value: unknown, path: readonly string[] = ["name"], source?: string) =>
  describeFound({ path, value, source, expected: "something else" });

test("scalars are shown, collections named", () => {
  expect(found(3)).toBe("3");
  expect(found(true)).toBe("true");
  expect(found("foo")).toBe('"foo"');
  expect(found([1])).toBe("a list");
  expect(found({})).toBe("a map");
  expect(found(undefined)).toBe("nothing");
  expect(found(null)).toBe("null");
});

test("a long text is cut", () => {
  expect(found("x".repeat(1000)).length).toBeLessThan(70);
});

test("a text with variables is shown as written", () => {
  expect(found("resolved", ["name"], "${NAME}")).toBe('"${NAME}"');
});

test("values under secret keys are not shown", () => {
  expect(found("sk-1", ["providers", "p", "apiKey"])).toBe("a text");
  expect(found(12_345, ["keys", "key"])).toBe("a number");
  expect(found("", ["keys", "key"])).toBe("an empty text");
});

test("a text where a collection belongs is not shown", () => {
  const options = { path: ["keys", 0], value: "sk-1", source: undefined };
  expect(describeFound({ ...options, expected: "a map" })).toBe("a text");
});

test("credentials and queries of URLs are not shown", () => {
  expect(found("redis://user:pw@host/0")).toBe('"redis://…@host/0"');
  expect(found("https://host/v1?token=pw")).toBe('"https://host/v1?…"');
});
