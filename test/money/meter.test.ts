import { systemClock } from "@pointsman/engine";
import { createMemoryStores } from "@pointsman/store";
import type { BudgetStatus, Stores } from "@pointsman/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab, surfaces } from "../failover/lab.ts";
import type { Lab, ProviderSpec } from "../failover/lab.ts";
import { afterWords, cuts, drips, openThen, says } from "../failover/upstream.ts";
import type { Act } from "../failover/upstream.ts";
import type { Wire } from "../failover/wire-answer.ts";
import { until } from "../failover/until.ts";

let lab: Lab;
let stores: Stores;
beforeEach(() => {
  stores = createMemoryStores();
});
afterEach(() => lab.close());

/** Prompt at 1, answer at 2 USD a million tokens, at most 8,000 tokens of it: 16,000 µUSD at worst. */
const open = async (
  limitUsd: number,
  specs: readonly (ProviderSpec | Wire)[] = ["chat"],
): Promise<void> => {
  lab = await startLab(specs, {
    stores,
    workspace: { budgets: [{ period: "total", limitUsd }] },
  });
};
const budget = async (): Promise<BudgetStatus> => {
  const [status] = await stores.budgets.list("default", Date.now());
  if (status === undefined) throw new Error("there is a budget");
  return status;
};
const microUsd = (pico: bigint): number => Number(pico) / 1e6;

const words = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => ` word${index}`);
/** So many words, a bunch every few ms, as a model says them. */
const tells = (count: number, everyMs = 2): Act => says(words(count), drips(everyMs));

test("a stream holds what is likely, so that others are let in while nothing is spent", async () => {
  await open(0.0155);
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  lab.upstreams[0]?.play(
    openThen(async ({ events, response }) => {
      response.write(events.content[0] ?? "");
      await gate;
      response.end([...events.content.slice(1), ...events.closing].join(""));
    }),
  );
  const asked = Array.from({ length: 5 }, () => lab.ask({ stream: true }));
  await until(() => lab.upstreams[0]?.attempts.length === 5);
  const during = await budget();
  expect(microUsd(during.spentPicoUsd)).toBe(0);
  expect(microUsd(during.heldPicoUsd)).toBeLessThanOrEqual(15_500);
  go();
  for (const got of await Promise.all(asked)) {
    expect([got.status, got.finished, got.text]).toEqual([
      200,
      true,
      "The points are set for track nine.",
    ]);
  }
  const after = await budget();
  // 11 tokens in, 8 out, five times.
  expect([microUsd(after.spentPicoUsd), after.heldPicoUsd]).toEqual([135, 0n]);
});

test("more is set aside as a stream goes on, and the bill is exact in the end", async () => {
  // A little more than the worst case.
  await open(0.017);
  lab.upstreams[0]?.play(tells(400));
  const asking = lab.ask({ stream: true });
  let most = 0;
  const look = async (): Promise<void> => {
    most = Math.max(most, microUsd((await budget()).heldPicoUsd));
  };
  const watching = setInterval(() => void look(), 5);
  const got = await asking;
  clearInterval(watching);
  expect([got.status, got.finished, got.metadata?.warnings]).toEqual([200, true, undefined]);
  expect(got.text).toBe(words(400).join(""));
  // 2,890 bytes were seen; what is held is never below them.
  expect(most).toBeGreaterThan(2 * 2000);
  const after = await budget();
  expect([microUsd(after.spentPicoUsd), after.heldPicoUsd]).toEqual([27, 0n]);
});

describe.each(surfaces)("on %s", (surface) => {
  test.each([
    ["passed through", surface],
    ["translated", surface === "chat" ? "messages" : "chat"],
  ] as const)("a stream that cannot be paid any further is stopped, %s", async (_how, wire) => {
    // Another call holds the rest: its answer may be long, too.
    await open(0.0035, [wire]);
    await stores.budgets.reserve({
      holdId: "other",
      workspaceId: "default",
      spender: { keyId: null, provider: "p0", byok: false },
      leastPicoUsd: 0,
      wantedPicoUsd: 0,
      leaseEndsAtMs: Date.now() + 600_000,
      nowMs: Date.now(),
      memo: "{}",
    });
    lab.upstreams[0]?.play(tells(800));
    const asking = lab.ask({ surface, stream: true, body: { max_tokens: 1700 } });
    await until(() => lab.upstreams[0]?.attempts.length === 1);
    const { limitPicoUsd, heldPicoUsd } = await budget();
    const rest = Number(limitPicoUsd - heldPicoUsd);
    await stores.budgets.extend({
      holdId: "other",
      leastTotalPicoUsd: rest,
      wantedTotalPicoUsd: rest,
      leaseEndsAtMs: Date.now() + 600_000,
    });
    const got = await asking;
    expect(got.status, got.body).toBe(200);
    expect(got.error).toBe(null);
    expect(got.violations).toEqual([]);
    expect(words(800).join("").startsWith(got.text)).toBe(true);
    expect(got.text.length).toBeGreaterThan(0);
    expect(got.text.length).toBeLessThan(words(800).join("").length);
    expect(got.metadata?.warnings?.map(({ code }) => code)).toContain("budget_stopped");
    if (surface === "chat") {
      expect(got.body).toContain('"finish_reason":"length"');
      expect(got.body).toContain('"native_finish_reason":"budget_exhausted"');
    }
    if (surface === "messages") expect(got.body).toContain('"stop_reason":"max_tokens"');
    if (surface === "responses") expect(got.body).toContain("event: response.incomplete");
    await until(() => lab.upstreams[0]?.attempts[0]?.aborted === true);
    const after = await budget();
    expect(after.spentPicoUsd + after.heldPicoUsd).toBeLessThanOrEqual(after.limitPicoUsd);
    expect(Number(after.heldPicoUsd), "the other's alone").toBe(rest);
  });

  test("a whole answer whose worst case does not fit is streamed and folded", async () => {
    await open(0.004, [surface === "messages" ? "messages" : "chat"]);
    const long = surface === "messages" ? { body: { max_tokens: 5000 } } : {};
    const got = await lab.ask({ surface, stream: false, ...long });
    expect([got.status, got.finished, got.text]).toEqual([
      200,
      true,
      "The points are set for track nine.",
    ]);
    expect(lab.upstreams[0]?.attempts[0]?.body).toMatch(/"stream":\s*true/u);
    expect(got.metadata).not.toHaveProperty("ttft_ms");
    const after = await budget();
    expect([microUsd(after.spentPicoUsd), after.heldPicoUsd]).toEqual([27, 0n]);
    await lab.close();
    stores = createMemoryStores();
    await open(0.02, [surface === "messages" ? "messages" : "chat"]);
    await lab.ask({ surface, stream: false, ...long });
    expect(lab.upstreams[0]?.attempts[0]?.body, "it fits").not.toMatch(/"stream":\s*true/u);
  });
});

test("a folded answer that breaks off is tried elsewhere, like any other", async () => {
  await open(0.04, ["chat", "chat"]);
  const half = { gateway: { routing: { providers: ["p0", "p1"] } } };
  await stores.budgets.reserve({
    holdId: "other",
    workspaceId: "default",
    spender: { keyId: null, provider: "p0", byok: false },
    leastPicoUsd: 30_000_000_000,
    wantedPicoUsd: 30_000_000_000,
    leaseEndsAtMs: Date.now() + 600_000,
    nowMs: Date.now(),
    memo: "{}",
  });
  lab.upstreams[0]?.play(afterWords(3, cuts));
  const got = await lab.ask({ stream: false, body: half });
  expect(got).toMatchObject({ status: 200, metadata: { provider: "p1" } });
  expect(got.text).toBe("The points are set for track nine.");
});

test("what hides its output holds its worst case, and max_tokens is cut to what is there", async () => {
  const reasons = { model: { capabilities: { reasoning: true } } };
  await open(0.004, [{ wire: "chat", ...reasons }]);
  const got = await lab.ask({ stream: true });
  expect(got.metadata?.warnings?.map(({ code }) => code)).toEqual(["max_tokens_capped_by_budget"]);
  const { max_tokens, max_completion_tokens } = JSON.parse(
    lab.upstreams[0]?.attempts[0]?.body ?? "{}",
  ) as { max_tokens?: number; max_completion_tokens?: number };
  const sent = max_tokens ?? max_completion_tokens ?? 0;
  expect(sent).toBeGreaterThan(1000);
  expect(sent).toBeLessThan(2000);
});

test("a call over midnight is held, extended and settled in the day it began", async () => {
  const midnightMs = Date.UTC(2026, 10, 28);
  let aheadMs = midnightMs - 60_000 - Date.now();
  lab = await startLab(["chat"], {
    stores,
    clock: { ...systemClock, nowMs: () => Date.now() + aheadMs },
    workspace: { budgets: [{ period: "daily", limitUsd: 0.017 }] },
  });
  lab.upstreams[0]?.play(tells(400));
  const asking = lab.ask({ stream: true });
  await until(() => lab.upstreams[0]?.attempts.length === 1);
  aheadMs += 120_000;
  const next = await lab.ask({ stream: true, body: { max_tokens: 8 } });
  expect(next.headers.get("x-budget-daily-spend")).toBe("0.000000");
  expect((await asking).finished).toBe(true);
  const at = async (nowMs: number): Promise<BudgetStatus | undefined> =>
    (await stores.budgets.list("default", nowMs))[0];
  // Each its own: 11 tokens in, 8 out.
  for (const nowMs of [midnightMs - 1, midnightMs]) {
    expect(await at(nowMs)).toMatchObject({ spentPicoUsd: 27_000_000n, heldPicoUsd: 0n });
  }
});
