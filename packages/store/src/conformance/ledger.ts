import { emptyUsage } from "@pointsman/core";
import { exampleEntry, HOUR_MS, NOON_MS } from "./examples.ts";
import type { Suite } from "./test-kit.ts";

const ALL = { workspaceId: "w", sinceMs: NOON_MS, untilMs: NOON_MS + 24 * HOUR_MS };

export const ledgerCases = ({ test, expect }: Suite): void => {
  test("an entry is there as it was written", async ({ ledger }) => {
    const entry = exampleEntry("a", {
      keyId: null,
      provider: null,
      model: null,
      tag: "team-1",
      usage: { ...emptyUsage, inputTokens: 1, audioOutputTokens: 2, webSearches: 3 },
    });
    await ledger.record([entry]);
    expect(await ledger.find("a")).toEqual(entry);
    expect(await ledger.find("b")).toBe(null);
  });

  test("an id is written once, but an exact entry replaces an estimate", async ({ ledger }) => {
    const estimate = exampleEntry("a", { estimated: true, costPicoUsd: 9 });
    await ledger.record([estimate]);
    await ledger.record([{ ...estimate, costPicoUsd: 8 }]);
    expect(await ledger.find("a"), "an estimate does not").toEqual(estimate);
    const exact = exampleEntry("a", { costPicoUsd: 5 });
    await ledger.record([exact]);
    await ledger.record([estimate, { ...exact, costPicoUsd: 4 }]);
    expect(await ledger.find("a")).toEqual(exact);
    expect((await ledger.sum(ALL)).map(({ costPicoUsd }) => costPicoUsd)).toEqual([5n]);
  });

  test("sums count requests once, tokens and money of every attempt", async ({ ledger }) => {
    const failed = { requestId: "r", endsRequest: false, outcome: "error" } as const;
    await ledger.record([
      exampleEntry("a1", { ...failed, costPicoUsd: 300 }),
      exampleEntry("a2", { requestId: "r", costPicoUsd: 40 }),
      exampleEntry("b", { outcome: "error", costPicoUsd: 0, usage: emptyUsage }),
      exampleEntry("c", { outcome: "rate_limited", provider: null, usage: emptyUsage }),
      exampleEntry("d", { workspaceId: "v" }),
    ]);
    expect(await ledger.sum(ALL)).toEqual([
      {
        group: null,
        intervalStartMs: NOON_MS,
        requestCount: 3,
        errorCount: 2,
        rateLimitCount: 1,
        inputTokens: 30n,
        outputTokens: 14n,
        costPicoUsd: 1340n,
      },
    ]);
  });

  test("sums by group, key and interval", async ({ ledger }) => {
    await ledger.record([
      exampleEntry("a", { provider: "openai", costPicoUsd: 1 }),
      exampleEntry("b", { provider: "anthropic", costPicoUsd: 20, keyId: "l" }),
      exampleEntry("c", { provider: null, costPicoUsd: 300, tag: "t" }),
      exampleEntry("d", { provider: "openai", costPicoUsd: 4000, atMs: NOON_MS + HOUR_MS }),
      exampleEntry("e", { atMs: NOON_MS - 1, costPicoUsd: 50_000 }),
      exampleEntry("f", { atMs: ALL.untilMs, costPicoUsd: 50_000 }),
    ]);
    const costs = async (query: Partial<Parameters<typeof ledger.sum>[0]>) =>
      (await ledger.sum({ ...ALL, ...query })).map(({ group, intervalStartMs, costPicoUsd }) => [
        group,
        (intervalStartMs - NOON_MS) / HOUR_MS,
        costPicoUsd,
      ]);
    expect(await costs({ by: "provider" })).toEqual([
      [null, 0, 300n],
      ["anthropic", 0, 20n],
      ["openai", 0, 4001n],
    ]);
    expect(await costs({ by: "provider", intervalMs: HOUR_MS })).toEqual([
      [null, 0, 300n],
      ["anthropic", 0, 20n],
      ["openai", 0, 1n],
      ["openai", 1, 4000n],
    ]);
    expect(await costs({ by: "key" })).toEqual([
      ["k", 0, 4301n],
      ["l", 0, 20n],
    ]);
    expect(await costs({ by: "tag" })).toEqual([
      [null, 0, 4021n],
      ["t", 0, 300n],
    ]);
    expect(await costs({ by: "model", keyId: "l" })).toEqual([["m", 0, 20n]]);
    expect(await costs({ keyId: "nobody" })).toEqual([]);
  });

  test("sums are exact past 2^53", async ({ ledger }) => {
    const costPicoUsd = Number.MAX_SAFE_INTEGER;
    const usage = { ...emptyUsage, inputTokens: Number.MAX_SAFE_INTEGER };
    for (const id of ["a", "b", "c"]) {
      await ledger.record([exampleEntry(id, { costPicoUsd, usage })]);
    }
    const [sum] = await ledger.sum(ALL);
    expect([sum?.costPicoUsd, sum?.inputTokens]).toEqual([
      3n * BigInt(costPicoUsd),
      3n * BigInt(costPicoUsd),
    ]);
  });
};
