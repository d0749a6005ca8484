import { describe, expect, it } from "vitest";
import type { VirtualAttempt, VirtualOutcome } from "./virtual-request.ts";
import { createVirtualWorld } from "./virtual-world.ts";
import type { VirtualWorld } from "./virtual-world.ts";
import { attemptOf, worldOf } from "./world.fixture.ts";
import type { ProviderParts } from "./world.fixture.ts";

const worldWith = (parts: ProviderParts): VirtualWorld =>
  createVirtualWorld(worldOf(parts), { traceMs: 1_000_000 });

/** Runs an attempt to its first token. */
const run = (
  world: VirtualWorld,
  overrides: Parameters<typeof attemptOf>[0] = {},
): VirtualOutcome => {
  const outcome = world.start("p", attemptOf(overrides));
  if (outcome.type === "answer") outcome.atFirstToken();
  return outcome;
};

const at = (startMs: number, blocks: readonly number[], more: Partial<VirtualAttempt> = {}) => ({
  ...more,
  startMs,
  request: { blocks, inTokens: blocks.length * 512, id: `r${startMs}`, outTokens: 11 },
});

describe("an answer", () => {
  it("takes network, prefill and tokens, and costs the list price", () => {
    expect(run(worldWith({}))).toMatchObject({
      type: "answer",
      ttftMs: 100 + 1000 + 102.4,
      totalMs: 100 + 1000 + 102.4 + 10 * 10,
      costPicoUsd: 1024 * 1_000_000 + 11 * 2_000_000,
    });
  });

  it("is re-priced as a whole above a tier's mark, not at it", () => {
    const world = worldWith({ tiers: [{ above_in: 1024, in: 3, out: 5 }] });
    expect(run(world).costPicoUsd).toBe(1024e6 + 22e6);
    expect(run(world, { request: { inTokens: 1025 } }).costPicoUsd).toBe(1025 * 3e6 + 55e6);
  });

  it("has the same luck whatever came before", () => {
    const parts = { latency: { sigma: 0.5 } };
    const world = worldWith(parts);
    run(world, { request: { id: "other" } });
    const { ttftMs } = run(worldWith(parts)) as { ttftMs: number };
    expect(run(world)).toMatchObject({ ttftMs });
    expect(run(world, { attempt: 2 })).not.toMatchObject({ ttftMs });
  });
});

describe("refusals", () => {
  it("refuses prompts over the context", () => {
    expect(run(worldWith({}), { request: { inTokens: 100_001 } })).toMatchObject({
      error: "context_length",
      afterMs: 100,
      costPicoUsd: 0,
    });
  });

  it("admits rpm attempts in any 60 s and says when the oldest leaves", () => {
    const world = worldWith({ limits: { rpm: 2 } });
    const outcomes = [0, 1000, 2000, 59_999, 60_000, 60_500].map((startMs) =>
      run(world, { startMs }),
    );
    expect(outcomes.map(({ type }) => type)).toEqual([
      "answer",
      "answer",
      "error",
      "error",
      "answer",
      "error",
    ]);
    expect(outcomes[2]).toMatchObject({
      error: "rate_limited",
      retryAfterMs: 58_000,
      afterMs: 100,
    });
    expect(outcomes[5]).toMatchObject({ retryAfterMs: 500 });
  });

  it("counts tokens, but admits any prompt into an empty window", () => {
    const world = worldWith({ limits: { tpm: 1500 } });
    expect(run(world, { request: { inTokens: 2000 } }).type).toBe("answer");
    expect(run(world, { startMs: 1, request: { inTokens: 1 } }).type).toBe("error");
    expect(run(world, { startMs: 60_000, request: { inTokens: 1000 } }).type).toBe("answer");
    expect(run(world, { startMs: 60_001, request: { inTokens: 501 } }).type).toBe("error");
    expect(run(world, { startMs: 60_002, request: { inTokens: 500 } }).type).toBe("answer");
  });

  it("knows no other provider", () => {
    expect(worldWith({}).start("q", attemptOf())).toMatchObject({ error: "unknown_provider" });
  });
});

describe("error windows", () => {
  const windowed = (window: object, startMs: number, parts: ProviderParts = {}): VirtualOutcome =>
    run(worldWith({ ...parts, errors: { windows: [{ at: [0.1, 0.2], ...window }] } }), { startMs });

  it.each([99_999, 200_000])("does nothing outside its time: %i", (startMs) => {
    expect(windowed({ kind: "down", after_ms: 50 }, startMs).type).toBe("answer");
  });

  it("is down", () => {
    expect(windowed({ kind: "down", after_ms: 50 }, 100_000)).toMatchObject({
      error: "unavailable",
      afterMs: 150,
      costPicoUsd: 0,
    });
  });

  it("hangs until patience ends, free of charge", () => {
    expect(windowed({ kind: "hang" }, 150_000)).toMatchObject({
      error: "timeout",
      afterMs: 60_000,
      costPicoUsd: 0,
    });
  });

  it("fails with the window's odds", () => {
    expect(windowed({ kind: "flaky", p: 1 }, 150_000)).toMatchObject({ error: "server_error" });
    expect(windowed({ kind: "flaky", p: 0 }, 150_000).type).toBe("answer");
  });

  it("slows prefill and tokens, not the network", () => {
    expect(windowed({ kind: "slow", factor: 3 }, 150_000)).toMatchObject({
      ttftMs: 100 + 3 * 1102.4,
      totalMs: 100 + 3 * 1102.4 + 3 * 100,
    });
  });
});

describe("automatic caches", () => {
  const cache = { mode: "auto", min_tokens: 600, block: 64 };

  it("reads ready blocks, never the whole prompt, and renews them", () => {
    const world = worldWith({ cache, price: { cache_read: 0.1 } });
    const cached = [
      at(0, [1, 2]),
      at(2000, [1, 2]),
      at(302_000, [1, 2, 3]),
      at(700_000, [1, 2, 3]),
    ].map((options) => run(world, options).cachedTokens);
    expect(cached).toEqual([0, 960, 1024, 0]);
  });

  it("has nothing before the first token", () => {
    const world = worldWith({ cache });
    const first = world.start("p", attemptOf(at(0, [1, 2, 3])));
    expect(world.start("p", attemptOf(at(500, [1, 2, 3, 4]))).cachedTokens).toBe(0);
    if (first.type === "answer") first.atFirstToken();
    expect(run(world, at(2000, [1, 2, 3, 4])).cachedTokens).toBe(1536);
  });

  it("reads nothing under the minimum or at another replica", () => {
    const world = worldWith({ cache });
    run(world, at(0, [1, 2]));
    expect(run(world, at(5000, [1, 9])).cachedTokens).toBe(0);
    const unlucky = worldWith({ cache, hitProb: 0 });
    run(unlucky, at(0, [1, 2]));
    expect(run(unlucky, at(5000, [1, 2, 3])).cachedTokens).toBe(0);
  });

  it("bills the rest as a write where writes have a price", () => {
    const world = worldWith({ cache, price: { cache_read: 0.1, cache_write: 2 } });
    run(world, at(0, [1, 2]));
    const second = run(world, {
      startMs: 5000,
      request: { id: "s", inTokens: 1600, outTokens: 0, blocks: [1, 2, 3, 4] },
    });
    expect(second).toMatchObject({ cachedTokens: 1024, writtenTokens: 576 });
    expect(second.costPicoUsd).toBe(1024 * 0.1e6 + 576 * 2e6);
  });
});

describe("explicit caches", () => {
  const cache = { mode: "explicit", min_tokens: 1000, block: 1, ttl_1h: true };
  const price = { cache_read: 0.1, cache_write: 1.25, cache_write_1h: 2 };
  const marked = (
    startMs: number,
    blocks: readonly number[],
    ...marks: readonly (readonly [uptoTokens: number, ttl: "5m" | "1h"])[]
  ) =>
    at(startMs, blocks, { breakpoints: marks.map(([uptoTokens, ttl]) => ({ uptoTokens, ttl })) });

  it("neither reads nor writes unasked, nor under the minimum", () => {
    const world = worldWith({ cache, price });
    expect(run(world, at(0, [1, 2, 3]))).toMatchObject({ writtenTokens: 0 });
    expect(run(world, marked(2000, [1, 2, 3], [999, "5m"]))).toMatchObject({ writtenTokens: 0 });
  });

  it("writes between breakpoints at each one's price and reads the deepest entry", () => {
    const world = worldWith({ cache, price });
    const first = run(world, marked(0, [1, 2, 3, 4], [1100, "1h"], [1600, "5m"]));
    expect(first).toMatchObject({ cachedTokens: 0, written1hTokens: 1024, writtenTokens: 512 });
    expect(first.costPicoUsd).toBe(1024 * 2e6 + 512 * 1.25e6 + 512e6 + 22e6);
    // No entry ends at block 2's predecessor, and block 4 was never written.
    expect(run(world, marked(2000, [1, 2, 3, 4], [2048, "5m"]))).toMatchObject({
      cachedTokens: 1536,
      writtenTokens: 512,
    });
    // After the short ones have gone, the hour's entry is left.
    expect(run(world, marked(400_000, [1, 2, 3, 4], [2048, "5m"]))).toMatchObject({
      cachedTokens: 1024,
      writtenTokens: 1024,
    });
  });
});

describe("load", () => {
  const latency = { slots: 1, max_wait_ms: 1500 };

  it("queues for a slot and refuses when the wait is too long", () => {
    const world = worldWith({ latency });
    const [first, second, third] = [0, 1000, 1100].map((startMs) => run(world, { startMs }));
    expect(first).toMatchObject({ totalMs: 1302.4 });
    // One slot in use: prefill is 1 + 2·1³ times as long, after 302.4 ms of waiting.
    expect(second).toMatchObject({ ttftMs: expect.closeTo(100 + 302.4 + 3 * 1102.4, 6) as number });
    expect(third).toMatchObject({ error: "overloaded", afterMs: 100, costPicoUsd: 0 });
  });

  it("follows the background wave", () => {
    const bg = { mean: 0.5, amp: 0.5, period_s: 100, phase: 0 };
    const world = worldWith({ latency: { bg } });
    const prefills = [0, 25_000, 75_000].map((startMs) => {
      const outcome = run(world, { startMs });
      return outcome.type === "answer" ? (outcome.ttftMs - 100) / 1102.4 : 0;
    });
    expect(prefills[0]).toBeCloseTo(1 + 2 * 0.5 ** 3, 9);
    expect(prefills[1]).toBeCloseTo(3, 9);
    expect(prefills[2]).toBeCloseTo(1, 9);
  });

  it("bills a prompt given up at work, not one given up in the queue", () => {
    const world = worldWith({ latency: { slots: 1 } });
    expect(run(world, { patienceMs: 500 })).toMatchObject({
      error: "timeout",
      afterMs: 500,
      costPicoUsd: 1024e6,
    });
    run(world, { startMs: 500 });
    expect(run(world, { startMs: 600, patienceMs: 500 })).toMatchObject({
      error: "timeout",
      costPicoUsd: 0,
    });
  });
});
