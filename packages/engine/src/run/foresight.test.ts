import { observe } from "@pointsman/core";
import { exampleEnd } from "@pointsman/core/testing";
import type { StreamItem } from "@pointsman/translate";
import { emptyUsage } from "@pointsman/core";
import { describe, expect, test } from "vitest";
import { createHarness } from "../../test/harness.ts";
import type { Harness } from "../../test/harness.ts";

const text = (value: string): StreamItem => ({ kind: "text", choice: 0, text: value });
const stop: StreamItem = { kind: "finish", choice: 0, reason: "stop", native: null };
const done = {
  ok: true,
  reply: null,
  usage: { ...emptyUsage, inputTokens: 10, outputTokens: 2 },
  losses: [],
} as const;
const stream = { stream: true };

/** A harness whose engine has seen 400 answers of each provider, one of `lateEvery` ten times as late. */
const experienced = (lateEvery = Infinity): Harness => {
  const harness = createHarness({ usdPerSecond: 0.005 });
  for (let seen = 0; seen < 400; seen += 1) {
    for (const provider of ["cheap", "dear"]) {
      const late = provider === "cheap" && seen % lateEvery === lateEvery - 1;
      const ttftMs = late ? 8000 : 800;
      observe(
        harness.engine.state,
        exampleEnd({
          nowMs: harness.clock.nowMs(),
          offeringId: `${provider}/m`,
          credentialId: `${provider}:0`,
          credentialOwner: "platform",
          ttftMs,
          totalMs: ttftMs + 1000,
        }),
      );
    }
  }
  return harness;
};

test("a provider known to be quick is left earlier than configured, if another is there", () => {
  const { run, cheap, dear, clock } = experienced();
  run(stream);
  clock.advance(4900);
  expect(dear.calls).toHaveLength(0);
  clock.advance(200);
  expect(cheap.calls[0]?.aborted).toBe(true);
  expect(dear.calls).toHaveLength(1);
  // Nobody is left behind it: as long as is configured.
  clock.advance(100_000);
  expect(dear.calls[0]?.aborted).toBe(false);
  clock.advance(20_000);
  expect(dear.calls[0]?.aborted).toBe(true);
});

test("the caller's own limit holds where it is shorter", () => {
  const { run, dear, clock } = experienced();
  run({ ...stream, gateway: { routing: { timeout_ms: 1000 } } });
  clock.advance(1000);
  expect(dear.calls).toHaveLength(1);
});

describe("a hedge", () => {
  const hedged = { hedge: { budgetShare: 1 } } as const;
  const begin = (lateEvery = 25) => {
    const harness = experienced(lateEvery);
    const { heard, handle } = harness.run(stream, hedged);
    return { ...harness, heard, handle };
  };

  test("runs beside a silent first attempt; the first with content wins, the other is stopped and booked", () => {
    const { heard, cheap, dear, clock } = begin();
    clock.advance(3500);
    expect(dear.calls).toHaveLength(1);
    expect(cheap.calls[0]?.aborted).toBe(false);
    dear.calls[0]?.items(text("Hi"));
    expect(cheap.calls[0]?.aborted).toBe(true);
    cheap.calls[0]?.items(text("Late"));
    dear.calls[0]?.items(stop);
    dear.calls[0]?.end(done);
    expect(heard.items).toEqual([text("Hi"), stop]);
    expect(heard.end).toMatchObject({
      ok: true,
      report: {
        served: { offering: { provider: "dear" } },
        attempts: [{ outcome: "cancelled", costPicoUsd: 0 }, { outcome: "success" }],
      },
    });
    expect(clock.waiting).toBe(0);
  });

  test("loses as well: the first answers after all", () => {
    const { heard, cheap, dear, clock } = begin();
    clock.advance(3500);
    cheap.calls[0]?.items(text("Hi"), stop);
    expect(dear.calls[0]?.aborted).toBe(true);
    cheap.calls[0]?.end(done);
    expect(heard.end).toMatchObject({
      ok: true,
      report: { served: { offering: { provider: "cheap" } } },
    });
  });

  test("one that fails leaves the other running; both gone is the end", () => {
    const { heard, cheap, dear, clock } = begin();
    clock.advance(3500);
    dear.calls[0]?.fail({ outcome: "rate_limited", status: 429, retryAfterMs: 60_000 });
    expect(heard.end).toBeNull();
    cheap.calls[0]?.fail({ outcome: "rate_limited", status: 429, retryAfterMs: 60_000 });
    expect(heard.end).toMatchObject({ ok: false, error: { code: "rate_limit_exceeded" } });
    expect(clock.waiting).toBe(0);
  });

  test("a caller who leaves stops both", () => {
    const { cheap, dear, clock, handle } = begin();
    clock.advance(3500);
    handle.cancel();
    expect([cheap.calls[0]?.aborted, dear.calls[0]?.aborted]).toEqual([true, true]);
    expect(clock.waiting).toBe(0);
  });

  test("is not sent beyond its budget, nor where it is off, nor where time is worth too little", () => {
    const harness = experienced(25);
    // Half a hedge saved up, then a whole one.
    for (const sent of [0, 1]) {
      const { handle } = harness.run(stream, { hedge: { budgetShare: 0.5 } });
      harness.clock.advance(3500);
      expect(harness.dear.calls).toHaveLength(sent);
      handle.cancel();
    }
    harness.run(stream);
    harness.clock.advance(3500);
    expect(harness.dear.calls).toHaveLength(1);
    const thrifty = createHarness({ usdPerSecond: 1e-12 });
    thrifty.run(stream, hedged);
    thrifty.clock.advance(4500);
    expect(thrifty.dear.calls).toHaveLength(0);
  });
});
