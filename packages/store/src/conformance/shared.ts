import { MINUTE_MS, NOON_MS } from "./examples.ts";
import type { Suite } from "./test-kit.ts";

export const sharedCases = ({ test, expect }: Suite): void => {
  test("a bucket has its capacity and fills evenly", async ({ shared }) => {
    const rule = { capacity: 3, perMinute: 60 };
    const take = (nowMs: number) => shared.takeToken("b", rule, nowMs);
    const taken = (remaining: number, fullAfterMs: number) => ({
      allowed: true,
      remaining,
      retryAfterMs: remaining > 0 ? 0 : 1000,
      fullAfterMs,
    });
    expect(await take(NOON_MS)).toEqual(taken(2, 1000));
    expect(await take(NOON_MS)).toEqual(taken(1, 2000));
    expect(await take(NOON_MS)).toEqual(taken(0, 3000));
    const empty = { allowed: false, remaining: 0, retryAfterMs: 1000, fullAfterMs: 3000 };
    expect(await take(NOON_MS)).toEqual(empty);
    expect(await take(NOON_MS + 500)).toEqual({ ...empty, retryAfterMs: 500, fullAfterMs: 2500 });
    expect(await take(NOON_MS + 1000)).toEqual(taken(0, 3000));
    expect(await take(NOON_MS + 10 * MINUTE_MS), "never above").toEqual(taken(2, 1000));
    expect((await shared.takeToken("c", rule, NOON_MS)).remaining, "another bucket").toBe(2);
  });

  test("of many takers at once as many get a token as there are", async ({ shared }, handles) => {
    const rule = { capacity: 50, perMinute: 50 };
    const taken = await Promise.all(
      Array.from({ length: 300 }, (_, index) => {
        const store = handles[index % handles.length]?.shared ?? shared;
        return store.takeToken("b", rule, NOON_MS);
      }),
    );
    expect(taken.filter(({ allowed }) => allowed).length).toBe(50);
  });

  test("members read each other's latest word until it expires", async ({ shared }, handles) => {
    const last = handles.at(-1)?.shared ?? shared;
    const publish = (member: string, value: string, lifeMs: number) =>
      shared.publish({ topic: "t", member, value, expiresAtMs: NOON_MS + lifeMs });
    await publish("m2", "old", 1000);
    await publish("m2", "new", 2000);
    await publish("m1", "first", 1000);
    await shared.publish({ topic: "u", member: "m3", value: "x", expiresAtMs: NOON_MS + 1 });
    const second = { member: "m2", value: "new" };
    expect(await last.read("t", NOON_MS)).toEqual([{ member: "m1", value: "first" }, second]);
    expect(await last.read("t", NOON_MS + 1000)).toEqual([second]);
    expect(await last.read("t", NOON_MS + 2000)).toEqual([]);
    expect(await last.read("nobody", NOON_MS)).toEqual([]);
  });
};
