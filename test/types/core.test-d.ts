import { decide, flatSchedule, react, restore, serialise } from "@pointsman/core";
import type {
  AttemptRecord,
  Breaker,
  Decision,
  Offering,
  OfferingFilter,
  OutputEstimator,
  Plugs,
  PriceSchedule,
  Reaction,
  Rejection,
  RouterEvent,
  RouterState,
  RoutingRequest,
  ScoreFunction,
  Tokenizer,
} from "@pointsman/core";
import { reserveHold, roomOf } from "@pointsman/core/budget";
import type { BudgetWindow, Hold } from "@pointsman/core/budget";
import { describe, expectTypeOf, test } from "vitest";

declare const state: RouterState;
declare const request: RoutingRequest;
declare const decision: Decision;

describe("a decision", () => {
  test("is a value: candidates, or why there are none", () => {
    expectTypeOf(decide(state, request, { nowMs: 0, seed: 1 })).toEqualTypeOf<Decision>();
    expectTypeOf<Decision["failure"]>().toEqualTypeOf<Rejection | null>();
    expectTypeOf<Decision["holdPicoUsd"]>().toEqualTypeOf<number | null>();
  });

  test("needs time and seed, which core has none of", () => {
    // @ts-expect-error no seed
    decide(state, request, { nowMs: 0 });
    // @ts-expect-error no time
    decide(state, request, { seed: 1 });
  });

  test("cannot be changed", () => {
    // @ts-expect-error read only
    decision.seed = 2;
    // @ts-expect-error read only
    decision.candidates.push();
  });
});

describe("a request", () => {
  test("names a model at least", () => {
    expectTypeOf<readonly []>().not.toExtend<RoutingRequest["models"]>();
    expectTypeOf<readonly ["m"]>().toExtend<RoutingRequest["models"]>();
  });

  test("has a strategy by name, or weights", () => {
    expectTypeOf<"cost-focus">().toExtend<RoutingRequest["strategy"]>();
    expectTypeOf<{ cost: 1; ttft: 2 }>().toExtend<RoutingRequest["strategy"]>();
    expectTypeOf<"cheapest">().not.toExtend<RoutingRequest["strategy"]>();
  });
});

test("a reaction has only what it says", () => {
  const attempts: readonly AttemptRecord[] = [];
  const reaction = react(state, request, decision, attempts, { nowMs: 0, seed: 1 });
  expectTypeOf(reaction).toEqualTypeOf<Reaction>();
  if (reaction.type === "stop") {
    expectTypeOf(reaction.code).toBeString();
    expectTypeOf(reaction.retryAfterMs).toEqualTypeOf<number | null>();
    expectTypeOf(reaction).not.toHaveProperty("candidate");
  } else {
    expectTypeOf(reaction.candidate).toBeNumber();
    expectTypeOf(reaction).not.toHaveProperty("code");
  }
});

test("a breaker rests until a time only where it rests", () => {
  type In<State> = Extract<Breaker, { readonly state: State }>;
  expectTypeOf<In<"open">>().toHaveProperty("untilMs");
  expectTypeOf<In<"closed">>().not.toHaveProperty("untilMs");
  expectTypeOf<In<"half_open">>().not.toHaveProperty("failuresInRow");
});

test("an event is known by its type", () => {
  type Of<Type> = Extract<RouterEvent, { readonly type: Type }>;
  expectTypeOf<Of<"attempt_ended">>().toHaveProperty("usage");
  expectTypeOf<Of<"attempt_started">>().not.toHaveProperty("usage");
  expectTypeOf<Of<"retry_spent">>().toEqualTypeOf<{
    readonly type: "retry_spent";
    readonly nowMs: number;
  }>();
});

test("prices are of one period at least", () => {
  expectTypeOf(flatSchedule({ input: 1, output: 2 })).toEqualTypeOf<PriceSchedule>();
  expectTypeOf<{ readonly periods: readonly [] }>().not.toExtend<PriceSchedule>();
  expectTypeOf<Offering["price"]>().toEqualTypeOf<PriceSchedule | null>();
});

test("what is plugged in is an object with one or two functions", () => {
  const score: ScoreFunction = { score: ({ costPicoUsd, ttftMs }) => costPicoUsd + ttftMs };
  const filter: OfferingFilter = {
    admits: ({ region }, { models }) => region === "eu" || models.length > 1,
    reason: ({ id }) => ({ code: "no_compatible_endpoint", param: null, message: id }),
  };
  const output: OutputEstimator = { estimate: () => null };
  const tokenizer: Tokenizer = { promptTokens: (_model, { bytes }) => bytes / 4 };
  const plugs: Plugs = { score, filter, output, tokenizer };
  expectTypeOf(restore(serialise(state), plugs)).toEqualTypeOf<RouterState>();
});

test("money: a number in one request, bigint in totals", () => {
  expectTypeOf<Parameters<typeof roomOf>>().toEqualTypeOf<[BudgetWindow]>();
  expectTypeOf(roomOf).returns.toEqualTypeOf<bigint>();
  expectTypeOf<BudgetWindow["heldPicoUsd"]>().toEqualTypeOf<bigint>();
  expectTypeOf<Extract<Hold, { readonly status: "open" }>["picoUsd"]>().toEqualTypeOf<number>();
  const answer = reserveHold([], { leastPicoUsd: 1, wantedPicoUsd: 2, leaseEndsAtMs: 3 });
  if (answer.status === "refused") expectTypeOf(answer).not.toHaveProperty("hold");
  else expectTypeOf(answer.grantedPicoUsd).toBeNumber();
});
