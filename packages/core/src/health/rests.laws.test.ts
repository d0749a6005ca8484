import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleEnd, exampleOffering } from "../testing.ts";
import { observe } from "../state/observe.ts";
import type { RouterEvent } from "../state/router-event.ts";
import { createRouterState } from "../state/router-state.ts";
import type { Breaker } from "./breaker.ts";
import type { OutcomeKind } from "./outcome.ts";

const outcomes = fc.constantFrom<OutcomeKind>(
  "success",
  "server_error",
  "server_error",
  "server_error",
  "timeout",
  "overloaded",
  "rate_limited",
  "model_unavailable",
  "bad_request",
  "cancelled",
);

const steps = fc.array(
  fc.record({
    laterMs: fc.integer({ min: 0, max: 15_000 }),
    starts: fc.boolean(),
    outcome: outcomes,
    totalMs: fc.integer({ min: 0, max: 30_000 }),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 90_000 })),
  }),
  { minLength: 20, maxLength: 80 },
);

const untilOf = (breaker: Breaker): number => (breaker.state === "open" ? breaker.untilMs : 0);

describe("laws of rests", () => {
  it("no deadline ever shrinks, but by an answer from the offering itself", () => {
    let opened = 0;
    fc.assert(
      fc.property(steps, (history) => {
        const state = createRouterState({
          offerings: [exampleOffering("example")],
          breaker: { openAfter: 2 },
        });
        const { learned } = state;
        let nowMs = 1_000_000;
        for (const { laterMs, starts, outcome, totalMs, retryAfterMs } of history) {
          nowMs += laterMs;
          const breaker = learned.rows[0]?.health.breaker;
          const rest = { ...learned.slots.rests[0] };
          const event: RouterEvent = starts
            ? {
                type: "attempt_started",
                nowMs,
                offeringId: "example/m",
                credentialId: "example-platform",
                workspace: "w",
                promptTokens: 10,
              }
            : exampleEnd({ nowMs, outcome, totalMs, retryAfterMs });
          observe(state, event);
          const after = learned.rows[0]?.health.breaker;
          if (breaker === undefined || after === undefined) throw new Error("no such row");
          if (after.state === "open") opened += 1;
          // A deadline that is past binds nobody any more: its probe may be under way.
          if (after.state !== "closed" && untilOf(breaker) > nowMs)
            expect(untilOf(after)).toBeGreaterThanOrEqual(untilOf(breaker));
          if (after.state === "closed" && breaker.state !== "closed")
            expect(["success", "bad_request"]).toContain(outcome);
          const restAfter = learned.slots.rests[0];
          expect(restAfter?.retryAfterMs ?? 0).toBeGreaterThanOrEqual(rest.retryAfterMs ?? 0);
          expect(restAfter?.modelUntilMs ?? 0).toBeGreaterThanOrEqual(rest.modelUntilMs ?? 0);
        }
      }),
      { numRuns: 200 },
    );
    expect(opened).toBeGreaterThan(100);
  });
});
