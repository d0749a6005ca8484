import { describe, expect, test } from "vitest";
import type { RoutingRequest } from "../request/routing-request.ts";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import type { RouterState } from "../state/router-state.ts";
import { exampleEnd, exampleOffering, exampleRequest } from "../testing.ts";
import { decide } from "./decide.ts";
import { hedgeOf } from "./hedge.ts";
import { timeLimitOf } from "./time-limits.ts";

const at = { nowMs: 1_000_000, seed: 7 };
const providers = ["a", "b"];
const streaming = { stream: true } as const;

/** So many answers at every offering; one of `lateEvery` takes ten times as long. */
const learned = (
  answers: number,
  options: {
    readonly ttftMs?: number;
    readonly lateEvery?: number;
    readonly effort?: string;
    readonly stream?: boolean;
  } = {},
): RouterState => {
  const { ttftMs = 800, lateEvery = Infinity, effort, stream = true } = options;
  const state = createRouterState({ offerings: providers.map((id) => exampleOffering(id)) });
  for (let seen = 0; seen < answers; seen += 1) {
    const takesMs = seen % lateEvery === lateEvery - 1 ? 10 * ttftMs : ttftMs;
    for (const id of providers) {
      observe(
        state,
        exampleEnd({
          offeringId: `${id}/m`,
          nowMs: at.nowMs,
          stream,
          ttftMs: stream ? takesMs : null,
          totalMs: takesMs + 1000,
          ...(effort === undefined ? {} : { reasoningEffort: effort }),
        }),
      );
    }
  }
  return state;
};

const limit = (
  state: RouterState,
  change: Partial<RoutingRequest> = streaming,
  only = providers,
) => {
  const request = exampleRequest(only, change);
  const decision = decide(state, request, at);
  return timeLimitOf(state, request, decision, { index: 0, attempts: [], nowMs: at.nowMs });
};

describe("a limit of time", () => {
  test("is four times what is expected and a little more, once enough is known", () => {
    expect(limit(learned(199))).toBeNull();
    const known = limit(learned(200, { ttftMs: 2000 }));
    expect(known).toBeGreaterThan(4 * 2000 * 0.8 + 1500);
    expect(known).toBeLessThan(4 * 2000 * 1.2 + 1500);
  });

  test("is never under five seconds, nor under what one of 200 takes", () => {
    expect(limit(learned(300, { ttftMs: 100 }))).toBe(5000);
    // One of 40 takes 20 s: far more than four times the mean.
    expect(limit(learned(400, { ttftMs: 2000, lateEvery: 40 }))).toBeGreaterThan(15_000);
  });

  test("is kept for each level of reasoning apart", () => {
    const state = learned(250, { effort: "high" });
    expect(limit(state)).toBeNull();
    expect(limit(state, { ...streaming, reasoningEffort: "high" })).not.toBeNull();
  });

  test("is none where nobody could take over", () => {
    const state = learned(250);
    expect(limit(state, streaming, ["a"])).toBeNull();
    expect(limit(state, { ...streaming, maxFallbackAttempts: 0 })).toBeNull();
    for (let failed = 0; failed < 5; failed += 1) {
      observe(
        state,
        exampleEnd({ offeringId: "b/m", ...at, outcome: "server_error", usage: null }),
      );
    }
    expect(limit(state)).toBeNull();
  });

  test("of a whole answer has room for its length", () => {
    const state = learned(250, { stream: false });
    const json = limit(state, { stream: false });
    expect(json).toBeGreaterThan(limit(learned(250), streaming) ?? 0);
  });
});

describe("a hedge", () => {
  const hedge = (state: RouterState, change: Partial<RoutingRequest> = {}, only = providers) => {
    const request = exampleRequest(only, { ...streaming, ...change });
    return hedgeOf(state, request, decide(state, request, at), { index: 0, nowMs: at.nowMs });
  };
  // One of 25 takes 8 s instead of 0.8.
  const heavy = learned(400, { lateEvery: 25 });

  test("goes to the next candidate, after what 95 of 100 take", () => {
    const found = hedge(heavy, { valueOfTimeUsdPerSecond: 1 });
    expect(found?.candidate).toBe(1);
    expect(found?.afterMs).toBeGreaterThan(500);
    expect(found?.afterMs).toBeLessThan(4000);
  });

  test("is none where time is worth less than the attempt", () => {
    expect(hedge(heavy, { valueOfTimeUsdPerSecond: 1e-9 })).toBeNull();
  });

  test("is none where the tail is short or unknown, nobody else is left, or nothing streams", () => {
    const rich = { valueOfTimeUsdPerSecond: 1 };
    expect(hedge(learned(400), rich)).toBeNull();
    expect(hedge(learned(30, { lateEvery: 25 }), rich)).toBeNull();
    expect(hedge(heavy, rich, ["a"])).toBeNull();
    expect(hedge(heavy, { ...rich, maxFallbackAttempts: 0 })).toBeNull();
    expect(hedge(heavy, { ...rich, stream: false })).toBeNull();
  });
});
