import type { Reservation, Stores } from "@pointsman/store";

/** What a store's steps cost. */
export type Measured = {
  readonly reserveMicros: number;
  readonly settleMicros: number;
};

const nowMs = Date.UTC(2026, 10, 27, 12);
const limitPicoUsd = 2n ** 60n;

const scopes = [
  { type: "workspace", includeByok: false },
  { type: "api_key", keyId: "k", includeByok: false },
] as const;

/** Two budgets that every call counts against, as a workspace and its key have them. */
export const makeBudgets = async ({ budgets }: Stores): Promise<void> => {
  for (const scope of scopes) {
    await budgets.create({
      id: `bdgt_${scope.type}`,
      workspaceId: "w",
      scope,
      period: "monthly",
      limitPicoUsd,
      enforce: true,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    });
  }
};

export const reservationOf = (holdId: string): Reservation => ({
  holdId,
  workspaceId: "w",
  spender: { keyId: "k", provider: "openai", byok: false },
  leastPicoUsd: 1_000_000,
  wantedPicoUsd: 90_000_000,
  leaseEndsAtMs: nowMs + 60_000,
  nowMs,
  memo: '{"requestId":"req_0123456789abcdef"}',
});

let made = 0;

/**
 * Reserves and settles, so many at a time for so long.
 *
 * @returns µs each, all else in flight beside it
 */
export const measureStore = async (
  { budgets }: Stores,
  { inFlight, seconds }: { readonly inFlight: number; readonly seconds: number },
): Promise<Measured> => {
  let reserveMs = 0;
  let settleMs = 0;
  let count = 0;
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) {
    const ids = Array.from({ length: inFlight }, () => `h${(made += 1)}`);
    const startedMs = performance.now();
    const granted = await Promise.all(ids.map((id) => budgets.reserve(reservationOf(id))));
    const reservedMs = performance.now();
    await Promise.all(
      ids.map((holdId) => budgets.settle({ holdId, picoUsd: 31_250_000, estimated: false })),
    );
    if (granted.some(({ status }) => status !== "granted")) throw new Error("it was refused");
    reserveMs += reservedMs - startedMs;
    settleMs += performance.now() - reservedMs;
    count += inFlight;
  }
  return { reserveMicros: (reserveMs * 1000) / count, settleMicros: (settleMs * 1000) / count };
};
