import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histories, idsOf, offeringLists, requests, stateOf } from "../../test/arbitraries.ts";
import { exampleOffering } from "../testing.ts";
import { observe } from "./observe.ts";
import { createRouterState, freeze, withOfferings } from "./router-state.ts";

describe("laws of the state", () => {
  it("a frozen state is equal and independent", () => {
    fc.assert(
      fc.property(offeringLists, histories, histories, (offerings, history, later) => {
        const state = stateOf(offerings, history);
        const frozen = freeze(state);
        expect(frozen).toEqual(state);
        for (const event of later) observe(state, event);
        // Not compared with another frozen one: both might share what the events change.
        expect(frozen).toEqual(stateOf(offerings, history));
        for (const event of later) observe(frozen, event);
        expect(frozen).toEqual(state);
      }),
    );
  });

  it("the version counts events", () => {
    fc.assert(
      fc.property(offeringLists, histories, (offerings, history) => {
        expect(stateOf(offerings, history).version).toBe(history.length);
      }),
    );
  });

  it("a reload keeps what was learned of offerings that stay", () => {
    fc.assert(
      fc.property(offeringLists, histories, requests, (offerings, history, request) => {
        const state = stateOf(offerings, history);
        const extra = exampleOffering("p9");
        const back = withOfferings(withOfferings(state, [...offerings, extra]), offerings);
        expect(idsOf(back, request)).toEqual(idsOf(state, request));
        expect(back.version).toBe(state.version + 2);
      }),
    );
  });

  it("refuses two offerings of one id", () => {
    const offering = exampleOffering("p0");
    expect(() => createRouterState({ offerings: [offering, offering] })).toThrow('"p0/m"');
  });
});
