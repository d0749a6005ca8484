import { describe, expect, it } from "vitest";
import { flatSchedule } from "../cost/flat-schedule.ts";
import type { OutcomeKind } from "../health/outcome.ts";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import type { RouterState } from "../state/router-state.ts";
import { exampleEnd, exampleOffering, exampleRequest } from "../testing.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";

const at = { nowMs: 1_000_000, seed: 1 };
const providersOf = (decision: Decision): readonly string[] =>
  decision.candidates.map(({ offering }) => offering.provider);

const cheap = exampleOffering("cheap", { price: flatSchedule({ input: 1, output: 4 }) });
const dear = exampleOffering("dear", { price: flatSchedule({ input: 2, output: 8 }) });
const request = exampleRequest(["cheap", "dear"]);
const newState = (): RouterState => createRouterState({ offerings: [dear, cheap] });

const fail = (
  state: RouterState,
  provider: string,
  outcome: OutcomeKind,
  options: { readonly times?: number; readonly retryAfterMs?: number } = {},
): void => {
  for (let time = 0; time < (options.times ?? 1); time += 1) {
    observe(
      state,
      exampleEnd({
        offeringId: `${provider}/m`,
        credentialId: `${provider}-platform`,
        outcome,
        totalMs: 0,
        retryAfterMs: options.retryAfterMs ?? null,
      }),
    );
  }
};

describe("decide", () => {
  it("is the cheapest expected cost for cost-focus, with what to hold", () => {
    const decision = decide(newState(), request, at);
    expect(providersOf(decision)).toEqual(["cheap", "dear"]);
    expect(decision.candidates[0]?.expected.costUsd).toBe((1000 * 1 + 300 * 4) / 1e6);
    expect(decision.holdPicoUsd).toBe(1000 * 1e6 + 943 * 4e6);
    expect(decision.failure).toBeNull();
  });

  it("chooses by the price tier that the prompt reaches", () => {
    const a = exampleOffering("a", {
      price: flatSchedule({
        input: 1,
        output: 4,
        tiers: [{ abovePromptTokens: 200_000, input: 4, output: 16 }],
      }),
    });
    const b = exampleOffering("b", { price: flatSchedule({ input: 1.5, output: 6 }) });
    const state = createRouterState({ offerings: [a, b] });
    const first = (tokens: number): string | undefined =>
      providersOf(
        decide(state, exampleRequest(["a", "b"], { prompt: { bytes: 0, tokens } }), at),
      )[0];
    expect(first(1000)).toBe("a");
    expect(first(200_000)).toBe("a");
    expect(first(200_001)).toBe("b");
  });

  it("puts own keys before platform keys of the same offering", () => {
    const own = { id: "own", provider: "cheap", owner: "byok" } as const;
    const decision = decide(
      newState(),
      { ...request, credentials: [...request.credentials, own] },
      at,
    );
    expect(decision.candidates.map(({ credential }) => credential.id)).toEqual([
      "own",
      "cheap-platform",
      "dear-platform",
    ]);
  });

  it("puts the preferred provider first, and ignores one that is no candidate", () => {
    expect(providersOf(decide(newState(), { ...request, prefer: "dear" }, at))[0]).toBe("dear");
    expect(providersOf(decide(newState(), { ...request, prefer: "nobody" }, at))[0]).toBe("cheap");
  });

  it("keeps models apart in fallback mode and pools them otherwise", () => {
    const other = exampleOffering("cheap", {
      id: "cheap/n",
      model: "n",
      price: flatSchedule({ input: 0.1, output: 0.1 }),
    });
    const state = createRouterState({ offerings: [cheap, dear, other] });
    const ids = (mode: "pool" | "fallback"): readonly string[] =>
      decide(state, { ...request, models: ["m", "n"], mode }, at).candidates.map(
        ({ offering }) => offering.id,
      );
    expect(ids("fallback")).toEqual(["cheap/m", "dear/m", "cheap/n"]);
    expect(ids("pool")).toEqual(["cheap/n", "cheap/m", "dear/m"]);
  });

  it("lists twenty candidates at most", () => {
    const offerings = Array.from({ length: 30 }, (_, index) => exampleOffering(`p${index}`));
    const all = exampleRequest(offerings.map(({ provider }) => provider));
    expect(decide(createRouterState({ offerings }), all, at).candidates).toHaveLength(20);
  });

  it("counts the odds of failure in every term", () => {
    const near = exampleOffering("dear", { price: flatSchedule({ input: 1.1, output: 4.4 }) });
    const state = createRouterState({ offerings: [cheap, near] });
    fail(state, "cheap", "server_error", { times: 3 });
    expect(providersOf(decide(state, request, at))).toEqual(["dear", "cheap"]);
  });

  it("buys time where time has a price", () => {
    const state = createRouterState({
      offerings: [cheap, dear],
      latencyPriors: { cheap: { ttftMs: 5000 }, dear: { ttftMs: 200 } },
    });
    const first = (valueOfTimeUsdPerSecond: number): string | undefined =>
      providersOf(
        decide(state, { ...request, strategy: "balanced", valueOfTimeUsdPerSecond }, at),
      )[0];
    expect(first(0.000_01)).toBe("cheap");
    expect(first(0.01)).toBe("dear");
  });
});

describe("decide under failing health", () => {
  it("does not try an account before its Retry-After is over", () => {
    const state = newState();
    fail(state, "cheap", "rate_limited", { retryAfterMs: 3000 });
    expect(providersOf(decide(state, request, at))).toEqual(["dear"]);
    expect(providersOf(decide(state, request, { ...at, nowMs: at.nowMs + 3000 }))[0]).toBe("cheap");
  });

  it("only ever extends a rest", () => {
    const state = newState();
    fail(state, "cheap", "rate_limited", { retryAfterMs: 30_000 });
    fail(state, "cheap", "rate_limited", { retryAfterMs: 1000 });
    expect(providersOf(decide(state, request, { ...at, nowMs: at.nowMs + 29_999 }))).toEqual([
      "dear",
    ]);
  });

  it("answers 429 with the earliest moment if all are rate-limited", () => {
    const state = newState();
    fail(state, "cheap", "rate_limited", { retryAfterMs: 30_000 });
    fail(state, "dear", "rate_limited", { retryAfterMs: 12_001 });
    expect(decide(state, request, at).failure).toMatchObject({
      code: "rate_limit_exceeded",
      retryAfterSeconds: 13,
    });
  });

  it("answers 503 if what is left has a dead credential or no such model", () => {
    const state = newState();
    fail(state, "cheap", "auth_error");
    fail(state, "dear", "model_unavailable");
    expect(decide(state, request, at).failure).toMatchObject({
      code: "no_provider_available",
      retryAfterSeconds: 600,
    });
  });

  it("doubles the rest of a model unknown there", () => {
    const state = newState();
    const late = { ...at, nowMs: at.nowMs + 600_000 };
    fail(state, "cheap", "model_unavailable");
    expect(providersOf(decide(state, request, late))).toContain("cheap");
    observe(
      state,
      exampleEnd({
        nowMs: late.nowMs,
        offeringId: "cheap/m",
        credentialId: "cheap-platform",
        outcome: "model_unavailable",
      }),
    );
    const later = (afterMs: number) =>
      decide(state, request, { ...at, nowMs: late.nowMs + afterMs });
    expect(providersOf(later(1_199_999))).toEqual(["dear"]);
    expect(providersOf(later(1_200_000))).toContain("cheap");
  });

  it("keeps a resting breaker as a last resort, behind all that is healthy", () => {
    const state = newState();
    fail(state, "cheap", "server_error", { times: 5 });
    const decision = decide(state, { ...request, prefer: "cheap" }, at);
    expect(
      decision.candidates.map(({ offering, resting }) => [offering.provider, resting]),
    ).toEqual([
      ["dear", false],
      ["cheap", true],
    ]);
  });

  it("lets one last resort through at a time, then answers 503", () => {
    const state = createRouterState({ offerings: [cheap] });
    fail(state, "cheap", "server_error", { times: 5 });
    expect(decide(state, request, at).candidates[0]?.resting).toBe(true);
    observe(state, {
      type: "attempt_started",
      nowMs: at.nowMs,
      offeringId: "cheap/m",
      credentialId: "cheap-platform",
      workspace: "w",
      promptTokens: 1000,
    });
    expect(decide(state, request, at).failure).toMatchObject({
      code: "no_provider_available",
      retryAfterSeconds: 10,
    });
  });

  it("takes the caller's faults for nobody's failure", () => {
    const state = newState();
    for (const outcome of [
      "bad_request",
      "content_filtered",
      "context_length",
      "cancelled",
    ] as const) {
      fail(state, "cheap", outcome, { times: 50 });
    }
    expect(decide(state, request, at).candidates).toEqual(
      decide(newState(), request, at).candidates,
    );
  });

  it("ignores events of offerings it does not know, but counts them", () => {
    const state = newState();
    fail(state, "nobody", "server_error", { times: 9 });
    expect(state.version).toBe(9);
    expect(decide(state, request, at).candidates).toEqual(
      decide(newState(), request, at).candidates,
    );
  });
});
