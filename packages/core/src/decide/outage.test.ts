import { describe, expect, it } from "vitest";
import { flatSchedule } from "../cost/flat-schedule.ts";
import type { OutcomeKind } from "../health/outcome.ts";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleEnd, exampleOffering, exampleRequest } from "../testing.ts";
import { decide } from "./decide.ts";
import { react } from "./react.ts";
import type { AttemptRecord } from "./reaction.ts";

const providers = ["a", "b", "c", "d"];
/** `a` is 5 % cheaper, so it is the first choice while it is healthy. */
const offerings = providers.map((provider) =>
  exampleOffering(provider, {
    price: flatSchedule({ input: provider === "a" ? 0.95 : 1, output: provider === "a" ? 3.8 : 4 }),
  }),
);

/** Runs requests one after another, `everyMs` apart, until each ends; an outcome takes 20 ms. */
const run = (options: {
  readonly requests: number;
  readonly everyMs: number;
  readonly outcomeAt: (provider: string, nowMs: number) => OutcomeKind;
}) => {
  const state = createRouterState({ offerings });
  const request = exampleRequest(providers);
  const served: { readonly nowMs: number; readonly provider: string | null }[] = [];
  let attemptsMade = 0;
  for (let index = 0; index < options.requests; index += 1) {
    let nowMs = 1_000_000 + index * options.everyMs;
    observe(state, { type: "request_started", nowMs });
    const decision = decide(state, request, { nowMs, seed: index });
    const attempts: AttemptRecord[] = [];
    for (;;) {
      const reaction = react(state, request, decision, attempts, { nowMs, seed: index });
      if (reaction.type === "stop") {
        served.push({ nowMs, provider: null });
        break;
      }
      if (reaction.type === "retry" && reaction.fromBudget)
        observe(state, { type: "retry_spent", nowMs });
      nowMs += reaction.afterMs;
      const { offering, credential } = decision.candidates[reaction.candidate] ?? {};
      if (offering === undefined || credential === undefined) throw new Error("no such candidate");
      const who = { offeringId: offering.id, credentialId: credential.id, workspace: "w" };
      observe(state, { type: "attempt_started", nowMs, ...who, promptTokens: 1000 });
      attemptsMade += 1;
      const outcome = options.outcomeAt(offering.provider, nowMs);
      nowMs += 20;
      observe(state, {
        type: "attempt_ended",
        nowMs,
        ...who,
        outcome,
        stream: true,
        ttftMs: outcome === "success" ? 10 : null,
        totalMs: 20,
        usage: null,
        promptBytes: 4000,
        retryAfterMs: null,
      });
      if (outcome === "success") {
        served.push({ nowMs, provider: offering.provider });
        break;
      }
      attempts.push({
        candidate: reaction.candidate,
        outcome,
        status: 503,
        retryAfterMs: null,
        durationMs: 20,
      });
    }
  }
  return { served, attemptsMade };
};

describe("an outage", () => {
  it.each([100, 1000, 5000])(
    "of everything never doubles the load (a request every %s ms)",
    (everyMs) => {
      const { attemptsMade } = run({ requests: 200, everyMs, outcomeAt: () => "overloaded" });
      expect(attemptsMade).toBeLessThanOrEqual(400);
    },
  );

  it("of one provider fails no request, and it is used again within 30 s of its recovery", () => {
    const recoveredMs = 1_000_000 + 60_000;
    const { served } = run({
      requests: 120,
      everyMs: 1000,
      outcomeAt: (provider, nowMs) =>
        provider === "a" && nowMs < recoveredMs ? "server_error" : "success",
    });
    expect(served.every(({ provider }) => provider !== null)).toBe(true);
    expect(
      served.some(
        ({ provider, nowMs }) =>
          provider === "a" && nowMs >= recoveredMs && nowMs <= recoveredMs + 30_000,
      ),
    ).toBe(true);
  });
});

describe("offerings of one provider", () => {
  const models = ["m", "n"] as const;
  const own = models.flatMap((model) => [
    exampleOffering("a", { model, price: flatSchedule({ input: 0.5, output: 2 }) }),
    exampleOffering("b", { model }),
  ]);
  const firstOf = (outcome: OutcomeKind) => {
    const state = createRouterState({ offerings: own });
    for (let failed = 0; failed < 5; failed += 1) {
      const who = { offeringId: "a/m", credentialId: "a-platform", workspace: "w" };
      observe(state, { type: "attempt_started", nowMs: 1_000_000, promptTokens: 9, ...who });
      observe(state, exampleEnd({ ...who, outcome, nowMs: 1_000_000 }));
    }
    const request = exampleRequest(["a", "b"], { models: ["n"] });
    return decide(state, request, { nowMs: 1_000_001, seed: 1 }).candidates[0]?.offering.provider;
  };

  it("share the fate of one that cannot be reached, and no other failure", () => {
    expect(firstOf("network_error")).toBe("b");
    expect(firstOf("server_error")).toBe("a");
  });
});
