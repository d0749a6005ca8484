import type { IdempotencyClaim } from "../idempotency/idempotency-store.ts";
import { HOUR_MS, MINUTE_MS, NOON_MS } from "./examples.ts";
import type { Suite } from "./test-kit.ts";

const claim = (overrides: Partial<IdempotencyClaim> = {}): IdempotencyClaim => ({
  scope: "k POST /v1/x",
  key: "abc",
  fingerprint: "body 1",
  owner: "o1",
  nowMs: NOON_MS,
  leaseEndsAtMs: (overrides.nowMs ?? NOON_MS) + MINUTE_MS,
  keptUntilMs: (overrides.nowMs ?? NOON_MS) + 24 * HOUR_MS,
  ...overrides,
});
const owned = (owner: string) => ({ scope: "k POST /v1/x", key: "abc", owner });

export const idempotencyCases = ({ test, expect }: Suite): void => {
  test("a key is begun once, runs, and answers when finished", async ({ idempotency }) => {
    expect(await idempotency.begin(claim())).toEqual({ status: "begun" });
    const running = { status: "running", leaseEndsAtMs: NOON_MS + MINUTE_MS };
    expect(await idempotency.begin(claim({ owner: "o2" }))).toEqual(running);
    expect(await idempotency.finish({ ...owned("o2"), answer: "no" })).toBe(false);
    expect(await idempotency.finish({ ...owned("o1"), answer: "yes" })).toBe(true);
    expect(await idempotency.finish({ ...owned("o1"), answer: "again" })).toBe(false);
    const again = claim({ owner: "o3", nowMs: NOON_MS + HOUR_MS });
    expect(await idempotency.begin(again)).toEqual({ status: "finished", answer: "yes" });
  });

  test("another body under the same key is a mismatch, running or finished", async ({
    idempotency,
  }) => {
    await idempotency.begin(claim());
    const other = claim({ fingerprint: "body 2", owner: "o2" });
    expect(await idempotency.begin(other)).toEqual({ status: "mismatch" });
    await idempotency.finish({ ...owned("o1"), answer: null });
    expect(await idempotency.begin(other)).toEqual({ status: "mismatch" });
    const same = { status: "finished", answer: null };
    expect(await idempotency.begin(claim())).toEqual(same);
  });

  test("scopes and keys do not meet", async ({ idempotency }) => {
    await idempotency.begin(claim());
    expect(await idempotency.begin(claim({ scope: "l POST /v1/x" }))).toEqual({ status: "begun" });
    expect(await idempotency.begin(claim({ key: "abd" }))).toEqual({ status: "begun" });
  });

  test("a failed request frees its key, by its owner alone", async ({ idempotency }) => {
    await idempotency.begin(claim());
    expect(await idempotency.release(owned("o2"))).toBe(false);
    expect(await idempotency.release(owned("o1"))).toBe(true);
    expect(await idempotency.release(owned("o1"))).toBe(false);
    const other = claim({ owner: "o2", fingerprint: "body 2" });
    expect(await idempotency.begin(other)).toEqual({ status: "begun" });
  });

  test("a lease that ran out frees the key, and its late owner changes nothing", async ({
    idempotency,
  }) => {
    await idempotency.begin(claim());
    const after = claim({ owner: "o2", nowMs: NOON_MS + MINUTE_MS });
    expect(await idempotency.begin(after)).toEqual({ status: "begun" });
    expect(await idempotency.finish({ ...owned("o1"), answer: "late" })).toBe(false);
    expect(await idempotency.release(owned("o1"))).toBe(false);
    expect(await idempotency.finish({ ...owned("o2"), answer: "yes" })).toBe(true);
  });

  test("a finished key is remembered for its time", async ({ idempotency }) => {
    await idempotency.begin(claim());
    await idempotency.finish({ ...owned("o1"), answer: "yes" });
    const at = (nowMs: number) => idempotency.begin(claim({ owner: "o2", nowMs }));
    const keptUntilMs = NOON_MS + 24 * HOUR_MS;
    expect(await at(keptUntilMs - 1)).toEqual({ status: "finished", answer: "yes" });
    expect(await at(keptUntilMs)).toEqual({ status: "begun" });
  });

  test("of many beginners at once one begins", async ({ idempotency }, handles) => {
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => {
        const store = handles[index % handles.length]?.idempotency ?? idempotency;
        return store.begin(claim({ owner: `o${index}` }));
      }),
    );
    const count = (status: string) => outcomes.filter((one) => one.status === status).length;
    expect([count("begun"), count("running")]).toEqual([1, 99]);
  });
};
