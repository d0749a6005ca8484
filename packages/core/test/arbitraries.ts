import * as fc from "fast-check";
import { flatSchedule } from "../src/cost/flat-schedule.ts";
import { decide } from "../src/decide/decide.ts";
import type { Capability, Credential, Offering } from "../src/offering/offering.ts";
import type { Constraints, RoutingRequest } from "../src/request/routing-request.ts";
import { observe } from "../src/state/observe.ts";
import type { RouterEvent } from "../src/state/router-event.ts";
import { createRouterState } from "../src/state/router-state.ts";
import type { RouterState } from "../src/state/router-state.ts";
import { exampleEnd, exampleOffering, exampleRequest } from "../src/testing.ts";
import { emptyUsage } from "../src/usage/usage.ts";

const NOW_MS = 1_000_000;
export const providers = ["p0", "p1", "p2", "p3", "p4", "p5"];

const usdPerMtok = fc.integer({ min: 1, max: 40_000 }).map((price) => price / 1000);
export const prices = fc
  .tuple(usdPerMtok, usdPerMtok)
  .map(([input, output]) => flatSchedule({ input, output }));

const offeringAt = (provider: string): fc.Arbitrary<Offering> =>
  fc
    .record({
      price: fc.option(prices, { freq: 9 }),
      dataPolicy: fc.constantFrom("none", "no_training", "zdr"),
      tier: fc.constantFrom("standard", "standard", "standard", "priority"),
      contextWindow: fc.option(fc.constantFrom(500, 2000, 128_000)),
      capabilities: fc.record({ tools: fc.boolean(), vision: fc.boolean() }, { requiredKeys: [] }),
      unsupportedParameters: fc.subarray(["seed", "top_p"]),
      enabled: fc.constantFrom(true, true, true, false),
      model: fc.constantFrom("m", "m", "n"),
    })
    .map((overrides) => exampleOffering(provider, overrides));

export const offeringLists = fc
  .tuple(...providers.map(offeringAt))
  .chain((offerings) => fc.subarray(offerings, { minLength: 1 }));

const outcomes = fc.constantFrom(
  "success",
  "success",
  "timeout",
  "rate_limited",
  "server_error",
  "auth_error",
  "model_unavailable",
  "bad_request",
  "cancelled",
);

const events: fc.Arbitrary<RouterEvent> = fc
  .record({
    provider: fc.constantFrom(...providers),
    model: fc.constantFrom("m", "n"),
    started: fc.boolean(),
    nowMs: fc.integer({ min: NOW_MS - 60_000, max: NOW_MS }),
    outcome: outcomes,
    ttftMs: fc.option(fc.integer({ min: 1, max: 5000 })),
    tokens: fc.integer({ min: 1, max: 3000 }),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 90_000 })),
  })
  .map(({ provider, model, started, nowMs, outcome, ttftMs, tokens, retryAfterMs }) => {
    const who = {
      nowMs,
      offeringId: `${provider}/${model}`,
      credentialId: `${provider}-platform`,
      workspace: "w",
    };
    return started
      ? { type: "attempt_started", ...who, promptTokens: tokens }
      : exampleEnd({
          ...who,
          outcome,
          ttftMs,
          retryAfterMs: outcome === "rate_limited" ? retryAfterMs : null,
          usage:
            outcome === "success"
              ? { ...emptyUsage, inputTokens: 900, outputTokens: tokens }
              : null,
        });
  });
export const histories = fc.array(events, { maxLength: 40 });

export const constraints: fc.Arbitrary<Constraints> = fc.record(
  {
    maxCostPer1m: fc.integer({ min: 1, max: 40 }),
    maxTtftMs: fc.integer({ min: 100, max: 2000 }),
    minThroughputTps: fc.integer({ min: 10, max: 200 }),
    providers: fc.subarray(providers, { minLength: 1 }),
    excludeProviders: fc.subarray(providers),
    dataPolicy: fc.constantFrom("none", "no_training", "zdr"),
    requireParameters: fc.boolean(),
    onlyByok: fc.boolean(),
  },
  { requiredKeys: [] },
);

const strategies: fc.Arbitrary<RoutingRequest["strategy"]> = fc.oneof(
  fc.constantFrom("cost", "cost-focus", "ttft", "ttft-focus", "tps", "tps-focus", "balanced"),
  fc.record({ cost: fc.integer({ min: 1, max: 9 }), ttft: fc.integer({ min: 0, max: 9 }) }),
);
const modelLists = fc.constantFrom<RoutingRequest["models"]>(["m"], ["m", "n"], ["n", "m"]);
const modes = fc.constantFrom("pool", "fallback");
const percentiles = fc.constantFrom("p50", "p95");
const needs: fc.Arbitrary<RoutingRequest["needs"]> = fc.record({
  endpoint: fc.constant("chat_completions"),
  capabilities: fc.subarray<Capability>(["tools", "vision"]),
  parameters: fc.subarray(["seed", "top_p"]),
});
const credentialLists: fc.Arbitrary<readonly Credential[]> = fc.tuple(
  ...providers.map((provider) =>
    fc.record({
      id: fc.constant(`${provider}-platform`),
      provider: fc.constant(provider),
      owner: fc.constantFrom("platform", "byok"),
    }),
  ),
);

export const requests: fc.Arbitrary<RoutingRequest> = fc
  .tuple(strategies, modelLists, modes, percentiles, percentiles, needs, credentialLists)
  .map(([strategy, models, mode, ttftPercentile, throughputPercentile, needs, credentials]) =>
    exampleRequest([], {
      strategy,
      models,
      mode,
      ttftPercentile,
      throughputPercentile,
      needs,
      credentials,
    }),
  );

export const at = { nowMs: NOW_MS, seed: 5 };
export const stateOf = (
  offerings: readonly Offering[],
  history: readonly RouterEvent[],
): RouterState => {
  const state = createRouterState({ offerings });
  for (const event of history) observe(state, event);
  return state;
};
export const idsOf = (state: RouterState, request: RoutingRequest): readonly string[] =>
  decide(state, request, at).candidates.map(
    ({ offering, credential }) => `${offering.id} ${credential.id}`,
  );
