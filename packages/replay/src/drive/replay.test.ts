import { describe, expect, it } from "vitest";
import { figuresOf } from "../figures/figures.ts";
import {
  alwaysDown,
  listeningPolicy,
  plainProvider,
  testTrace,
  testWorld,
} from "../replay.fixture.ts";
import { helloOf } from "./hello.ts";
import { replay } from "./replay.ts";

const world = testWorld(plainProvider("good"), plainProvider("down", alwaysDown));

describe("the driver", () => {
  it("tells everything in order of simulated time, and asks again after a failure", async () => {
    const { policy, heard } = listeningPolicy((message) => ({
      provider: message.type === "retry" ? "good" : "down",
    }));
    const trace = testTrace({ session: "s", blocks: [4, 5] }, { atMs: 60 });
    await replay({ world, trace, goal: "cost", policy });
    const told = heard.map((message) =>
      message.type === "event"
        ? [message.t_ms, message.id, message.event, message.attempt]
        : [message.t_ms, message.id, message.type],
    );
    expect(told).toEqual([
      [0, "r0", "request"],
      [50, "r0", "error", 1],
      [50, "r0", "retry"],
      [60, "r1", "request"],
      [110, "r1", "error", 1],
      [110, "r1", "retry"],
      [150, "r0", "first_token", 2],
      [210, "r1", "first_token", 2],
      [250, "r0", "done", 2],
      [310, "r1", "done", 2],
    ]);
    expect(heard[0]).toEqual({
      type: "request",
      id: "r0",
      t_ms: 0,
      model: "m",
      session: "s",
      in_tokens: 1000,
      blocks: [4, 5],
    });
    expect(heard[2]).toMatchObject({ attempt: 2, provider: "down", error: "unavailable" });
    expect(heard.find((message) => message.type === "event" && message.event === "done")).toEqual({
      type: "event",
      event: "done",
      id: "r0",
      attempt: 2,
      provider: "good",
      t_ms: 250,
      ttft_ms: 100,
      total_ms: 200,
      usage: { in: 1000, cached: 0, write: 0, write_1h: 0, out: 11 },
      cost_usd: 0.001022,
    });
  });

  it("asks at most max_attempts times", async () => {
    const { policy, heard } = listeningPolicy(() => ({ provider: "down" }));
    const tally = await replay({ world, trace: testTrace({}), goal: "cost", policy });
    expect(tally.records).toMatchObject([{ attempts: 4, provider: null, ttftMs: null }]);
    expect(heard.filter(({ type }) => type === "retry")).toHaveLength(3);
  });

  it("starts later if asked to; the wait is the caller's", async () => {
    const { policy } = listeningPolicy(({ t_ms }) => ({ provider: "good", t_ms: t_ms + 700 }));
    const tally = await replay({ world, trace: testTrace({}), goal: "cost", policy });
    expect(tally.records).toMatchObject([{ ttftMs: 800, totalMs: 900 }]);
  });

  it("hides what a policy must not know", () => {
    expect(JSON.stringify(helloOf(world, "ttft"))).not.toMatch(/"true"|hit_prob|a_ms/);
  });
});

describe("figures", () => {
  it("count failures as section 4 of the protocol says", async () => {
    const dear = testWorld(
      plainProvider("good"),
      plainProvider("down", alwaysDown),
      plainProvider("dear", { price: { in: 3, out: 7 } }),
    );
    const { policy } = listeningPolicy((message) =>
      message.type === "retry"
        ? null
        : {
            provider: message.id === "r1" ? "down" : "good",
            predicted_cost_usd: 0.002022,
            ...(message.id === "r2" ? { t_ms: message.t_ms + 50 } : {}),
          },
    );
    const tally = await replay({ world: dear, trace: testTrace({}, {}, {}), goal: "cost", policy });
    const figures = figuresOf(tally, dear, 0.001);
    const penalty = (2 * (3 * 1000 + 7 * 11)) / 1e6;
    expect(figures).toMatchObject({
      requests: 3,
      attempts: 3,
      usd: 0.002044,
      fail_rate: 1 / 3,
      slo_miss: 2 / 3,
      errors: { unavailable: 1 },
      attempts_by_provider: { good: 2, down: 1 },
      ttft_ms: { p50: 150, p95: 60_000 },
    });
    expect(figures.usd_adj).toBeCloseTo(0.002044 + penalty, 12);
    expect(figures.x_bound).toBeCloseTo(figures.usd_adj / 0.001, 9);
    expect(figures.j).toBeCloseTo(figures.usd_adj + 0.5 * (0.1 + 60 + 0.15), 9);
    expect(figures.predicted_cost_usd.count).toBe(2);
    expect(figures.predicted_cost_usd.bias).toBeCloseTo(0.001, 12);
  });
});
