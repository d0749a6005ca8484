import { assert, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { genaiPrice } from "./genai-price.ts";
import { mergePrice } from "./merge-price.ts";
import { modelsDevPrice } from "./models-dev-price.ts";
import { picoUsdPerPiece, picoUsdPerToken, usdPerMtok } from "./pico-usd.ts";

describe("picoUsdPerToken", () => {
  it("is exact where floating point is not", () => {
    expect(picoUsdPerToken(2.5)).toBe(2_500_000);
    expect(picoUsdPerToken(0.0028)).toBe(2_800);
    expect(picoUsdPerToken(0.003625)).toBe(3_625);
    expect(picoUsdPerToken(1.1 * 3)).toBe(3_300_000);
    expect(picoUsdPerToken(0)).toBe(0);
    expect(picoUsdPerPiece(10)).toBe(10_000_000_000);
  });

  it("refuses what cannot be billed exactly", () => {
    for (const usd of [0.000_000_5, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => picoUsdPerToken(usd)).toThrow(RangeError);
    }
  });

  it("round trip", () => {
    assert(
      property(nat({ max: 1_000_000_000 }), (pico) => {
        expect(picoUsdPerToken(usdPerMtok(pico))).toBe(pico);
      }),
    );
  });
});

describe("genaiPrice", () => {
  it("splits a window over midnight and ends a day at 00:00", () => {
    const windows = (start_time: string, end_time: string) =>
      genaiPrice({
        id: "m",
        match: { equals: "m" },
        prices: [
          { prices: { input_mtok: 1, output_mtok: 1 } },
          {
            constraint: { type: "time_of_date", start_time, end_time },
            prices: { input_mtok: 2, output_mtok: 2 },
          },
        ],
      })[1]?.dayWindows;
    expect(windows("16:30:00Z", "00:30:00Z")).toEqual([
      { fromMinute: 990, toMinute: 1440 },
      { fromMinute: 0, toMinute: 30 },
    ]);
    expect(windows("16:30:00Z", "00:00:00Z")).toEqual([{ fromMinute: 990, toMinute: 1440 }]);
  });

  it("counts fees by the piece", () => {
    const [draft] = genaiPrice({
      id: "m",
      match: { equals: "m" },
      prices: { input_mtok: 1, output_mtok: 1, requests_kcount: 5, web_searches_kcount: 10 },
    });
    if (draft === undefined) throw new Error("no draft");
    const { price } = mergePrice({ later: [draft], earlier: [], override: null });
    expect(price?.periods[0]).toMatchObject({
      requestFeePicoUsd: 5_000_000_000,
      webSearchPicoUsd: 10_000_000_000,
    });
  });
});

describe("mergePrice", () => {
  const earlier = modelsDevPrice("deepinfra", { input: 1, output: 2, cache_read: 0.5 });
  const later = genaiPrice({
    id: "m",
    match: { equals: "m" },
    prices: { input_mtok: { base: 3, tiers: [{ start: 100, price: 6 }] }, output_mtok: 4 },
  });

  it("takes each rate from the later source, what that lacks from the earlier", () => {
    const { price, origins } = mergePrice({ later, earlier, override: null });
    expect(price?.periods[0]).toMatchObject({
      rates: { inputPicoUsd: 3_000_000, outputPicoUsd: 4_000_000, cacheReadPicoUsd: 500_000 },
      tiers: [
        {
          abovePromptTokens: 100,
          rates: { inputPicoUsd: 6_000_000, outputPicoUsd: 4_000_000, cacheReadPicoUsd: 500_000 },
        },
      ],
    });
    expect([...origins]).toEqual([
      ["input", "later"],
      ["output", "later"],
      ["cache_read", "earlier"],
    ]);
  });

  it("lets an override replace and remove", () => {
    const { price, origins } = mergePrice({
      later,
      earlier,
      override: { output: 9, cache_read: null },
    });
    expect(price?.periods[0].rates).toMatchObject({
      outputPicoUsd: 9_000_000,
      cacheReadPicoUsd: null,
    });
    expect(origins.get("output")).toBe("override");
  });

  it("has no price where input or output is unknown", () => {
    expect(mergePrice({ later: [], earlier: [], override: null }).price).toBeNull();
    const [draft] = modelsDevPrice("openai", { input: 1 });
    if (draft === undefined) throw new Error("no draft");
    expect(mergePrice({ later: [], earlier: [draft], override: null }).price).toBeNull();
  });

  it("reads a cache rate of 0 beside a positive input price as no rate", () => {
    const draft = modelsDevPrice("z_ai", { input: 1, output: 2, cache_read: 0, cache_write: 0 });
    const { price } = mergePrice({ later: [], earlier: draft, override: null });
    expect(price?.periods[0].rates).toMatchObject({
      cacheReadPicoUsd: null,
      cacheWrite5mPicoUsd: null,
    });
    const free = modelsDevPrice("z_ai", { input: 0, output: 0, cache_read: 0 });
    expect(
      mergePrice({ later: [], earlier: free, override: null }).price?.periods[0].rates,
    ).toMatchObject({ inputPicoUsd: 0, cacheReadPicoUsd: 0 });
  });
});
