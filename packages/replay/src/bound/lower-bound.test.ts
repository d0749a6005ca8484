import { describe, expect, it } from "vitest";
import { plainProvider, testTrace, testWorld } from "../replay.fixture.ts";
import { lowerBoundUsd } from "./lower-bound.ts";

const auto = { mode: "auto", min_tokens: 512, block: 512 };

describe("lower bound", () => {
  it("has every earlier request cached everywhere", () => {
    const world = testWorld(
      plainProvider("caching", { cache: auto, price: { in: 1, out: 2, cache_read: 0.1 } }),
      plainProvider("plain", { price: { in: 0.8, out: 2 } }),
    );
    const trace = testTrace(
      { blocks: [1, 2], inTokens: 1024, outTokens: 0 },
      { blocks: [1, 2, 3], inTokens: 1536, outTokens: 0 },
      { blocks: [1, 9], inTokens: 600, outTokens: 0 },
    );
    const cold = 1024 * 0.8;
    const warm = 1024 * 0.1 + 512 * 1;
    const partly = 512 * 0.1 + 88;
    expect(lowerBoundUsd(trace, world)).toBeCloseTo((cold + warm + partly) / 1e6, 12);
  });

  it("rises with limits that bind, up to what they leave", () => {
    const requests = Array.from({ length: 20 }, (_, index) => ({
      atMs: index * 500,
      outTokens: 0,
    }));
    const trace = { ...testTrace(...requests), lengthMs: 60_000 };
    const worldWith = (rpm: number | null) =>
      testWorld(
        plainProvider("cheap", { limits: { rpm, tpm: null } }),
        plainProvider("dear", { price: { in: 3, out: 2 } }),
      );
    const free = lowerBoundUsd(trace, worldWith(null));
    const bound = lowerBoundUsd(trace, worldWith(5));
    expect(free).toBeCloseTo(20 * 0.001, 12);
    // Five at 0.001 USD and fifteen at 0.003 USD is the best there is.
    expect(bound).toBeLessThanOrEqual(0.05 + 1e-12);
    expect(bound).toBeGreaterThan(0.049);
    expect(lowerBoundUsd(trace, worldWith(20))).toBeCloseTo(free, 12);
  });
});
