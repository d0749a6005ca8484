import { emptyUsage } from "@pointsman/core";
import type { StreamItem } from "@pointsman/translate";
import { describe, expect, test } from "vitest";
import { createHarness } from "../../test/harness.ts";

const usage = (inputTokens: number, outputTokens: number) => ({
  ...emptyUsage,
  inputTokens,
  outputTokens,
});
const text = (value: string): StreamItem => ({ kind: "text", choice: 0, text: value });
const reasoning = (value: string): StreamItem => ({ kind: "reasoning", choice: 0, text: value });
const head = (id: string): StreamItem => ({ kind: "head", id, model: id, createdSeconds: 1 });
const stop: StreamItem = { kind: "finish", choice: 0, reason: "stop", native: null };
const call: StreamItem = { kind: "tool_call", choice: 0, call: 0, id: "c", name: "f" };
const done = (tokens: number) =>
  ({ ok: true, reply: null, usage: usage(10, tokens), losses: [] }) as const;
const stream = { stream: true };

const textOf = (items: readonly StreamItem[]): string =>
  items.map((item) => (item.kind === "text" ? item.text : "")).join("");

/** A run whose first provider says these and breaks off. */
const broken = (said: readonly StreamItem[], options: Parameters<typeof createHarness>[0] = {}) => {
  const harness = createHarness(options);
  const { heard, handle } = harness.run(stream);
  harness.cheap.calls[0]?.items(head("first"), ...said);
  harness.cheap.calls[0]?.fail({ outcome: "stream_cut", message: "cut" });
  return { ...harness, heard, handle, dear: harness.dear.calls };
};

describe("a provider that starts anew", () => {
  test("is swallowed as long as it says the same, wherever its pieces end, then goes on", () => {
    const { heard, dear, clock } = broken([text("The points "), text("are set")]);
    dear[0]?.items(head("second"), text("The"), text(" points are"));
    expect(textOf(heard.items)).toBe("The points are set");
    clock.advance(5);
    dear[0]?.items(text(" set for"), text(" track 9."), stop);
    dear[0]?.end(done(7));
    expect(textOf(heard.items)).toBe("The points are set for track 9.");
    expect(heard.items.filter(({ kind }) => kind === "head")).toEqual([head("first")]);
    expect(heard.items.filter(({ kind }) => kind === "finish")).toEqual([stop]);
    expect(heard.end).toMatchObject({
      ok: true,
      report: {
        served: { offering: { provider: "dear" } },
        usage: { outputTokens: 7 },
        ttftMs: 0,
        estimated: true,
        attempts: [{ outcome: "stream_cut" }, { outcome: "success" }],
      },
    });
    expect(clock.waiting).toBe(0);
  });

  test("gets no bytes to pass through, and the surface is told once which went out", () => {
    const { heard, dear } = broken([text("A")]);
    expect(heard.resumed).toEqual([[]]);
    expect(dear[0]?.call.request.canPassThrough).toBe(false);
    expect(dear[0]?.call.request.neutral().messages).toHaveLength(1);
  });

  test.each([
    ["another word", [text("B")]],
    ["a call", [call]],
    ["another kind", [reasoning("A")]],
    ["an early end", [text("A"), stop]],
  ] as const)("is not glued to what is out: %s", (_, items) => {
    const { heard, dear } = broken([text("A long text")]);
    dear[0]?.items(...items);
    if (heard.end === null) dear[0]?.end(done(1));
    expect(heard.end).toMatchObject({
      ok: false,
      started: true,
      error: { code: "upstream_error", provider: "dear" },
    });
    expect(textOf(heard.items)).toBe("A long text");
  });

  test("says its reasoning again too", () => {
    const { heard, dear } = broken([reasoning("Hm. "), text("Yes")]);
    dear[0]?.items(reasoning("Hm"), reasoning(". "), text("Yes, "), text("it is"), stop);
    dear[0]?.end(done(3));
    expect(textOf(heard.items)).toBe("Yes, it is");
    expect(heard.end).toMatchObject({ ok: true });
  });

  test("may break off in turn; whoever is left goes on with all that is out", () => {
    const { heard, dear } = broken([text("One ")]);
    dear[0]?.items(text("One two "));
    dear[0]?.fail({ outcome: "stream_cut" });
    // Nobody is left.
    expect(textOf(heard.items)).toBe("One two ");
    expect(heard.end).toMatchObject({ ok: false, started: true });
  });
});

describe("nobody goes on", () => {
  test.each([
    ["inside the arguments of a call", [call, { ...call, kind: "tool_arguments", text: "{" }]],
    [
      "after signed reasoning",
      [reasoning("x"), { ...call, kind: "reasoning_signature", signature: "s" }],
    ],
    ["with more than is kept", [text("x".repeat(1024 * 1024)), text("y"), text("z")]],
  ] as const)("%s", (_, items) => {
    const { heard, dear } = broken(items as readonly StreamItem[]);
    expect(dear).toHaveLength(0);
    expect(heard.end).toMatchObject({ ok: false, started: true, error: { provider: "cheap" } });
  });

  test("where the caller has left, or time is up", () => {
    const { heard, dear, handle, clock } = broken([text("A")]);
    handle.cancel();
    expect(dear[0]?.aborted).toBe(true);
    expect(heard.end).toBeNull();
    expect(clock.waiting).toBe(0);
    const late = createHarness();
    const run = late.run({ stream: true, gateway: { routing: { deadline_ms: 1000 } } });
    late.cheap.calls[0]?.items(text("A"));
    late.cheap.calls[0]?.fail({ outcome: "stream_cut" });
    late.clock.advance(1000);
    expect(run.heard.end).toMatchObject({ error: { code: "stream_duration_exceeded" } });
    expect(late.dear.calls[0]?.aborted).toBe(true);
  });

  test("after the caller's own fault", () => {
    const harness = createHarness();
    const { heard } = harness.run(stream);
    harness.cheap.calls[0]?.items(text("A"));
    harness.cheap.calls[0]?.fail({ outcome: "content_filtered" });
    expect(harness.dear.calls).toHaveLength(0);
    expect(heard.end).toMatchObject({ ok: false, started: true });
  });
});

describe("a provider that can go on with a given answer", () => {
  const prefilling = { capabilities: { dear: { prefill: true } } };

  test("gets it as the last turn, and what it adds goes out", () => {
    const { heard, dear } = broken([text("The points ")], prefilling);
    expect(dear[0]?.call.request.neutral().messages.at(-1)).toEqual({
      role: "assistant",
      parts: [{ kind: "text", text: "The points " }],
    });
    dear[0]?.items(head("second"), text(" "), text("are set."), stop);
    dear[0]?.end(done(4));
    // The blank at the end of what was given is not said twice.
    expect(textOf(heard.items)).toBe("The points are set.");
    // Both had a part in the answer: 11 characters are 3 tokens.
    expect(heard.end).toMatchObject({ ok: true, report: { usage: { outputTokens: 7 } } });
  });

  test("is swallowed after all where it takes what it was given for an earlier turn", () => {
    const { heard, dear } = broken([text("The points are set")], prefilling);
    dear[0]?.items(text("The points"), text(" are set for 9."), stop);
    dear[0]?.end(done(9));
    expect(textOf(heard.items)).toBe("The points are set for 9.");
    expect(heard.end).toMatchObject({ ok: true });
  });

  test("may say again what it began with, as long as it is short", () => {
    const { heard, dear } = broken([text("Ha, said he, ")], prefilling);
    dear[0]?.items(text("Ha"), text(", ha."), stop);
    dear[0]?.end(done(3));
    expect(textOf(heard.items)).toBe("Ha, said he, Ha, ha.");
    const end = broken([text("Ha, said he, ")], prefilling);
    end.dear[0]?.items(text("Ha"), stop);
    end.dear[0]?.end(done(1));
    expect(textOf(end.heard.items)).toBe("Ha, said he, Ha");
  });

  test("is asked anew where it refuses that after all", () => {
    const { heard, dear } = broken([text("The points")], prefilling);
    dear[0]?.fail({ outcome: "bad_request", status: 400 });
    expect(dear[1]?.call.request.neutral().messages).toHaveLength(1);
    dear[1]?.items(text("The points are set."), stop);
    dear[1]?.end(done(5));
    expect(textOf(heard.items)).toBe("The points are set.");
    expect(heard.end).toMatchObject({ ok: true, report: { usage: { outputTokens: 5 } } });
  });

  test.each([
    { reasoning_effort: "low" },
    { response_format: { type: "json_object" } },
    { tools: [{ type: "function", function: { name: "f" } }], tool_choice: "required" },
  ])("starts anew where the request would clash: %j", (body) => {
    const harness = createHarness(prefilling);
    harness.run({ ...stream, ...body });
    harness.cheap.calls[0]?.items(text("A"));
    harness.cheap.calls[0]?.fail({ outcome: "stream_cut" });
    expect(harness.dear.calls[0]?.call.request.neutral().messages).toHaveLength(1);
  });
});

describe("a buffer", () => {
  test("holds so many tokens back: until then any failure fails over", () => {
    const harness = createHarness();
    const { heard } = harness.run(stream, { buffer: 4 });
    harness.cheap.calls[0]?.items(text("Twelve chars"));
    harness.clock.advance(30);
    expect(heard.start).toBeNull();
    harness.cheap.calls[0]?.fail({ outcome: "timeout" });
    harness.dear.calls[0]?.items(text("Another story"), text(", told."));
    expect(textOf(heard.items)).toBe("Another story, told.");
    harness.dear.calls[0]?.items(stop);
    harness.dear.calls[0]?.end(done(5));
    expect(heard.end).toMatchObject({ ok: true, report: { ttftMs: 30 } });
  });

  test("of the whole answer lets nothing out before its end", () => {
    const harness = createHarness();
    const { heard } = harness.run(stream, { buffer: "whole" });
    harness.cheap.calls[0]?.items(text("x".repeat(100_000)), stop);
    expect(heard.start).toBeNull();
    harness.cheap.calls[0]?.end(done(9));
    expect(textOf(heard.items)).toHaveLength(100_000);
    expect(heard.end).toMatchObject({ ok: true });
  });
});

describe("places at a provider", () => {
  test("where all are taken, a request goes where one is free, and waits where none is", async () => {
    const harness = createHarness({ concurrency: 1 });
    const runs = [harness.run(stream), harness.run(stream), harness.run(stream)];
    expect([harness.cheap.calls.length, harness.dear.calls.length]).toEqual([1, 1]);
    harness.cheap.calls[0]?.items(text("A"), stop);
    harness.cheap.calls[0]?.end(done(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(harness.cheap.calls).toHaveLength(2);
    harness.cheap.calls[1]?.items(text("C"), stop);
    harness.cheap.calls[1]?.end(done(1));
    expect(textOf(runs[2]?.heard.items ?? [])).toBe("C");
  });

  test("are not waited for without end, and not by those who left", async () => {
    const harness = createHarness({ concurrency: 1 });
    harness.run(stream);
    harness.run(stream);
    const left = harness.run(stream);
    const waiting = harness.run(stream);
    left.handle.cancel();
    harness.clock.advance(10_000);
    expect(left.heard.end).toBeNull();
    expect(waiting.heard.end).toMatchObject({
      ok: false,
      error: { code: "rate_limit_exceeded", rateLimitSource: "gateway", retryAfterSeconds: 1 },
    });
    harness.cheap.calls[0]?.end(done(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(harness.cheap.calls).toHaveLength(1);
  });
});
