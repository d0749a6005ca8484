import type { ServerResponse } from "node:http";
import Anthropic from "@anthropic-ai/sdk";
import { createPointsman } from "@pointsman/ai-sdk-provider";
import { offeringsOf } from "@pointsman/catalog";
import type { Catalog } from "@pointsman/catalog";
import type { Candidate, Decision, Explanation, RoutingRequest, Usage } from "@pointsman/core";
import { createLocalFetch } from "@pointsman/engine";
import type { createEngine, planRequest } from "@pointsman/engine";
import type {
  AnsweredReport,
  Clock,
  Engine,
  EngineProvider,
  FinishedLocalRequest,
  LocalFetch,
  LocalFetchOptions,
  ModelCatalog,
  ProviderSetup,
  Purse,
  PurseAnswer,
  RequestPlan,
  RunEnd,
  RunReport,
  RunSink,
} from "@pointsman/engine";
import type { AnswerOutput } from "@pointsman/engine/surfaces";
import { createAnthropicAdapter } from "@pointsman/provider-anthropic";
import { Client } from "@pointsman/sdk";
import type { GatewayError, ProviderReply } from "@pointsman/translate";
import OpenAI from "openai";
import { describe, expectTypeOf, test } from "vitest";

declare const engine: Engine;
declare const routing: RoutingRequest;

test("a plan is a value: what to run, or the error to tell", () => {
  type Planned = ReturnType<typeof planRequest>;
  expectTypeOf<Extract<Planned, { ok: true }>["plan"]>().toEqualTypeOf<RequestPlan>();
  expectTypeOf<Extract<Planned, { ok: false }>["error"]>().toEqualTypeOf<GatewayError>();
});

test("deciding and explaining are core's own", () => {
  expectTypeOf(engine.decide(routing)).toEqualTypeOf<Decision>();
  expectTypeOf(engine.explain(routing, 7)).toEqualTypeOf<Explanation>();
});

describe("the end of a run", () => {
  test("that was answered tells by whom, and what it used", () => {
    type Answered = Extract<RunEnd, { readonly ok: true }>;
    expectTypeOf<Answered["reply"]>().toEqualTypeOf<ProviderReply | null>();
    expectTypeOf<Answered["report"]>().toEqualTypeOf<AnsweredReport>();
    expectTypeOf<AnsweredReport["served"]>().toExtend<Candidate>();
    expectTypeOf<AnsweredReport["usage"]>().toExtend<Usage>();
  });

  test("that was not has an error, and perhaps nobody who served", () => {
    type Failed = Extract<RunEnd, { readonly ok: false }>;
    expectTypeOf<Failed["error"]>().toEqualTypeOf<GatewayError>();
    expectTypeOf<Failed["report"]>().toEqualTypeOf<RunReport | null>();
    expectTypeOf<RunReport["served"]>().toEqualTypeOf<Candidate | null>();
    expectTypeOf<Failed>().not.toHaveProperty("reply");
  });
});

test("what an embedder implements are objects of a few functions", () => {
  const sink: RunSink = {
    start: ({ candidate, overheadMs }) => [candidate.offering.id, overheadMs],
    items: (items) => items.length,
    resume: (raw) => raw.length,
    end: (end) => (end.ok ? end.report.served : end.error),
  };
  const handle = engine.run(
    {
      caller: {} as Parameters<Engine["countTokens"]>[0],
      routing,
      timeoutMs: null,
      deadlineMs: null,
      receivedAtMs: 0,
      losses: [],
    },
    sink,
  );
  expectTypeOf(handle.cancel()).toEqualTypeOf<RunReport | null>();
  const clock: Clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    timer: () => ({ cancel: () => {}, refresh: () => {} }),
  };
  expectTypeOf(clock).toExtend<Engine["clock"]>();
});

describe("in process", () => {
  test("what answers is a fetch, and every client takes it", () => {
    const fetch = createLocalFetch(engine);
    expectTypeOf(fetch).toEqualTypeOf<LocalFetch>();
    expectTypeOf<LocalFetch>().toExtend<typeof globalThis.fetch>();
    const settings = { apiKey: "none", fetch };
    expectTypeOf(OpenAI).toBeConstructibleWith(settings);
    expectTypeOf(Anthropic).toBeConstructibleWith(settings);
    expectTypeOf(Client).toBeConstructibleWith(settings);
    expectTypeOf(createPointsman).toBeCallableWith(settings);
  });

  test("the catalogue is one of many; what it offers is an engine's as it comes", () => {
    expectTypeOf<Catalog>().toExtend<ModelCatalog>();
    expectTypeOf(offeringsOf).parameter(0).toEqualTypeOf<Catalog>();
    expectTypeOf(offeringsOf).returns.toExtend<Parameters<typeof createEngine>[0]["offerings"]>();
    // Providers as an engine has them say enough.
    expectTypeOf<readonly ProviderSetup[]>().toExtend<Parameters<typeof offeringsOf>[1]>();
  });

  test("a provider is its adapter, or what makes it, and its keys", () => {
    expectTypeOf(createAnthropicAdapter).toExtend<ProviderSetup["adapter"]>();
    expectTypeOf<EngineProvider["adapter"]>().toExtend<ProviderSetup["adapter"]>();
    expectTypeOf<EngineProvider>().toExtend<ProviderSetup>();
    expectTypeOf<Pick<ProviderSetup, "id" | "adapter">>().toExtend<ProviderSetup>();
    // A variable of the environment may be absent.
    expectTypeOf<readonly (typeof process.env)[string][]>().toExtend<
      NonNullable<ProviderSetup["apiKeys"]>
    >();
  });

  test("a request that is over tells its report, of which there is perhaps none", () => {
    expectTypeOf<FinishedLocalRequest["report"]>().toEqualTypeOf<RunReport | null>();
    type PurseOf = NonNullable<LocalFetchOptions["purse"]>;
    expectTypeOf<ReturnType<PurseOf>>().toEqualTypeOf<Purse | null>();
  });

  test("Node's answers are outputs of a surface", () => {
    expectTypeOf<ServerResponse>().toExtend<AnswerOutput>();
  });
});

test("a purse grants or refuses; only what is left of a budget is bigint", () => {
  const purse: Purse = {
    reserve: async ({ wantedPicoUsd }) => ({
      status: "granted",
      heldPicoUsd: wantedPicoUsd,
      roomPicoUsd: null,
    }),
    extend: async ({ wantedTotalPicoUsd }) => ({
      status: "granted",
      heldPicoUsd: wantedTotalPicoUsd,
      roomPicoUsd: 5n,
    }),
    settle: async () => {},
  };
  expectTypeOf(purse).toEqualTypeOf<Purse>();
  expectTypeOf<Purse["reserve"]>().returns.toEqualTypeOf<Promise<PurseAnswer>>();
  type Granted = Extract<PurseAnswer, { readonly status: "granted" }>;
  expectTypeOf<Granted["roomPicoUsd"]>().toEqualTypeOf<bigint | null>();
});
