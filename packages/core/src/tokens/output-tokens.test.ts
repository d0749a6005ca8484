import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleEnd, exampleOffering } from "../testing.ts";
import { emptyUsage } from "../usage/usage.ts";
import { estimateOutputTokens } from "./output-tokens.ts";

const newState = () => createRouterState({ offerings: [exampleOffering("example")] });

describe("estimateOutputTokens", () => {
  it("has an answer for the first request", () => {
    expect(estimateOutputTokens(newState(), { workspace: "w", model: "m" })).toEqual({
      mean: 300,
      p50: 182,
      p95: 943,
      cap: null,
    });
  });

  it("never exceeds either cap", () => {
    const state = newState();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.option(fc.integer({ min: 1, max: 5000 })),
        (maxOutputTokens, cap) => {
          const output = estimateOutputTokens(state, {
            workspace: "w",
            model: "m",
            maxOutputTokens,
            cap,
          });
          expect(output.cap).toBe(Math.min(maxOutputTokens, cap ?? Infinity));
          expect(Math.max(output.mean, output.p50, output.p95)).toBeLessThanOrEqual(
            output.cap ?? Infinity,
          );
          expect(output.p50).toBeLessThanOrEqual(output.p95);
        },
      ),
    );
  });

  it("learns per workspace, reasoning included", () => {
    const state = newState();
    for (let turn = 0; turn < 100; turn += 1) {
      const usage = { ...emptyUsage, outputTokens: 1000, reasoningTokens: 1000 };
      observe(state, exampleEnd({ workspace: "long", usage }));
    }
    const learned = estimateOutputTokens(state, { workspace: "long", model: "m" });
    expect(learned.mean).toBeGreaterThan(1800);
    expect(learned.p95).toBeGreaterThan(1900);
    expect(estimateOutputTokens(state, { workspace: "w", model: "m" }).mean).toBe(300);
  });
});
