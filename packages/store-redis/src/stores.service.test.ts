import { MOST_LIMIT_PICO_USD } from "@pointsman/core/budget";
import { describeStores } from "@pointsman/store/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRedisStores } from "./index.ts";
import type { RedisStores } from "./index.ts";
import {
  budget,
  extension,
  nowMs,
  pick,
  reservation,
  timed,
  untilAnswered,
} from "../test/examples.ts";
import { findRedis, RedisServer, startCluster } from "../test/redis-server.ts";

const program = findRedis();
const conformance = (
  start: () => Promise<Pick<RedisServer, "url" | "stop">>,
  options: { readonly cluster: boolean },
): void => {
  let server: Pick<RedisServer, "url" | "stop">;
  let made = 0;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  describeStores({ describe, test, expect }, async () => {
    const all = { ...options, prefix: `p${made++}`, timeoutMs: 30_000 };
    const handles = [
      await openRedisStores(server.url, all),
      await openRedisStores(server.url, all),
    ] as const;
    return {
      handles: [...handles],
      close: async () => {
        for (const stores of handles) await stores.close();
      },
    };
  });
};

const moreTests = (start: () => Promise<RedisServer>): void => {
  let server: RedisServer;
  let made = 0;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  /** Runs a test with so many connections to a state of its own. */
  const withStores = async (
    connections: number,
    body: (handles: readonly RedisStores[], prefix: string) => Promise<void>,
  ): Promise<void> => {
    const prefix = `m${made++}`;
    const handles = await Promise.all(
      Array.from({ length: connections }, () =>
        openRedisStores(server.url, { prefix, timeoutMs: 30_000 }),
      ),
    );
    try {
      await body(handles, prefix);
    } finally {
      for (const stores of handles) await stores.close();
    }
  };

  test("a step on budgets is one round trip, also where the server forgot the scripts", () =>
    withStores(1, async (handles) => {
      const { budgets } = pick(handles, 0);
      await budgets.create(budget("day", 1000n, "daily"));
      await budgets.create(budget("month", 1000n, "monthly"));
      const steps = async (holdId: string): Promise<void> => {
        await budgets.reserve(reservation(holdId, 100));
        await budgets.extend(extension(holdId, 150));
        await budgets.settle({ holdId, picoUsd: 50, estimated: false });
      };
      await steps("warm");
      const sent: string[] = [];
      await server.ask(async (redis) => {
        const monitor = await redis.monitor();
        monitor.on("monitor", (_time: string, args: readonly string[], source: string) => {
          // What scripts do is told as well.
          if (source !== "lua") sent.push(String(args[0]).toLowerCase());
        });
        await steps("h");
        await untilAnswered(async () => {
          if (sent.length < 3) throw new Error("not told yet");
        });
        monitor.disconnect();
        expect(sent).toEqual(["evalsha", "evalsha", "evalsha"]);
        await redis.script("FLUSH");
      });
      await steps("i");
      expect((await budgets.get("w", "day", nowMs))?.spentPicoUsd).toBe(150n);
    }));

  test("of 400 reservations over four connections exactly those with room are granted", () =>
    withStores(4, async (handles) => {
      await pick(handles, 0).budgets.create(budget("day", 10n ** 12n, "daily"));
      await pick(handles, 0).budgets.create(budget("month", 73n * 100n + 99n, "monthly"));
      const answers = await Promise.all(
        Array.from({ length: 400 }, (_, call) =>
          pick(handles, call).budgets.reserve(reservation(`h${call}`, 100)),
        ),
      );
      expect(answers.filter(({ status }) => status === "granted").length).toBe(73);
      for (const id of ["day", "month"]) {
        expect((await pick(handles, 1).budgets.get("w", id, nowMs))?.heldPicoUsd).toBe(7300n);
      }
    }));

  test("the same reservation at the same moment holds once", () =>
    withStores(4, async (handles) => {
      await pick(handles, 0).budgets.create(budget("day", 1000n, "daily"));
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, call) =>
          pick(handles, call).budgets.reserve(reservation("h", 100)),
        ),
      );
      for (const answer of answers) {
        expect(answer).toEqual({ status: "granted", heldPicoUsd: 100, roomPicoUsd: 900n });
      }
    }));

  test("amounts are exact up to 2^63", () =>
    withStores(2, async (handles) => {
      const { budgets } = pick(handles, 0);
      await budgets.create(budget("b", MOST_LIMIT_PICO_USD, "total"));
      const most = Number.MAX_SAFE_INTEGER;
      const holds = Array.from({ length: 1024 }, (_, call) => `h${call}`);
      await Promise.all(
        holds.map((holdId, call) => pick(handles, call).budgets.reserve(reservation(holdId, most))),
      );
      const left = MOST_LIMIT_PICO_USD - 1024n * BigInt(most);
      const above = await budgets.reserve(reservation("i", Number(left) + 1));
      expect(above.status === "refused" && above.roomPicoUsd).toBe(left);
      const rest = await budgets.reserve(reservation("i", Number(left)));
      expect(rest).toEqual({ status: "granted", heldPicoUsd: Number(left), roomPicoUsd: 0n });
      await budgets.update("w", "b", { limitPicoUsd: 1n, updatedAtMs: nowMs });
      const refused = await budgets.reserve(reservation("j", 0));
      expect(refused.status === "refused" && refused.roomPicoUsd).toBe(1n - MOST_LIMIT_PICO_USD);
      await Promise.all(
        holds.map((holdId, call) =>
          pick(handles, call).budgets.settle({ holdId, picoUsd: most - 1, estimated: false }),
        ),
      );
      const status = await budgets.get("w", "b", nowMs);
      expect([status?.spentPicoUsd, status?.heldPicoUsd]).toEqual([1024n * BigInt(most - 1), left]);
    }));

  test("keys of a later version are refused, and left as they are", () =>
    withStores(2, async (_, prefix) => {
      const versions = await server.ask(async (redis) => {
        const first = await redis.get(`${prefix}:version`);
        await redis.set(`${prefix}:version`, "99");
        await expect(openRedisStores(server.url, { prefix })).rejects.toThrow("by a later one");
        return [first, await redis.get(`${prefix}:version`)];
      });
      expect(versions).toEqual(["1", "99"]);
    }));

  test("keys lie under the prefix, and only what may be forgotten goes by itself", () =>
    withStores(1, async (handles, prefix) => {
      const { budgets, shared } = pick(handles, 0);
      await budgets.create(budget("day", 1000n, "daily"));
      await budgets.reserve(reservation("h", 100));
      await shared.takeToken("b", { capacity: 5, perMinute: 60 }, nowMs);
      await server.ask(async (redis) => {
        const keys = await redis.keys(`${prefix}:*`);
        const going: string[] = [];
        for (const key of keys) if ((await redis.pttl(key)) > 0) going.push(key);
        expect(going).toEqual([`${prefix}:bucket:b`]);
        expect(keys).toContain(`${prefix}:{budgets}:hold:h`);
      });
    }));
};

const outages = (start: () => Promise<RedisServer>): void => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  test("while the server is down calls fail at once, and are answered when it is back", async () => {
    const stores = await openRedisStores(server.url);
    const call = () => stores.budgets.list("w", nowMs);
    await call();
    await server.kill();
    const calls = await Promise.all(Array.from({ length: 50 }, () => timed(call)));
    expect(calls.every(({ failed }) => failed)).toBe(true);
    expect(Math.max(...calls.map(({ ms }) => ms))).toBeLessThan(2500);
    await expect(openRedisStores(server.url)).rejects.toThrow("ECONNREFUSED");
    await server.run();
    await untilAnswered(call);
    await stores.close();
  });

  test("a server that does not answer is given up in time, and what was not sent is not done later", async () => {
    const stores = await openRedisStores(server.url, { timeoutMs: 600 });
    await stores.budgets.create(budget("day", 1_000_000n, "daily"));
    server.freeze();
    const first = await timed(() => stores.budgets.get("w", "day", nowMs));
    expect(first.failed).toBe(true);
    expect(first.ms).toBeLessThan(2500);
    const late = await timed(() => stores.budgets.reserve(reservation("h", 100)));
    expect(late.failed).toBe(true);
    server.thaw();
    await untilAnswered(() => stores.budgets.list("w", nowMs));
    expect((await stores.budgets.get("w", "day", nowMs))?.heldPicoUsd).toBe(0n);
    await stores.close();
  });
};

if (program === null) {
  test.skip("Redis is not installed: its tests are not run", () => {});
} else {
  describe("one server", () => {
    conformance(() => RedisServer.start(program), { cluster: false });
  });
  describe("a cluster", () => {
    conformance(() => startCluster(program), { cluster: true });
  });
  describe("more of one server", () => {
    moreTests(() => RedisServer.start(program));
  });
  describe("outages", () => {
    outages(() => RedisServer.start(program));
  });
}
