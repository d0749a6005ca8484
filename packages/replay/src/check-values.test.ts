import { describe, expect, it } from "vitest";
import { lowerBoundUsd } from "./bound/lower-bound.ts";
import type { Figures } from "./figures/figures.ts";
import { cheapestPolicy } from "./policy/cheapest.ts";
import { fixedPolicy } from "./policy/fixed.ts";
import type { Policy } from "./policy/policy.ts";
import { runReplay } from "./run-replay.ts";
import { openTrace, openWorld } from "./trace/bundled.ts";

/** The values a simulator after the replay protocol must come to (its section 5). */
const figuresFor = async (
  world: string,
  trace: string,
  policy: () => Policy,
  seeds: readonly (number | undefined)[] = [undefined],
): Promise<readonly Figures[]> => {
  const opened = await openTrace(trace);
  const figures: Figures[] = [];
  for (const seed of seeds) {
    figures.push(
      await runReplay({
        world: openWorld(world),
        trace: opened,
        goal: "cost-focus",
        policy: policy(),
        boundUsd: 1,
        ...(seed === undefined ? {} : { seed }),
      }),
    );
  }
  return figures;
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const [mooncake, sessions, azure] = [
  "mooncake-conversation",
  "made-sessions",
  "azure-conv-2023",
] as const;

describe("check values without randomness", () => {
  it.each([
    ["B", mooncake, () => fixedPolicy("jiekou"), 446.591, 0],
    ["B", mooncake, () => fixedPolicy("anthropic"), 481.647, 0.238],
    ["B", sessions, () => fixedPolicy("jiekou"), 534.886, 0],
    ["B", sessions, () => fixedPolicy("anthropic"), 186.172, 0.857],
    ["B", azure, () => fixedPolicy("jiekou"), 115.574, 0],
    ["A", azure, cheapestPolicy, 7.368, 0],
  ])("world %s, %s", async (world, trace, policy, usd, cachedShare) => {
    const [figures] = await figuresFor(world, trace, policy);
    expect(figures?.usd.toFixed(3)).toBe(usd.toFixed(3));
    expect(figures?.cached_share.toFixed(3)).toBe(cachedShare.toFixed(3));
    expect(figures?.fail_rate).toBe(0);
  });
});

describe("check values with odds", () => {
  it.each([
    ["A", mooncake, () => fixedPolicy("vercel"), 30.69, 0.1, 0.318],
    ["A", sessions, () => fixedPolicy("vercel"), 13.67, 0.1, 0.842],
    ["A", mooncake, cheapestPolicy, 34.19, 0.15, 0.267],
    ["A", sessions, cheapestPolicy, 31.03, 0.2, 0.748],
  ])("world %s, %s", async (world, trace, policy, usd, tolerance, cachedShare) => {
    // The tolerance is that of one seed's luck; a mean of three has room.
    const figures = await figuresFor(world, trace, policy, [1, 2, 3]);
    const meanUsd = mean(figures.map((each) => each.usd));
    const meanShare = mean(figures.map((each) => each.cached_share));
    expect(Math.abs(meanUsd - usd)).toBeLessThanOrEqual(tolerance);
    expect(Math.abs(meanShare - cachedShare)).toBeLessThanOrEqual(0.008);
  });
});

describe("lower bounds", () => {
  it.each([
    ["A", azure, 7.37, 0.005],
    ["B", mooncake, 333.92, 0.005],
    ["B", sessions, 149.78, 0.005],
    ["B", azure, 115.57, 0.005],
    ["C", azure, 7.37, 0.005],
    // Limits bind here; the dual is the best of a finite ascent.
    ["C", sessions, 11.37, 0.015],
  ])("world %s, %s", async (world, trace, usd, tolerance) => {
    const bound = lowerBoundUsd(await openTrace(trace), openWorld(world));
    expect(Math.abs(bound - usd)).toBeLessThanOrEqual(tolerance);
  });
});
