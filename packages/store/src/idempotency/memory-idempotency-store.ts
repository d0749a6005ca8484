import type { IdempotencyClaim, IdempotencyStore } from "./idempotency-store.ts";

type Kept = Pick<IdempotencyClaim, "fingerprint" | "owner" | "leaseEndsAtMs" | "keptUntilMs"> & {
  readonly finished: boolean;
  readonly answer: string | null;
};

const FIRST_CLEANING = 1000;

const idOf = ({ scope, key }: { readonly scope: string; readonly key: string }): string =>
  JSON.stringify([scope, key]);

const isOver = (kept: Kept, nowMs: number): boolean =>
  nowMs >= (kept.finished ? kept.keptUntilMs : kept.leaseEndsAtMs);

/** Idempotency keys in this process's memory. */
export const createMemoryIdempotencyStore = (): IdempotencyStore => {
  const all = new Map<string, Kept>();
  let nextCleaning = FIRST_CLEANING;

  // Only when the map has doubled: a key costs two looks in its life.
  const forgetOver = (nowMs: number): void => {
    if (all.size < nextCleaning) return;
    for (const [id, kept] of all) if (isOver(kept, nowMs)) all.delete(id);
    nextCleaning = Math.max(FIRST_CLEANING, 2 * all.size);
  };

  const own = (id: string, owner: string): Kept | null => {
    const kept = all.get(id);
    return kept !== undefined && !kept.finished && kept.owner === owner ? kept : null;
  };

  return {
    async begin({ nowMs, ...claim }) {
      const id = idOf(claim);
      const kept = all.get(id);
      if (kept !== undefined && !isOver(kept, nowMs)) {
        if (kept.fingerprint !== claim.fingerprint) return { status: "mismatch" };
        return kept.finished
          ? { status: "finished", answer: kept.answer }
          : { status: "running", leaseEndsAtMs: kept.leaseEndsAtMs };
      }
      forgetOver(nowMs);
      const { fingerprint, owner, leaseEndsAtMs, keptUntilMs } = claim;
      all.set(id, {
        fingerprint,
        owner,
        leaseEndsAtMs,
        keptUntilMs,
        finished: false,
        answer: null,
      });
      return { status: "begun" };
    },
    async finish({ owner, answer, ...where }) {
      const id = idOf(where);
      const kept = own(id, owner);
      if (kept === null) return false;
      all.set(id, { ...kept, finished: true, answer });
      return true;
    },
    async release({ owner, ...where }) {
      const id = idOf(where);
      return own(id, owner) !== null && all.delete(id);
    },
  };
};
