import { expect, test } from "vitest";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleEnd, exampleOffering } from "../testing/examples.ts";
import { describeHealth } from "./describe-health.ts";

test("every offering with its breaker, its odds and what was learned of its speed", () => {
  const nowMs = 1_000_000;
  const state = createRouterState({ offerings: [exampleOffering("a"), exampleOffering("b")] });
  const ended = { offeringId: "b/m", credentialId: "b-platform", nowMs };
  for (let count = 0; count < 5; count += 1) {
    observe(state, exampleEnd({ ...ended, outcome: "server_error" }));
  }
  const [a, b] = describeHealth(state, nowMs + 1);
  expect(a).toMatchObject({ breaker: "closed", readyAtMs: null, successProbability: 1 });
  expect(a?.observations).toBe(0);
  expect(b).toMatchObject({ offering: { id: "b/m" }, breaker: "open" });
  expect(b?.readyAtMs).toBeGreaterThan(nowMs);
  const [, later] = describeHealth(state, nowMs + 60_000);
  expect(later?.breaker).toBe("half_open");
});
