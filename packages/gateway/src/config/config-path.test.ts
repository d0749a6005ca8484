import { expect, test } from "vitest";
import { formatPath, pathKey } from "./config-path.ts";

test("a path reads like the file, and quotes what would be ambiguous", () => {
  expect(formatPath([])).toBe("");
  expect(formatPath(["keys", 0, "name"])).toBe("keys[0].name");
  expect(formatPath(["providers", "openai", "models", "gpt-4.1", "price"])).toBe(
    'providers.openai.models["gpt-4.1"].price',
  );
  expect(formatPath(["aliases", ""])).toBe('aliases[""]');
});

test("a number in a list and the same digits as a key differ", () => {
  expect(pathKey(["a", 0])).not.toBe(pathKey(["a", "0"]));
});
