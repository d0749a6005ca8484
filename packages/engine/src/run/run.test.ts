import { emptyUsage } from "@pointsman/core";
import type { Usage } from "@pointsman/core";
import type { StreamItem } from "@pointsman/translate";
import { describe, expect, it } from "vitest";
import { createHarness } from "../../test/harness.ts";

const usage = (inputTokens: number, outputTokens: number): Usage => ({
  ...emptyUsage,
  inputTokens,
  outputTokens,
});
const text = (value: string): StreamItem => ({ kind: "text", choice: 0, text: value });
const head: StreamItem = { kind: "head", id: "a", model: "m-1", createdSeconds: 1 };
const stop: StreamItem = { kind: "finish", choice: 0, reason: "stop", native: null };
const done = (used: Usage | null) => ({ ok: true, reply: null, usage: used, losses: [] }) as const;
const stream = { stream: true };

describe("a stream", () => {
  it("holds everything back until the first real content", () => {
    const { run, cheap } = createHarness();
    const { heard } = run(stream);
    cheap.calls[0]?.items(head, text(""));
    expect(heard.start).toBeNull();
    expect(heard.items).toEqual([]);
    cheap.calls[0]?.items(text("Hi"));
    expect(heard.start?.candidate.offering.provider).toBe("cheap");
    expect(heard.items).toEqual([head, text(""), text("Hi")]);
  });

  it("reports exact cost, TTFT and throughput at its end", () => {
    const { run, cheap, clock } = createHarness();
    const { heard } = run(stream);
    clock.advance(400);
    cheap.calls[0]?.items(text("Hi"));
    clock.advance(1000);
    cheap.calls[0]?.items(stop);
    cheap.calls[0]?.end(done(usage(10, 50)));
    expect(heard.end).toMatchObject({
      ok: true,
      report: {
        costPicoUsd: 10 * 1_000_000 + 50 * 2_000_000,
        ttftMs: 400,
        throughputTps: 50,
        estimated: false,
        cacheSavings: null,
      },
    });
    expect(clock.waiting).toBe(0);
  });

  it("estimates what nobody counted, and says so", () => {
    const { run, cheap } = createHarness();
    const { heard } = run(stream);
    cheap.calls[0]?.items(text("x".repeat(400)), stop);
    cheap.calls[0]?.end(done(null));
    expect(heard.end).toMatchObject({
      ok: true,
      report: { estimated: true, usage: { outputTokens: 100 } },
    });
  });

  it("falls over before content, and the failed attempt leaves no trace in the answer", () => {
    const { run, cheap, dear } = createHarness();
    const { heard } = run(stream);
    cheap.calls[0]?.items(head);
    cheap.calls[0]?.fail({ outcome: "rate_limited", status: 429, retryAfterMs: 60_000 });
    dear.calls[0]?.items(text("Hi"), stop);
    dear.calls[0]?.end(done(usage(1, 1)));
    expect(heard.items).toEqual([text("Hi"), stop]);
    expect(heard.start?.attempts).toBe(2);
    expect(heard.end).toMatchObject({
      ok: true,
      report: {
        served: { offering: { provider: "dear" } },
        attempts: [{ outcome: "rate_limited", status: 429 }, { outcome: "success" }],
        costPicoUsd: 10_000_000 + 20_000_000,
      },
    });
  });

  it("that breaks after content is an explicit error where nobody may go on, never a clean end", () => {
    const { run, cheap, dear } = createHarness();
    const { heard } = run(stream, { rescue: "off" });
    cheap.calls[0]?.items(text("Half a"));
    cheap.calls[0]?.fail({ outcome: "stream_cut" });
    expect(dear.calls).toHaveLength(0);
    expect(heard.end).toMatchObject({
      ok: false,
      started: true,
      error: { code: "upstream_error", provider: "cheap" },
    });
  });

  it("is timed by content: items without any re-arm nothing", () => {
    const { run, cheap, dear, clock } = createHarness();
    const { heard } = run(stream);
    for (let passed = 0; passed < 119; passed += 1) {
      clock.advance(1000);
      cheap.calls[0]?.items(head);
    }
    expect(dear.calls).toHaveLength(0);
    clock.advance(1000);
    expect(cheap.calls[0]?.aborted).toBe(true);
    dear.calls[0]?.items(text("Hi"), stop);
    dear.calls[0]?.end(done(usage(1, 1)));
    expect(heard.end).toMatchObject({ ok: true });
    if (heard.end?.ok !== true) throw new Error("expected an answer");
    expect(heard.end.report.losses).toMatchObject([{ type: "provider_timeout" }]);
  });

  it("is never cut while content keeps coming, and is cut after silence", () => {
    const { run, cheap, clock } = createHarness();
    const { heard } = run(stream, { rescue: "off" });
    for (let piece = 0; piece < 10; piece += 1) {
      clock.advance(119_000);
      cheap.calls[0]?.items(text("more"));
    }
    expect(heard.end).toBeNull();
    clock.advance(120_000);
    expect(heard.end).toMatchObject({
      ok: false,
      started: true,
      error: { code: "upstream_timeout" },
    });
  });

  it("does not take a caller who reads slowly for a silent provider", () => {
    const { run, cheap, clock } = createHarness();
    const { heard, handle } = run(stream, { rescue: "off" });
    cheap.calls[0]?.items(text("a"));
    handle.pause();
    expect(cheap.calls[0]?.paused).toBe(true);
    clock.advance(500_000);
    expect(heard.end).toBeNull();
    handle.resume();
    expect(cheap.calls[0]?.paused).toBe(false);
    clock.advance(120_000);
    expect(heard.end).toMatchObject({ ok: false });
  });
});

describe("time limits of the caller", () => {
  it("timeout_ms bounds the first content and goes to the next place", () => {
    const { run, cheap, dear, clock } = createHarness();
    run({ ...stream, gateway: { routing: { timeout_ms: 300 } } });
    clock.advance(299);
    expect(dear.calls).toHaveLength(0);
    clock.advance(1);
    expect(cheap.calls[0]?.aborted).toBe(true);
    expect(dear.calls).toHaveLength(1);
  });

  it("deadline_ms bounds everything, the attempt under way too", () => {
    const { run, cheap, clock } = createHarness();
    const { heard } = run({ gateway: { routing: { deadline_ms: 500 } } });
    clock.advance(500);
    expect(cheap.calls[0]?.aborted).toBe(true);
    expect(heard.end).toMatchObject({
      ok: false,
      started: false,
      error: { code: "upstream_timeout" },
    });
    expect(clock.waiting).toBe(0);
  });

  it("past the deadline a stream that began ends with an error of its own", () => {
    const { run, cheap, clock } = createHarness();
    const { heard } = run({ ...stream, gateway: { routing: { deadline_ms: 500 } } });
    cheap.calls[0]?.items(text("a"));
    clock.advance(500);
    expect(heard.end).toMatchObject({ started: true, error: { code: "stream_duration_exceeded" } });
  });
});

describe("a caller who leaves", () => {
  it("stops the attempt, is heard no more, and settles", () => {
    const { run, cheap, clock, engine } = createHarness();
    const { heard, handle } = run(stream);
    cheap.calls[0]?.items(text("a"));
    const before = engine.state.version;
    handle.cancel();
    handle.cancel();
    expect(cheap.calls[0]?.aborted).toBe(true);
    expect(heard.end).toBeNull();
    expect(engine.state.version).toBe(before + 1);
    expect(clock.waiting).toBe(0);
  });

  it("stops a pause between attempts", () => {
    const { run, cheap, dear, clock } = createHarness();
    const { handle } = run(stream);
    cheap.calls[0]?.fail({ outcome: "rate_limited", status: 429, retryAfterMs: 1000 });
    handle.cancel();
    clock.advance(60_000);
    expect(cheap.calls.length + dear.calls.length).toBe(1);
    expect(clock.waiting).toBe(0);
  });
});

describe("after a failure", () => {
  it("repeats a dead kept-alive connection at once, once, for free", () => {
    const { run, cheap, dear } = createHarness();
    const { heard } = run();
    cheap.calls[0]?.fail({ outcome: "network_error", staleConnection: true });
    expect(cheap.calls).toHaveLength(2);
    cheap.calls[1]?.fail({ outcome: "rate_limited", status: 429, retryAfterMs: 60_000 });
    expect(dear.calls).toHaveLength(1);
    dear.calls[0]?.fail({ outcome: "bad_request", status: 400, message: "no" });
    expect(heard.end).toMatchObject({
      ok: false,
      error: { code: "invalid_request", message: "no", provider: "dear" },
      report: { attempts: [{ outcome: "rate_limited" }, { outcome: "bad_request" }] },
    });
  });

  it("never shows a refused credential as the caller's", () => {
    const { run, cheap, dear } = createHarness();
    const { heard } = run();
    cheap.calls[0]?.fail({ outcome: "auth_error", status: 401 });
    dear.calls[0]?.fail({ outcome: "auth_error", status: 403 });
    expect(heard.end).toMatchObject({
      ok: false,
      error: { code: "upstream_error", retryable: false },
    });
  });

  it("returns the shortest Retry-After where everybody is rate limited", () => {
    const { run, cheap, dear } = createHarness();
    const { heard } = run();
    cheap.calls[0]?.fail({ outcome: "rate_limited", status: 429, retryAfterMs: 30_000 });
    dear.calls[0]?.fail({ outcome: "rate_limited", status: 429, retryAfterMs: 12_000 });
    expect(heard.end).toMatchObject({
      ok: false,
      error: { code: "rate_limit_exceeded", retryAfterSeconds: 12, rateLimitSource: "provider" },
    });
  });

  it("allow_fallbacks: false asks nobody else", () => {
    const { run, cheap, dear } = createHarness();
    const { heard } = run({ gateway: { routing: { allow_fallbacks: false } } });
    cheap.calls[0]?.fail({ outcome: "rate_limited", status: 429, retryAfterMs: 60_000 });
    expect(dear.calls).toHaveLength(0);
    expect(heard.end).toMatchObject({ ok: false, error: { code: "rate_limit_exceeded" } });
  });
});

it("a bug in the engine or the sink ends the run with internal_error, not the process", () => {
  const { run, cheap, clock } = createHarness();
  const { heard } = run(stream);
  cheap.calls[0]?.items({
    get kind(): never {
      throw new Error("boom");
    },
  });
  expect(heard.end).toMatchObject({ ok: false, error: { code: "internal_error" } });
  expect(cheap.calls[0]?.aborted).toBe(true);
  expect(clock.waiting).toBe(0);
});
