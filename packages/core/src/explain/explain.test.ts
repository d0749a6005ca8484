import { describe, expect, it } from "vitest";
import { flatSchedule } from "../cost/flat-schedule.ts";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleEnd, exampleOffering, exampleRequest } from "../testing.ts";
import { explain } from "./explain.ts";

const at = { nowMs: 1_000_000, seed: 1 };

describe("explain", () => {
  it("splits the terms of every candidate and tells why the others are none", () => {
    const tiers = [{ abovePromptTokens: 500, input: 2, output: 8 }];
    const state = createRouterState({
      offerings: [
        exampleOffering("a"),
        exampleOffering("b", { price: flatSchedule({ input: 1, output: 4, tiers }) }),
        exampleOffering("c", { contextWindow: 10 }),
        exampleOffering("d"),
        exampleOffering("other", { model: "n" }),
      ],
    });
    observe(
      state,
      exampleEnd({
        offeringId: "d/m",
        credentialId: "d-platform",
        outcome: "rate_limited",
        retryAfterMs: 5000,
      }),
    );
    const request = exampleRequest(["a", "b", "c", "d", "other"], {
      strategy: "cost",
      valueOfTimeUsdPerSecond: 0,
    });
    const { candidates, rejected } = explain(state, request, at);
    expect(candidates.map(({ rank, offeringId }) => [rank, offeringId])).toEqual([
      [1, "a/m"],
      [2, "b/m"],
    ]);
    expect(candidates[0]?.terms.cost).toEqual({
      value: 0.0022,
      weight: 0.6,
      contribution: 0.6,
      now: 0.0022,
      toGo: 0,
      time: 0,
    });
    expect(candidates[1]?.terms.cost.contribution).toBe(0.3);
    expect(candidates[1]?.reasons).toContain("price tier above 500 prompt tokens");
    expect(candidates[0]?.reasons).toContain("lowest expected cost");
    expect(
      rejected.map(({ offeringId, credentialId, code }) => [offeringId, credentialId, code]),
    ).toEqual([
      ["c/m", null, "context_length_exceeded"],
      ["d/m", "d-platform", "cooling_down"],
    ]);
    expect(rejected[1]?.retryAfterSeconds).toBe(5);
  });

  it("tells the failure and everyone's reason if nothing is left", () => {
    const state = createRouterState({
      offerings: [exampleOffering("a"), exampleOffering("b", { enabled: false })],
    });
    const constraints = { dataPolicy: "zdr" } as const;
    const { decision, candidates, rejected } = explain(
      state,
      exampleRequest(["a", "b"], { constraints }),
      at,
    );
    expect(decision.failure?.code).toBe("no_compatible_endpoint");
    expect(candidates).toEqual([]);
    expect(rejected.map(({ code }) => code)).toEqual([
      "model_unavailable",
      "no_compatible_endpoint",
    ]);
  });
});
