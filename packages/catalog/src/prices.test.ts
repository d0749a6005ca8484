import type { PricePeriod, Rates } from "@pointsman/core";
import { describe, expect, it } from "vitest";
import { describePrices } from "./describe-prices.ts";
import { loadCatalog } from "./load-catalog.ts";

const catalog = loadCatalog();

const offeringOf = (id: string) => {
  for (const model of catalog.models.values()) {
    const found = model.offerings.find(({ offering }) => offering.id === id);
    if (found !== undefined) return found;
  }
  throw new Error(`no offering ${id}`);
};

const periodsOf = (id: string): readonly PricePeriod[] =>
  offeringOf(id).offering.price?.periods ?? [];

const rowAt = (name: string, provider: string, at: string) => {
  const model = catalog.resolve(name);
  if (model === null) throw new Error(`no model ${name}`);
  return describePrices(model, Date.parse(at)).find((row) => row.provider === provider);
};

describe("prices", () => {
  it("are whole numbers of pico-dollars, in every period and tier", () => {
    let seen = 0;
    const check = (rates: Rates): void => {
      for (const value of Object.values(rates)) {
        if (value === null) continue;
        expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        seen += 1;
      }
    };
    for (const model of catalog.models.values()) {
      for (const { offering } of model.offerings) {
        for (const period of offering.price?.periods ?? []) {
          check(period.rates);
          for (const { rates } of period.tiers) check(rates);
          expect(Number.isSafeInteger(period.webSearchPicoUsd)).toBe(true);
          expect(Number.isSafeInteger(period.requestFeePicoUsd)).toBe(true);
          const marks = period.tiers.map(({ abovePromptTokens }) => abovePromptTokens);
          expect(marks).toEqual(marks.toSorted((a, b) => a - b));
        }
      }
    }
    expect(seen).toBeGreaterThan(1000);
  });

  it("USD per million tokens become pico-USD per token", () => {
    expect(periodsOf("openai/gpt-4o")[0]).toMatchObject({
      rates: { inputPicoUsd: 2_500_000, outputPicoUsd: 10_000_000, cacheReadPicoUsd: 1_250_000 },
      webSearchPicoUsd: 10_000_000_000,
      tierMode: "whole_request",
    });
    const sonnet = rowAt("claude-sonnet-4-6", "anthropic", "2026-09-23T12:00Z");
    expect(sonnet?.rates).toEqual({
      input: 3,
      output: 15,
      cacheRead: 0.3,
      cacheWrite5m: 3.75,
      cacheWrite1h: 6,
    });
    expect(sonnet?.tiers).toEqual([]);
    expect(rowAt("claude-sonnet-4-6", "anthropic", "2026-03-01T12:00Z")?.tiers).toMatchObject([
      { abovePromptTokens: 200_000, rates: { input: 6 } },
    ]);
  });

  it("tiers begin where the vendor says", () => {
    const markOf = (id: string): number | undefined =>
      periodsOf(id).at(-1)?.tiers[0]?.abovePromptTokens;
    expect(markOf("openai/gpt-5.4")).toBe(271_999);
    expect(markOf("openai/gpt-5.5-pro")).toBe(271_999);
    expect(markOf("openai/gpt-6-sol")).toBe(272_000);
    expect(markOf("xai/grok-4.3")).toBe(199_999);
    expect(markOf("xai/grok-4.20-0309-reasoning")).toBe(199_999);
    expect(markOf("google_ai_studio/gemini-2.5-pro")).toBe(200_000);
    expect(markOf("minimax/MiniMax-M3")).toBe(512_000);
    expect(markOf("deepinfra/XiaomiMiMo/MiMo-V2.5")).toBe(256_000);
  });

  it("DeepSeek V4 has peak hours from 2026-08-17 on, the particular after the general", () => {
    const begin = Date.UTC(2026, 7, 17);
    expect(
      periodsOf("deepseek/deepseek-v4-flash").map(({ fromMs, dayWindows, rates }) => [
        fromMs,
        dayWindows,
        rates.inputPicoUsd,
        rates.cacheReadPicoUsd,
      ]),
    ).toEqual([
      [null, [], 140_000, 2_800],
      [begin, [], 220_000, 7_000],
      [begin, [{ fromMinute: 60, toMinute: 240 }], 440_000, 14_000],
      [begin, [{ fromMinute: 360, toMinute: 600 }], 440_000, 14_000],
    ]);
    const inputAt = (at: string): number | undefined =>
      rowAt("deepseek-v4-flash", "deepseek", at)?.rates?.input;
    expect(inputAt("2026-08-16T02:00Z")).toBe(0.14);
    expect(inputAt("2026-08-17T00:59:59Z")).toBe(0.22);
    expect(inputAt("2026-08-17T01:00Z")).toBe(0.44);
    expect(inputAt("2026-08-17T03:59:59Z")).toBe(0.44);
    expect(inputAt("2026-08-17T04:00Z")).toBe(0.22);
    expect(inputAt("2026-08-17T06:00Z")).toBe(0.44);
    expect(inputAt("2026-08-17T10:00Z")).toBe(0.22);
  });

  it("image output has its own rate", () => {
    expect(periodsOf("google_ai_studio/gemini-3-pro-image-preview")[0]?.rates).toMatchObject({
      outputPicoUsd: 12_000_000,
      imageOutputPicoUsd: 120_000_000,
    });
  });

  it("prices of modes that are not routed are known", () => {
    const [fast, ...others] = offeringOf("anthropic/claude-opus-4-8").unroutedPrices;
    expect(others).toEqual([]);
    expect(fast).toMatchObject({
      mode: "fast",
      price: { periods: [{ rates: { inputPicoUsd: 10_000_000, outputPicoUsd: 50_000_000 } }] },
    });
    // OpenAI's is a tier that can be asked for.
    expect(offeringOf("openai/gpt-5.5").unroutedPrices).toEqual([]);
    expect(offeringOf("openai/gpt-5.5#priority").offering.price?.periods[0]).toMatchObject({
      webSearchPicoUsd: 10_000_000_000,
      fileSearchPicoUsd: 2_500_000_000,
    });
  });

  it("free is not unknown", () => {
    expect(periodsOf("google_ai_studio/gemma-4-31b-it")[0]?.rates.inputPicoUsd).toBe(0);
    expect(offeringOf("google_ai_studio/gemma-4-31b-it").provenance["price.input"]).toMatchObject({
      source: "pointsman",
      reason: expect.stringContaining("https://ai.google.dev/"),
    });
    expect(offeringOf("groq/groq/compound").offering.price).toBeNull();
  });
});

describe("describePrices", () => {
  it("lists every offering, cheapest input first, with source and day", () => {
    const model = catalog.resolve("gpt-oss-120b");
    if (model === null) throw new Error("no gpt-oss-120b");
    const rows = describePrices(model, catalog.dateMs);
    expect(rows).toHaveLength(model.offerings.length);
    const inputs = rows.map(({ rates }) => rates?.input ?? Number.POSITIVE_INFINITY);
    expect(inputs).toEqual(inputs.toSorted((a, b) => a - b));
    expect(rows[0]).toMatchObject({
      provider: "deepinfra",
      source: "models.dev",
      date: "2026-07-02",
      rates: { input: 0.039, output: 0.19, cacheRead: null },
    });
    expect(rows.find(({ provider }) => provider === "groq")).toMatchObject({
      source: "genai-prices",
      date: "2026-09-23",
    });
  });

  it("tells peak hours and the next change", () => {
    const peak = rowAt("deepseek-v4-pro", "deepseek", "2026-09-23T12:00Z");
    expect(peak?.windows).toMatchObject([
      { fromMinute: 60, toMinute: 240, rates: { input: 1.32 } },
      { fromMinute: 360, toMinute: 600, rates: { input: 1.32 } },
    ]);
    const gemini = rowAt("gemini-3.6-flash", "google_ai_studio", "2026-09-23T12:00Z");
    expect(gemini).toMatchObject({ rates: { input: 0.75 }, changesAtMs: Date.UTC(2027, 0, 1) });
    expect(rowAt("gemini-3.6-flash", "google_ai_studio", "2027-01-01T00:00Z")).toMatchObject({
      rates: { input: 1.5 },
      changesAtMs: null,
    });
  });
});
