import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import { uniform } from "../random/seeded.ts";
import { exampleEnd, exampleOffering } from "../testing.ts";
import { emptyUsage } from "../usage/usage.ts";
import { lengthRows } from "./output-lengths.ts";
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

  it("learns of each kind of answer apart, starting from what is known of all", () => {
    const state = newState();
    const answers = (outputHint: string, outputTokens: number): void => {
      for (let turn = 0; turn < 60; turn += 1) {
        const usage = { ...emptyUsage, outputTokens: outputTokens + (turn % 7) };
        observe(state, exampleEnd({ outputHint, usage }));
      }
    };
    answers("tools", 40);
    answers("chat", 900);
    const of = (outputHint?: string) =>
      estimateOutputTokens(state, { workspace: "w", model: "m", outputHint });
    expect(of("tools").mean).toBeLessThan(70);
    expect(of("chat").mean).toBeGreaterThan(800);
    expect(of("json")).toEqual(of());
    expect(of().mean).toBeGreaterThan(of("tools").mean);
    expect(of().mean).toBeLessThan(of("chat").mean);
  });

  it("comes to the quantiles of what was seen, and forgets what is long past", () => {
    const state = newState();
    const { sqrt, log, cos, PI, exp, round } = Math;
    // Log-normal about 500 with a sigma of 0.6.
    const drawn = (turn: number): number =>
      round(500 * exp(0.6 * sqrt(-2 * log(1 - uniform(turn, 1))) * cos(2 * PI * uniform(turn, 2))));
    const answer = (outputTokens: number): void => {
      observe(state, exampleEnd({ usage: { ...emptyUsage, outputTokens } }));
    };
    for (let turn = 0; turn < 1000; turn += 1) answer(7);
    for (let turn = 0; turn < 2000; turn += 1) answer(drawn(turn));
    const { mean, p50, p95 } = estimateOutputTokens(state, { workspace: "w", model: "m" });
    // About a hundred answers count: the standard error of their median is 8 %.
    expect(Math.abs(log(p50 / 500))).toBeLessThan(0.2);
    expect(Math.abs(log(mean / (500 * exp(0.18))))).toBeLessThan(0.2);
    expect(Math.abs(log(p95 / (500 * exp(0.6 * 1.645))))).toBeLessThan(0.3);
  });

  it("keeps no more laws than it is told to, those taught last", () => {
    const options = { offerings: [exampleOffering("example")], outputEntries: 64 };
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(99), fc.option(fc.nat(9)), fc.nat(5)), { maxLength: 400 }),
        (answers) => {
          const state = createRouterState(options);
          let nowMs = 0;
          for (const [workspace, hint, stepMs] of answers) {
            nowMs += stepMs;
            observe(
              state,
              exampleEnd({
                nowMs,
                workspace: `w${workspace}`,
                usage: { ...emptyUsage, outputTokens: 5000 },
                ...(hint === null ? {} : { outputHint: `h${hint}` }),
              }),
            );
            const { outputLengths } = state.learned;
            expect(outputLengths.size).toBeLessThanOrEqual(64);
            expect(outputLengths.size).toBe(lengthRows(outputLengths).length);
            // What was taught just now is there.
            const learned = estimateOutputTokens(state, { workspace: `w${workspace}`, model: "m" });
            expect(learned.mean).toBeGreaterThan(300);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
