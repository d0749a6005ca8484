import { createMemoryStores } from "@pointsman/store";
import { expect } from "vitest";
import { startLab } from "../failover/lab.ts";
import { drips, says } from "../failover/upstream.ts";
import { until } from "../failover/until.ts";

/** A gateway whose provider takes ten seconds to say what it says. */
export type SlowLab = {
  readonly url: string;
  readonly apiKey: string;
  /**
   * The caller left at a time, Unix ms: within a second the call at the provider was over, what came of it is
   * paid, and nothing is held.
   */
  expectLeft(atMs: number): Promise<void>;
  close(): Promise<void>;
};

const words = Array.from({ length: 200 }, (_, at) => `word${at} `);

export const startSlowLab = async (): Promise<SlowLab> => {
  const stores = createMemoryStores();
  const budgets = [{ period: "daily", limitUsd: 1 }];
  const lab = await startLab(["chat"], { stores, workspace: { budgets } });
  const [upstream] = lab.upstreams;
  upstream?.play(says(words, drips(50)));
  return {
    url: lab.url,
    apiKey: "pk-lab",
    expectLeft: async (atMs) => {
      await until(() => upstream?.attempts[0]?.aborted === true);
      const [attempt, ...more] = upstream?.attempts ?? [];
      expect(more, "it is not asked again").toEqual([]);
      const endedMs = performance.timeOrigin + (attempt?.abortedAtMs ?? Infinity);
      expect(endedMs - atMs).toBeLessThan(1000);
      const of = { workspaceId: "default", sinceMs: 0, untilMs: Date.now() + 60_000 };
      await expect.poll(() => stores.ledger.sum(of)).toMatchObject([{ requestCount: 1 }]);
      const [sum] = await stores.ledger.sum(of);
      const [budget] = await stores.budgets.list("default", Date.now());
      expect(sum?.costPicoUsd).toBeGreaterThan(0n);
      expect(budget).toMatchObject({ heldPicoUsd: 0n, spentPicoUsd: sum?.costPicoUsd });
    },
    close: () => lab.close(),
  };
};
