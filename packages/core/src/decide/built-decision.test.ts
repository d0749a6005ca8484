import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { observe } from "../state/observe.ts";
import { exampleCase, stateOfCase } from "../testing/cases.ts";
import { decide } from "./decide.ts";

const seeds = fc.tuple(fc.integer(), fc.integer());

describe("a decision whose candidates are made later", () => {
  it("says what it said at once, whatever is decided and observed meanwhile", () => {
    fc.assert(
      fc.property(seeds, ([seed, otherSeed]) => {
        const { history, request, options, ...example } = exampleCase(seed);
        const state = stateOfCase({ history, request, options, ...example });
        const decision = decide(state, request, options);
        const atOnce = JSON.stringify(decide(state, request, options));
        const other = exampleCase(otherSeed);
        decide(stateOfCase(other), other.request, other.options);
        for (const event of history) observe(state, event);
        decide(state, { ...request, strategy: "cost" }, options);
        expect(JSON.stringify(decision)).toBe(atOnce);
      }),
    );
  });

  it("makes each candidate once", () => {
    const example = exampleCase(1);
    const decision = decide(stateOfCase(example), example.request, example.options);
    expect(decision.candidates).toBe(decision.candidates);
  });

  it("equals another whether or not its candidates were read", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const example = exampleCase(seed);
        const decided = () => decide(stateOfCase(example), example.request, example.options);
        const read = decided();
        expect(read.candidates.length > 0).toBe(read.failure === null);
        expect(read).toEqual(decided());
      }),
    );
  });
});
