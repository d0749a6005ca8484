import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../decide/decide.ts";
import { exampleEnd, exampleOffering, exampleRequest } from "../testing.ts";
import { emptyUsage } from "../usage/usage.ts";
import { observe } from "./observe.ts";
import { createRouterState } from "./router-state.ts";
import type { RouterState } from "./router-state.ts";
import { restore, serialise } from "./serialise.ts";
import { slotOf } from "./slots.ts";

const LIMIT = 32;
const cache = {
  mode: "auto",
  minimumTokens: 0,
  blockTokens: 1,
  ttlSeconds: 300,
  oneHour: false,
} as const;
const newState = (): RouterState =>
  createRouterState({ offerings: [exampleOffering("example", { cache })], accountEntries: LIMIT });

const prefix = [{ hash: 77, tokens: 900 }];
const useKey = (
  state: RouterState,
  key: number,
  event: Partial<Parameters<typeof exampleEnd>[0]> = {},
): void => {
  observe(
    state,
    exampleEnd({
      credentialId: `own-${key}`,
      credentialOwner: "byok",
      usage: { ...emptyUsage, inputTokens: 1000, outputTokens: 10 },
      ...event,
    }),
  );
};
const knows = (state: RouterState, credentialId: string): boolean =>
  slotOf(state.learned.slots, 0, credentialId) >= 0;

describe("accounts that come and go", () => {
  it("are bounded, the platform's outlive them, the latest stay", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { minLength: 100, maxLength: 300 }), (keys) => {
        const state = newState();
        useKey(state, -1, { credentialId: "example-platform", credentialOwner: "platform" });
        for (const [index, key] of keys.entries()) {
          useKey(state, key, { nowMs: 1_000_000 + index });
          expect(state.learned.slots.offering.length).toBeLessThanOrEqual(LIMIT);
          expect(knows(state, `own-${key}`)).toBe(true);
        }
        expect(knows(state, "example-platform")).toBe(true);
        // Making room leaves three quarters, the platform's account among them.
        const latest = new Set(keys.toReversed());
        for (const key of [...latest].slice(0, LIMIT * 0.75 - 1))
          expect(knows(state, `own-${key}`)).toBe(true);
        const { slots } = state.learned;
        for (const [slot, credential] of slots.credential.entries())
          expect(slotOf(slots, slots.offering[slot] ?? -1, credential)).toBe(slot);
      }),
      { numRuns: 50 },
    );
  });

  it("are remembered as long as they rest", () => {
    const state = newState();
    const rested = { outcome: "rate_limited", retryAfterMs: 3_600_000 } as const;
    useKey(state, 0, { ...rested, usage: null });
    for (let key = 1; key < 500; key += 1) useKey(state, key, { nowMs: 1_000_000 + key });
    expect(knows(state, "own-0")).toBe(true);
    expect(knows(state, "own-1")).toBe(false);
  });

  it("what is warm at those that stay is found again, what was warm at others is not", () => {
    const state = newState();
    const platform = {
      credentialId: "example-platform",
      credentialOwner: "platform",
      prefix,
    } as const;
    // One of three keys that used the prefix is forgotten, from the middle of its ways.
    useKey(state, 0, { prefix });
    useKey(state, 1, { prefix, nowMs: 1_000_001 });
    useKey(state, -1, { ...platform, nowMs: 1_000_002 });
    for (let key = 2; key < 40; key += 1) useKey(state, key, { nowMs: 1_000_010 + key });
    expect(knows(state, "own-1")).toBe(false);
    const cachedAt = (id: string, owner: "byok" | "platform", from: RouterState): number => {
      const request = exampleRequest([], {
        credentials: [{ id, provider: "example", owner }],
        prefix,
      });
      const [candidate] = decide(from, request, { nowMs: 1_001_000, seed: 1 }).candidates;
      return candidate?.expected.cachedTokens ?? Number.NaN;
    };
    const back = restore(serialise(state));
    for (const from of [state, back]) {
      expect(cachedAt("example-platform", "platform", from)).toBeGreaterThan(500);
      for (let key = 0; key < 40; key += 1) expect(cachedAt(`own-${key}`, "byok", from)).toBe(0);
    }
    expect(back).toEqual(state);
  });
});
