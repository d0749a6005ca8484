import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

test.each([
  ["prot", ["host", "port"], "port"],
  ["optimise", ["optimize", "weights"], "optimize"],
  ["APIKEY", ["apiKey", "apiKeys"], "apiKey"],
  ["capabilitys", ["capabilities"], "capabilities"],
  ["x", ["host", "port"], null],
  ["zebra", ["host", "port"], null],
  ["a", [], null],
])("%s among %j: %s", (name, candidates, nearest) => {
  expect(nearestName(name, candidates)).toBe(nearest);
});

test("a name is nearest to itself", () => {
  const name = fc.stringMatching(/^[a-z]{1,12}$/);
  fc.assert(
    fc.property(name, fc.array(name), (own, others) => {
      expect(nearestName(own, [...others, own])).toBe(own);
    }),
  );
});
