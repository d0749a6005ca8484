import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  at,
  constraints,
  histories,
  idsOf,
  offeringLists,
  requests,
  stateOf,
} from "../../test/arbitraries.ts";
import { decide } from "../decide/decide.ts";
import { explain } from "./explain.ts";

describe("laws of explain", () => {
  it("it agrees with decide, its contributions add up, and everyone is accounted for", () => {
    fc.assert(
      fc.property(
        offeringLists,
        histories,
        requests,
        constraints,
        (offerings, history, request, extra) => {
          const state = stateOf(offerings, history);
          const asked = { ...request, constraints: extra };
          const explanation = explain(state, asked, at);
          expect(explanation.decision).toEqual(decide(state, asked, at));
          expect(
            explanation.candidates.map(
              ({ offeringId, credentialId }) => `${offeringId} ${credentialId}`,
            ),
          ).toEqual(idsOf(state, asked));
          for (const { score, terms } of explanation.candidates) {
            const { cost, ttft, throughput } = terms;
            expect(cost.contribution + ttft.contribution + throughput.contribution).toBeCloseTo(
              score,
              12,
            );
          }
          const told = new Set([
            ...explanation.candidates.map(({ offeringId }) => offeringId),
            ...explanation.rejected.map(({ offeringId }) => offeringId),
          ]);
          const concerned = offerings.filter(({ model }) => request.models.includes(model));
          expect(told).toEqual(new Set(concerned.map(({ id }) => id)));
        },
      ),
    );
  });
});
