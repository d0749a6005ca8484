import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rank } from "./rank.ts";
import type { Rankable } from "./rank.ts";
import { prefersSpeed, resolveStrategy } from "./resolve-strategy.ts";

const item = (id: string, cost: number, ttft = 100, throughput = 10): Rankable => ({
  id,
  terms: { cost, ttft, throughput },
});
const order = (
  items: readonly Rankable[],
  strategy: Parameters<typeof resolveStrategy>[0]["strategy"],
) => rank(items, resolveStrategy({ strategy })).map((ranked) => ranked.item.id);

describe("resolveStrategy", () => {
  it("normalises custom weights", () => {
    expect(resolveStrategy({ strategy: { cost: 3, ttft: 1 } })).toEqual({
      name: "custom",
      weights: { cost: 0.75, ttft: 0.25, throughput: 0 },
      focus: null,
    });
  });

  it.each([{}, { cost: 0 }, { cost: -1, ttft: 2 }, { cost: Number.NaN }, { ttft: Infinity }])(
    "refuses weights %o",
    (strategy) => {
      expect(() => resolveStrategy({ strategy })).toThrow(RangeError);
    },
  );

  it("knows which strategies would rather not wait", () => {
    const fast = (
      ["cost", "cost-focus", "ttft", "ttft-focus", "tps", "tps-focus", "balanced"] as const
    ).filter((strategy) => prefersSpeed(resolveStrategy({ strategy })));
    expect(fast).toEqual(["ttft", "ttft-focus", "tps", "tps-focus"]);
  });
});

describe("rank", () => {
  it("lets a focused strategy look at its dimension alone", () => {
    const items = [item("slow", 10, 9000, 90), item("fast", 11, 10, 1)];
    expect(order(items, "cost-focus")).toEqual(["slow", "fast"]);
    expect(order(items, "cost")).toEqual(["fast", "slow"]);
    expect(order(items, "ttft-focus")).toEqual(["fast", "slow"]);
  });

  it("breaks ties within 0.1 % by the balanced score", () => {
    expect(order([item("slow", 1000, 500), item("fast", 1000.9, 100)], "cost-focus")).toEqual([
      "fast",
      "slow",
    ]);
    expect(order([item("slow", 1000, 500), item("fast", 1001.1, 100)], "cost-focus")).toEqual([
      "slow",
      "fast",
    ]);
  });

  it("breaks what is still equal by id", () => {
    expect(order([item("b", 5), item("a", 5)], "balanced")).toEqual(["a", "b"]);
  });

  it("puts unknown prices behind all others where cost alone counts, and knows free ones", () => {
    expect(
      order([item("unknown", Infinity), item("dear", 1e9), item("free", 0)], "cost-focus"),
    ).toEqual(["free", "dear", "unknown"]);
    expect(order([item("b", Infinity), item("a", Infinity)], "cost-focus")).toEqual(["a", "b"]);
  });

  it("keeps scores and ratios between 0 and 1, and the best of all dimensions at 1", () => {
    const positive = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(positive, positive, positive), { minLength: 1 }), (terms) => {
        const items = terms.map(([cost, ttft, throughput], index) =>
          item(String(index), cost, ttft, throughput),
        );
        const ranked = rank(items, resolveStrategy({ strategy: "balanced" }));
        for (const { score, ratios } of ranked) {
          for (const value of [score, ratios.cost, ratios.ttft, ratios.throughput]) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
        }
        expect(Math.max(...ranked.map(({ ratios }) => ratios.cost))).toBe(1);
        const scores = ranked.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }),
    );
  });
});
