import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../decide/decide.ts";
import { explain } from "../explain/explain.ts";
import { bytesTokenizer, fixedOutput, regionFilter, worstRatioScore } from "../plugs/examples.ts";
import { observe } from "../state/observe.ts";
import { freeze } from "../state/router-state.ts";
import { merge } from "../state/merge.ts";
import { restore, serialise } from "../state/serialise.ts";
import type { SerialisedState } from "../state/serialise.ts";
import { exampleCase, stateOfCase } from "./cases.ts";
import type { ExampleCase } from "./cases.ts";
import { laws } from "./laws.ts";
import { scoreLaws } from "./score-laws.ts";

const cases = fc.integer().map(exampleCase);
const plugs = {
  score: worstRatioScore,
  filter: regionFilter(["eu"]),
  output: fixedOutput(200),
  tokenizer: bytesTokenizer(3),
};

describe("laws of a decision", () => {
  it.each([...laws, ...scoreLaws])("$name", ({ broken }) => {
    fc.assert(
      fc.property(cases, (example) => {
        expect(broken(example)).toBeNull();
      }),
    );
  });

  it.each(laws)("with plugs: $name", ({ broken }) => {
    fc.assert(
      fc.property(cases, (example) => {
        expect(broken(example, plugs)).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  it("plugs do what they say", () => {
    fc.assert(
      fc.property(cases, (example) => {
        const state = stateOfCase(example, { plugs, uncertaintyDraw: false });
        const request = { ...example.request, prompt: { bytes: 3001 } };
        const { decision, candidates, rejected } = explain(state, request, example.options);
        expect(decision.prompt.tokens).toBe(1001);
        for (const { offering } of decision.candidates) expect(offering.region).toBe("eu");
        // The order behind the first place also accounts for shared fate.
        const ready = decision.candidates.filter(({ resting }) => !resting);
        const scores = ready.map(({ score }) => score);
        if (ready.length > 0) expect(scores[0]).toBe(Math.max(...scores));
        for (const { score, terms } of candidates) {
          const parts = [terms.cost, terms.ttft, terms.throughput];
          const ratios = parts.flatMap(({ weight, contribution }) =>
            weight > 0 ? [contribution / weight] : [],
          );
          expect(score).toBeLessThanOrEqual(Math.min(...ratios) + 1e-12);
        }
        const told = new Set([...candidates, ...rejected].map(({ offeringId }) => offeringId));
        expect(told.size).toBe(example.offerings.length);
      }),
    );
  });
});

const settled = (seed: number): ExampleCase["offerings"] => exampleCase(seed).offerings;

describe("laws of the state", () => {
  it("restore undoes serialise, through JSON too", () => {
    fc.assert(
      fc.property(cases, (example) => {
        const state = stateOfCase(example);
        const wire: SerialisedState = JSON.parse(JSON.stringify(serialise(state)));
        const back = restore(wire);
        expect(back).toEqual(state);
        expect(decide(back, example.request, example.options)).toEqual(
          decide(state, example.request, example.options),
        );
        // And goes on alike.
        for (const event of example.history) {
          observe(back, event);
          observe(state, event);
        }
        expect(back).toEqual(state);
      }),
      { numRuns: 60 },
    );
  });

  it("merging is commutative, associative and idempotent", () => {
    const states = fc.tuple(fc.integer(), fc.integer(), fc.integer()).map(([a, b, c]) => {
      const offerings = settled(a);
      return [a, b, c].map((seed) => stateOfCase({ ...exampleCase(seed), offerings }));
    });
    fc.assert(
      fc.property(states, ([a, b, c]) => {
        if (a === undefined || b === undefined || c === undefined) return;
        const both = merge(a, b);
        expect(merge(b, a)).toEqual(both);
        expect(merge(both, b)).toEqual(both);
        expect(merge(both, both)).toEqual(both);
        expect(merge(both, c)).toEqual(merge(a, merge(b, c)));
      }),
      { numRuns: 60 },
    );
  });

  it("merging never shortens a rest", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (one, two) => {
        const offerings = settled(one);
        const a = stateOfCase({ ...exampleCase(one), offerings });
        const b = stateOfCase({ ...exampleCase(two), offerings });
        const merged = merge(a, b);
        const ends = ({ learned }: typeof a): Map<string, number> =>
          new Map(
            learned.slots.restUntilMs.map((untilMs, slot) => [
              `${learned.slots.offering[slot]} ${learned.slots.credential[slot]}`,
              untilMs,
            ]),
          );
        const longest = ends(merged);
        for (const [key, untilMs] of [...ends(a), ...ends(b)])
          expect(longest.get(key)).toBeGreaterThanOrEqual(untilMs);
      }),
    );
  });

  it("a frozen state decides alike, whatever happens to the other", () => {
    fc.assert(
      fc.property(cases, (example) => {
        const state = stateOfCase(example);
        const frozen = freeze(state);
        const before = JSON.stringify(decide(state, example.request, example.options));
        for (const event of example.history) observe(state, event);
        expect(JSON.stringify(decide(frozen, example.request, example.options))).toBe(before);
      }),
      { numRuns: 60 },
    );
  });
});
