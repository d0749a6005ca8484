import { describe, expect, it } from "vitest";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleEnd, exampleOffering } from "../testing.ts";
import { emptyUsage } from "../usage/usage.ts";
import { estimatePromptTokens } from "./prompt-tokens.ts";

const newState = () => createRouterState({ offerings: [exampleOffering("example")] });

describe("estimatePromptTokens", () => {
  it("takes an exact count as it is", () => {
    const prompt = { bytes: 4000, tokens: 777, extraTokens: 50 };
    expect(estimatePromptTokens(newState(), "m", prompt)).toEqual({
      tokens: 777,
      tokensLow: 777,
      tokensHigh: 777,
    });
  });

  it("starts at four bytes a token, with room on both sides", () => {
    const { tokens, tokensLow, tokensHigh } = estimatePromptTokens(newState(), "m", {
      bytes: 4000,
      extraTokens: 100,
    });
    expect(tokens).toBe(1100);
    expect(tokensLow).toBeLessThan(900);
    expect(tokensHigh).toBeGreaterThan(1300);
    expect(tokensHigh).toBeLessThan(1600);
  });

  it("learns bytes per token from usage, per model, and grows surer", () => {
    const state = newState();
    const before = estimatePromptTokens(state, "m", { bytes: 3000 });
    for (let turn = 0; turn < 60; turn += 1) {
      observe(
        state,
        exampleEnd({ promptBytes: 3000, usage: { ...emptyUsage, inputTokens: 1000 } }),
      );
    }
    const after = estimatePromptTokens(state, "m", { bytes: 3000 });
    expect(after.tokens).toBeGreaterThan(960);
    expect(after.tokens).toBeLessThanOrEqual(1000);
    expect(after.tokensHigh / after.tokensLow).toBeLessThan(before.tokensHigh / before.tokensLow);
    expect(estimatePromptTokens(state, "other", { bytes: 3000 })).toEqual(before);
  });

  it("learns nothing from what is not text", () => {
    const state = newState();
    observe(
      state,
      exampleEnd({ promptBytes: 1_000_000, usage: { ...emptyUsage, inputTokens: 10 } }),
    );
    expect(estimatePromptTokens(state, "m", { bytes: 4000 }).tokens).toBe(1000);
  });
});
