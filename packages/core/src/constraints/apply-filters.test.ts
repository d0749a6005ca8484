import { describe, expect, it } from "vitest";
import { flatSchedule } from "../cost/flat-schedule.ts";
import { decide } from "../decide/decide.ts";
import type { RejectionCode } from "../decide/decision.ts";
import type { Offering } from "../offering/offering.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleOffering, exampleRequest } from "../testing.ts";

const outcome = (
  overrides: readonly Partial<Offering>[],
  request: Partial<RoutingRequest> = {},
) => {
  const offerings = overrides.map((override, index) => exampleOffering(`p${index}`, override));
  const state = createRouterState({ offerings });
  const providers = offerings.map(({ provider }) => provider);
  return decide(state, exampleRequest(providers, request), { nowMs: 0, seed: 1 });
};

const needs = (change: Partial<RoutingRequest["needs"]>): Pick<RoutingRequest, "needs"> => ({
  needs: { endpoint: "chat_completions", capabilities: [], parameters: [], ...change },
});

type Case = readonly [
  name: string,
  code: RejectionCode,
  param: string | null,
  offerings: readonly Partial<Offering>[],
  request?: Partial<RoutingRequest>,
];

const cases: readonly Case[] = [
  ["unknown model", "model_not_found", "model", [{}], { models: ["x"] }],
  ["unknown models", "model_not_found", "gateway.models", [{}], { models: ["x", "y"] }],
  ["switched off", "model_unavailable", "model", [{ enabled: false }]],
  ["responses only", "response_api_only", "model", [{ wires: ["responses"] }]],
  [
    "hosted tool",
    "hosted_tool_not_supported",
    "tools",
    [{ wires: ["chat_completions"] }],
    needs({ onlyWire: { wire: "responses", for: "hosted_tool" } }),
  ],
  [
    "native input",
    "input_requires_responses_endpoint",
    "input",
    [{ wires: ["messages"] }],
    needs({ endpoint: "responses", onlyWire: { wire: "responses", for: "input" } }),
  ],
  [
    "native content",
    "no_compatible_endpoint",
    "messages",
    [{ wires: ["chat_completions"] }],
    needs({ endpoint: "messages", onlyWire: { wire: "messages", for: "input" } }),
  ],
  ["no account", "no_provider_available", null, [{}], { credentials: [] }],
  [
    "no own key",
    "byok_keys_required",
    "gateway.routing.only_byok",
    [{}],
    { constraints: { onlyByok: true } },
  ],
  [
    "no platform key",
    "platform_keys_unavailable",
    "gateway.routing.only_platform",
    [{}],
    {
      constraints: { onlyPlatform: true },
      credentials: [{ id: "own", provider: "p0", owner: "byok" }],
    },
  ],
  [
    "allow-list",
    "provider_not_in_allowlist",
    "gateway.routing.providers",
    [{}],
    { constraints: { providers: ["nobody"] } },
  ],
  [
    "deny-list",
    "provider_blocked",
    "gateway.routing.exclude_providers",
    [{}],
    { constraints: { excludeProviders: ["p0"] } },
  ],
  [
    "data policy",
    "no_compatible_endpoint",
    "gateway.routing.data_policy",
    [{ dataPolicy: "no_training" }],
    { constraints: { dataPolicy: "zdr" } },
  ],
  ["premium only", "tier_opt_in_required", "gateway.routing.tier", [{ tier: "priority" }]],
  [
    "no such tier",
    "no_compatible_endpoint",
    "gateway.routing.tier",
    [{}],
    { constraints: { tier: "priority" } },
  ],
  [
    "tools",
    "tools_not_supported",
    "tools",
    [{ capabilities: { tools: false } }],
    needs({ capabilities: ["tools"] }),
  ],
  [
    "vision",
    "vision_not_supported",
    "messages",
    [{ capabilities: { vision: false } }],
    needs({ capabilities: ["tools", "vision"] }),
  ],
  [
    "tools here, vision there",
    "no_compatible_endpoint",
    "model",
    [{ capabilities: { vision: false } }, { capabilities: { tools: false } }],
    needs({ capabilities: ["tools", "vision"] }),
  ],
  [
    "window",
    "context_length_exceeded",
    "messages",
    [{ contextWindow: 999 }, { contextWindow: 500 }],
  ],
  [
    "parameters",
    "required_params_not_supported",
    "gateway.routing.require_parameters",
    [{ unsupportedParameters: ["seed"] }],
    { ...needs({ parameters: ["seed"] }), constraints: { requireParameters: true } },
  ],
  [
    "price",
    "cost_constraint_exceeded",
    "gateway.routing.max_cost_per_1m",
    [{}, { price: null }],
    { constraints: { maxCostPer1m: 2.49 } },
  ],
  [
    "TTFT",
    "latency_constraint_exceeded",
    "gateway.routing.max_ttft_ms",
    [{}],
    { constraints: { maxTtftMs: 659 } },
  ],
  [
    "throughput",
    "throughput_constraint_not_met",
    "gateway.routing.min_throughput_tps",
    [{}],
    { constraints: { minThroughputTps: 67 } },
  ],
];

describe("filters", () => {
  it.each(cases.map(([name, ...rest]) => ({ name, rest })))("$name", ({ rest }) => {
    const [code, param, offerings, request] = rest;
    const { candidates, failure } = outcome(offerings, request);
    expect(candidates).toEqual([]);
    expect(failure).toMatchObject({ code, param });
    expect(failure?.message).not.toBe("");
  });

  it("admits at the very limit", () => {
    const { failure } = outcome([{ contextWindow: 1000 }], {
      constraints: { maxCostPer1m: 2.5, maxTtftMs: 661, minThroughputTps: 66 },
    });
    expect(failure).toBeNull();
  });

  it("names the ceiling and the nearest offering's value", () => {
    const { failure } = outcome([{ price: flatSchedule({ input: 9, output: 9 }) }, {}], {
      constraints: { maxCostPer1m: 1 },
    });
    expect(failure?.message).toContain("at most 1 USD");
    expect(failure?.message).toContain("p1/m, costs 2.5");
    expect(failure?.suggestion).toContain("2.5");
  });

  it("lets the first filter that empties the set name the error", () => {
    const { failure } = outcome([{ dataPolicy: "none" }, { tier: "priority", dataPolicy: "zdr" }], {
      constraints: { dataPolicy: "zdr", maxCostPer1m: 0.01 },
    });
    expect(failure?.code).toBe("tier_opt_in_required");
  });

  it("never rejects for what is unknown, but for price", () => {
    const unknown = { price: null, wires: [], capabilities: {}, contextWindow: null };
    const request = needs({ capabilities: ["tools", "vision", "reasoning"] });
    expect(outcome([unknown], request).candidates).toHaveLength(1);
    const priced = { ...request, constraints: { maxCostPer1m: 1000 } };
    expect(outcome([unknown], priced).failure?.code).toBe("cost_constraint_exceeded");
  });

  it("serves Responses and Messages callers on any wire", () => {
    for (const endpoint of ["responses", "messages"] as const) {
      expect(outcome([{ wires: ["responses"] }, {}], needs({ endpoint })).candidates).toHaveLength(
        2,
      );
    }
  });
});
