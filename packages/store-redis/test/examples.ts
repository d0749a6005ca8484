import { setTimeout as sleep } from "node:timers/promises";
import type { Budget, Extension, Reservation } from "@pointsman/store";

export const nowMs = Date.UTC(2026, 2, 4, 12);

export const budget = (id: string, limitPicoUsd: bigint, period: Budget["period"]): Budget => ({
  id,
  workspaceId: "w",
  scope: { type: "workspace", includeByok: false },
  period,
  limitPicoUsd,
  enforce: true,
  createdAtMs: nowMs,
  updatedAtMs: nowMs,
});

export const reservation = (holdId: string, picoUsd: number): Reservation => ({
  holdId,
  workspaceId: "w",
  spender: { keyId: "k", provider: "openai", byok: false },
  leastPicoUsd: picoUsd,
  wantedPicoUsd: picoUsd,
  leaseEndsAtMs: nowMs + 60_000,
  nowMs,
  memo: "",
});

export const extension = (holdId: string, picoUsd: number): Extension => ({
  holdId,
  leastTotalPicoUsd: picoUsd,
  wantedTotalPicoUsd: picoUsd,
  leaseEndsAtMs: nowMs + 60_000,
});

export const pick = <T>(items: readonly T[], index: number): T => {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError("no items");
  return item;
};

/** What a call comes to, and after how long. */
export const timed = async (
  call: () => Promise<unknown>,
): Promise<{ readonly failed: boolean; readonly ms: number }> => {
  const startMs = performance.now();
  const failed = await call().then(
    () => false,
    () => true,
  );
  return { failed, ms: performance.now() - startMs };
};

export const untilAnswered = async (call: () => Promise<unknown>): Promise<void> => {
  while ((await timed(call)).failed) await sleep(20);
};
