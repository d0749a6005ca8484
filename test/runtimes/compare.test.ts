import { describe, expect, it } from "vitest";
import { compare } from "./compare.ts";

describe("compare", () => {
  const expected = { order: ["a", "b"], score: 1, none: null };

  it("takes the same values, and the last bits of a number", () => {
    expect(compare(expected, structuredClone(expected))).toEqual({
      deviation: 0,
      difference: null,
    });
    const { deviation, difference } = compare(expected, { ...expected, score: 1 + 2 ** -52 });
    expect(difference).toBeNull();
    expect(deviation).toBeGreaterThan(0);
  });

  it.each([
    [{ ...expected, order: ["b", "a"] }, '$.order.0: "b", not "a"'],
    [{ ...expected, order: ["a"] }, "$.order: has 0, not 0,1"],
    [{ ...expected, score: 1 + 2e-12 }, "$.score: 1.000000000002, not 1"],
    [{ ...expected, score: null }, "$.score: null, not 1"],
    [{ ...expected, none: 0 }, "$.none: 0, not null"],
    [{ order: ["a", "b"], score: 1 }, "$: has order,score, not order,score,none"],
    [null, '$: null, not {"order":["a","b"],"score":1,"none":null}'],
  ])("finds the first difference of %j", (actual, difference) => {
    expect(compare(expected, actual).difference).toBe(difference);
  });
});
