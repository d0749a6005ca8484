import { describe, expect, it } from "vitest";
import { flatSchedule } from "../cost/flat-schedule.ts";
import { decide } from "../decide/decide.ts";
import { createRouterState } from "../state/router-state.ts";
import { exampleOffering, exampleRequest } from "../testing/examples.ts";

const offering = (provider: string, id: string, price: number, region: string | null = null) =>
  exampleOffering(provider, {
    id: `${provider}/${id}`,
    region,
    price: flatSchedule({ input: price, output: price * 4 }),
  });

const order = (offerings: readonly ReturnType<typeof offering>[]): readonly string[] =>
  decide(
    createRouterState({ offerings }),
    exampleRequest(["a", "b", "c"], { valueOfTimeUsdPerSecond: 0 }),
    { nowMs: 1_000_000, seed: 1 },
  ).candidates.map(({ offering: { id } }) => id);

describe("fallbacks", () => {
  it("go to another provider first, if it is hardly dearer", () => {
    expect(
      order([offering("a", "1", 1), offering("a", "2", 1.01), offering("b", "1", 1.05)]),
    ).toEqual(["a/1", "b/1", "a/2"]);
    expect(
      order([offering("a", "1", 1), offering("a", "2", 1.01), offering("b", "1", 1.5)]),
    ).toEqual(["a/1", "a/2", "b/1"]);
  });

  it("go to another region first, if it costs next to nothing", () => {
    const near = [offering("a", "1", 1, "eu"), offering("b", "1", 1.004, "eu")];
    expect(order([...near, offering("c", "1", 1.01, "us")])).toEqual(["a/1", "c/1", "b/1"]);
    expect(order([...near, offering("c", "1", 1.1, "us")])).toEqual(["a/1", "b/1", "c/1"]);
  });
});
