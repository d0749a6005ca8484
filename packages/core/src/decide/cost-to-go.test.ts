import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf } from "../cost/cost-of.ts";
import { flatSchedule } from "../cost/flat-schedule.ts";
import { explain } from "../explain/explain.ts";
import type { Offering } from "../offering/offering.ts";
import type { PrefixLink } from "../request/routing-request.ts";
import { observe } from "../state/observe.ts";
import { createRouterState } from "../state/router-state.ts";
import type { RouterState } from "../state/router-state.ts";
import { exampleCase, stateOfCase } from "../testing/cases.ts";
import { exampleEnd, exampleOffering, exampleRequest } from "../testing/examples.ts";
import { emptyUsage } from "../usage/usage.ts";
import { decide } from "./decide.ts";

const auto = {
  mode: "auto",
  minimumTokens: 0,
  blockTokens: 64,
  ttlSeconds: 300,
  oneHour: false,
} as const;
const explicit = { ...auto, mode: "explicit", blockTokens: 1 } as const;
const chain = (conversation: number, blocks: number): readonly PrefixLink[] =>
  Array.from({ length: blocks }, (_, block) => ({
    hash: conversation * 10_000 + block,
    tokens: (block + 1) * 512,
  }));

/** Conversations of so many turns, 20 s apart, each two blocks longer, all at one provider. */
const talk = (
  state: RouterState,
  plan: {
    readonly provider: string;
    readonly from: number;
    readonly conversations: number;
    readonly turns: number;
  },
): number => {
  let lastMs = 0;
  for (
    let conversation = plan.from;
    conversation < plan.from + plan.conversations;
    conversation += 1
  ) {
    for (let turn = 0; turn < plan.turns; turn += 1) {
      const prefix = chain(conversation, 16 + 2 * turn);
      const promptTokens = prefix.length * 512;
      const nowMs = 1_000_000 + conversation * 1000 + turn * 20_000;
      lastMs = Math.max(lastMs, nowMs);
      observe(state, { type: "request_started", nowMs, prefix, promptTokens });
      const cacheReadTokens = turn === 0 ? 0 : promptTokens - 1024;
      observe(
        state,
        exampleEnd({
          nowMs: nowMs + 2000,
          offeringId: `${plan.provider}/m`,
          credentialId: `${plan.provider}-platform`,
          prefix,
          usage: {
            ...emptyUsage,
            inputTokens: promptTokens - cacheReadTokens,
            cacheReadTokens,
            outputTokens: 50,
          },
        }),
      );
    }
  }
  return lastMs;
};

const cached = exampleOffering("cached", {
  price: flatSchedule({ input: 1.05, output: 4, cacheRead: 0.1 }),
  cache: auto,
});
const plain = exampleOffering("plain", { price: flatSchedule({ input: 1, output: 4 }) });
const requestOf = (prefix: readonly PrefixLink[]) =>
  exampleRequest(["cached", "plain"], {
    prefix,
    prompt: { bytes: 0, tokens: prefix.length * 512 },
    valueOfTimeUsdPerSecond: 0,
  });
const firstOf = (
  state: RouterState,
  prefix: readonly PrefixLink[],
  nowMs: number,
): string | undefined =>
  decide(state, requestOf(prefix), { nowMs, seed: 1 }).candidates[0]?.offering.provider;

describe("cost to go", () => {
  it("starts a conversation where it will be cheap, if conversations go on; not if they do not", () => {
    const goesOn = createRouterState({ offerings: [cached, plain] });
    let nowMs = talk(goesOn, { provider: "cached", from: 1, conversations: 60, turns: 6 });
    expect(firstOf(goesOn, chain(999, 16), nowMs)).toBe("cached");

    const ends = createRouterState({ offerings: [cached, plain] });
    nowMs = talk(ends, { provider: "cached", from: 1, conversations: 400, turns: 1 }) + 4_000_000;
    // Time passes over those that did not come back.
    nowMs = talk(ends, { provider: "cached", from: 5000, conversations: 60, turns: 1 }) + 4_000_000;
    observe(ends, { type: "request_started", nowMs, prefix: [] });
    expect(firstOf(ends, chain(999, 16), nowMs)).toBe("plain");
  });

  it("is nothing where nothing is known to be shared, or where it is switched off", () => {
    const state = createRouterState({ offerings: [cached, plain], costToGo: false });
    const nowMs = talk(state, { provider: "cached", from: 1, conversations: 60, turns: 6 });
    for (const prefix of [chain(999, 16), []]) {
      for (const { terms } of explain(state, requestOf(prefix), { nowMs, seed: 1 }).candidates)
        expect(terms.cost.toGo).toBe(0);
    }
    expect(firstOf(state, chain(999, 16), nowMs)).toBe("plain");
  });

  it("goes where the prompt is warm, and believes in it less the longer nobody used it", () => {
    const state = createRouterState({ offerings: [cached, plain], costToGo: false });
    const nowMs = talk(state, { provider: "cached", from: 1, conversations: 1, turns: 3 });
    const at = (laterMs: number): number | undefined =>
      explain(state, requestOf(chain(1, 22)), { nowMs: nowMs + laterMs, seed: 1 }).candidates.find(
        ({ provider }) => provider === "cached",
      )?.expected.cachedTokens;
    expect(firstOf(state, chain(1, 22), nowMs + 20_000)).toBe("cached");
    // Twenty blocks of the chain were sent before.
    expect(at(20_000)).toBeGreaterThan(0.8 * 20 * 512);
    expect(at(20_000)).toBeLessThanOrEqual(20 * 512);
    expect(at(900_000)).toBeLessThan(0.2 * 20 * 512);
    expect(firstOf(state, chain(1, 22), nowMs + 900_000)).toBe("plain");
    expect(at(20_000)).toBeGreaterThan(at(200_000) ?? 0);
  });

  it("asks for a write only where it pays, and for an hour only where turns come late", () => {
    const offering = exampleOffering("cached", {
      price: flatSchedule({
        input: 3,
        output: 15,
        cacheRead: 0.3,
        cacheWrite: 3.75,
        cacheWrite1h: 6,
      }),
      cache: { ...explicit, oneHour: true },
    });
    const directive = (state: RouterState, nowMs: number) =>
      decide(state, requestOf(chain(999, 16)), { nowMs, seed: 1 }).cacheDirective;
    const goesOn = createRouterState({ offerings: [offering] });
    const goesOnMs = talk(goesOn, { provider: "cached", from: 1, conversations: 60, turns: 6 });
    expect(directive(goesOn, goesOnMs)?.breakpoints).toEqual([{ uptoTokens: 16 * 512, ttl: "5m" }]);
    const ends = createRouterState({ offerings: [offering] });
    const nowMs = talk(ends, { provider: "cached", from: 1, conversations: 400, turns: 1 }) + 4e6;
    observe(ends, { type: "request_started", nowMs, prefix: [] });
    expect(directive(ends, nowMs)).toBeNull();
  });
});

describe("expected cost", () => {
  it("is the exact cost where everything is certain", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 9000 }),
        fc.integer({ min: 1, max: 800 }),
        (seed, tokens, length) => {
          const { offerings, options } = exampleCase(seed);
          const output = { estimate: () => ({ mean: length, p50: length, p95: length }) };
          const state = createRouterState({ offerings, plugs: { output } });
          const request = exampleRequest(
            offerings.map(({ provider }) => provider),
            {
              prompt: { bytes: 0, tokens },
            },
          );
          for (const { offering, expected } of decide(state, request, options).candidates) {
            if (offering.price === null) continue;
            const wholeBlocks =
              Math.floor(tokens / offering.cache.blockTokens) * offering.cache.blockTokens;
            const { cacheWrite5mPicoUsd, inputPicoUsd } = offering.price.periods[0].rates;
            // Where a cache of the provider's own has a write price, whole blocks of the prompt are written.
            const writes =
              offering.cache.mode === "auto" &&
              tokens >= offering.cache.minimumTokens &&
              (cacheWrite5mPicoUsd ?? inputPicoUsd) !== inputPicoUsd
                ? wholeBlocks
                : 0;
            const usage = {
              ...emptyUsage,
              inputTokens: tokens - writes,
              cacheWrite5mTokens: writes,
              outputTokens: length,
            };
            expect(expected.costUsd).toBe(costOf(offering.price, usage, options.nowMs) / 1e12);
          }
        },
      ),
    );
  });

  it("never expects more cached or written tokens than the prompt has", () => {
    fc.assert(
      fc.property(fc.integer().map(exampleCase), (example) => {
        const { candidates, prompt } = explain(
          stateOfCase(example),
          example.request,
          example.options,
        );
        for (const { expected, terms } of candidates) {
          expect(expected.cachedTokens).toBeGreaterThanOrEqual(0);
          expect(expected.cachedTokens + expected.cacheWriteTokens).toBeLessThanOrEqual(
            prompt.tokens + 1e-6,
          );
          expect(terms.cost.toGo ?? 0).toBeGreaterThanOrEqual(-1e-12);
          expect(expected.cacheHitProbability).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe("memory", () => {
  it("never remembers more prefixes or turns than it may", () => {
    const offerings: readonly Offering[] = [cached];
    const state = createRouterState({ offerings, prefixEntries: 256, watchedTurns: 128 });
    talk(state, { provider: "cached", from: 1, conversations: 300, turns: 2 });
    const { prefixes, turns } = state.learned;
    expect(prefixes.hashes.length).toBe(256);
    expect(prefixes.size).toBeLessThanOrEqual(256);
    expect(turns.atMs.length).toBe(128);
    expect(turns.next).toBe(600);
  });
});
