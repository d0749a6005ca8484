import { MOST_LIMIT_PICO_USD } from "@pointsman/core/budget";
import { describeStores } from "@pointsman/store/conformance";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgresStores } from "./index.ts";
import type { PostgresStores } from "./index.ts";
import {
  budget,
  entry,
  extension,
  nowMs,
  pick,
  reservation,
  timed,
  untilAnswered,
} from "../test/examples.ts";
import { findPostgres, PostgresServer } from "../test/postgres-server.ts";
import { Relay } from "../test/relay.ts";

const bin = await findPostgres();
const allTests = (start: () => Promise<PostgresServer>): void => {
  let server: PostgresServer;
  let made = 0;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  const newSchema = (): string => `s${made++}`;

  /** Opens the same state so many times. */
  const openMany = async (
    handles: number,
    schema = newSchema(),
  ): Promise<readonly [PostgresStores, ...PostgresStores[]]> => {
    const options = { schema, maxConnections: 8, timeoutMs: 30_000 };
    const first = await openPostgresStores(server.url, options);
    const others = Array.from({ length: handles - 1 }, () =>
      openPostgresStores(server.url, options),
    );
    return [first, ...(await Promise.all(others))];
  };

  const withStores = async (
    count: number,
    body: (handles: readonly PostgresStores[]) => Promise<void>,
  ): Promise<void> => {
    const handles = await openMany(count);
    try {
      await body(handles);
    } finally {
      for (const stores of handles) await stores.close();
    }
  };

  describeStores({ describe, test, expect }, async () => {
    const handles = await openMany(2);
    return {
      handles,
      close: async () => {
        for (const stores of handles) await stores.close();
      },
    };
  });

  describe("money", () => {
    test("a step on budgets is one round trip", async () => {
      const relay = await Relay.start(server.port);
      const url = `postgres://pointsman@127.0.0.1:${relay.port}/postgres`;
      const stores = await openPostgresStores(url, { schema: newSchema(), maxConnections: 1 });
      const { budgets } = stores;
      await budgets.create(budget("day", 1000n, "daily"));
      await budgets.create(budget("month", 1000n, "monthly"));
      const turnsOf = async (step: () => Promise<unknown>): Promise<number> => {
        const before = relay.turns;
        await step();
        return relay.turns - before;
      };
      const turns: number[] = [];
      // A connection prepares a statement when it first meets it; that is another one, once.
      for (const holdId of ["first", "second"]) {
        turns.push(
          await turnsOf(() => budgets.reserve(reservation(holdId, 100))),
          await turnsOf(() => budgets.extend(extension(holdId, 150))),
          await turnsOf(() => budgets.settle({ holdId, picoUsd: 50, estimated: false })),
        );
      }
      expect(turns.slice(3)).toEqual([1, 1, 1]);
      await stores.close();
      await relay.stop();
    });

    test("of 400 reservations over four handles exactly those with room are granted", () =>
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
        const { budgets } = pick(handles, 0);
        await budgets.create(budget("day", 1000n, "daily"));
        const reserveAtOnce = (holdId: string, workspaceId: string) =>
          Promise.all(
            Array.from({ length: 40 }, (_, call) =>
              pick(handles, call).budgets.reserve({ ...reservation(holdId, 100), workspaceId }),
            ),
          );
        for (const answer of await reserveAtOnce("h", "w")) {
          expect(answer).toEqual({ status: "granted", heldPicoUsd: 100, roomPicoUsd: 900n });
        }
        // Without a budget there is no lock that keeps them apart.
        for (const answer of await reserveAtOnce("i", "none")) {
          expect(answer).toEqual({ status: "granted", heldPicoUsd: 100, roomPicoUsd: null });
        }
      }));

    test("everything at once on the same budgets neither deadlocks nor loses money", () =>
      withStores(4, async (handles) => {
        const { budgets } = pick(handles, 0);
        for (const [index, period] of (["daily", "monthly", "total"] as const).entries()) {
          await budgets.create(budget(`b${index}`, 100_000n, period));
        }
        const calls = Array.from({ length: 600 }, (_, call): (() => Promise<unknown>) => {
          const store = pick(handles, call * 7).budgets;
          const holdId = `h${(call * 31) % 40}`;
          switch (call % 6) {
            case 0:
            case 1:
              return () => store.reserve(reservation(holdId, call));
            case 2:
              return () => store.extend(extension(holdId, call));
            case 3:
              return () => store.settle({ holdId, picoUsd: call, estimated: false });
            case 4:
              return () => store.sweep({ nowMs: nowMs + (call % 12) * 10_000, limit: 5 });
            default:
              return () =>
                store.update("w", `b${call % 3}`, {
                  limitPicoUsd: 100_000n + BigInt(call),
                  updatedAtMs: nowMs,
                });
          }
        });
        await Promise.all(calls.map((call) => call()));
        await budgets.sweep({ nowMs: nowMs + 60_000, limit: 1000 });
        const [first, ...others] = await budgets.list("w", nowMs);
        expect(first?.heldPicoUsd).toBe(0n);
        for (const other of others) {
          expect([other.heldPicoUsd, other.spentPicoUsd]).toEqual([0n, first?.spentPicoUsd]);
        }
      }));

    test("amounts are exact up to 2^63", () =>
      withStores(2, async (handles) => {
        const { budgets } = pick(handles, 0);
        await budgets.create(budget("b", MOST_LIMIT_PICO_USD, "total"));
        const most = Number.MAX_SAFE_INTEGER;
        const holds = Array.from({ length: 1024 }, (_, call) => `h${call}`);
        await Promise.all(
          holds.map((holdId, call) =>
            pick(handles, call).budgets.reserve(reservation(holdId, most)),
          ),
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
        expect([status?.spentPicoUsd, status?.heldPicoUsd]).toEqual([
          1024n * BigInt(most - 1),
          left,
        ]);
      }));
  });

  describe("the schema", () => {
    test("is made once by several at once, and opened again as it was", async () => {
      const schema = newSchema();
      const handles = await Promise.all(
        Array.from({ length: 4 }, () => openPostgresStores(server.url, { schema })),
      );
      await pick(handles, 0).budgets.create(budget("day", 1000n, "daily"));
      for (const stores of handles) await stores.close();
      const [again] = await openMany(1, schema);
      expect((await again.budgets.list("w", nowMs)).length).toBe(1);
      await again.close();
    });

    test("of a later version is refused, and left as it is", async () => {
      const schema = newSchema();
      const [stores] = await openMany(1, schema);
      await stores.close();
      const sql = postgres(server.url, { max: 1 });
      await sql.unsafe(`UPDATE ${schema}.version SET version = 99`);
      await expect(openPostgresStores(server.url, { schema })).rejects.toThrow("by a later one");
      const [row] = await sql.unsafe(`SELECT version FROM ${schema}.version`);
      expect(row).toEqual({ version: 99 });
      await sql.end();
    });

    test("has a name, and nothing else", async () => {
      const open = openPostgresStores(server.url, { schema: 'a"; DROP SCHEMA public; --' });
      await expect(open).rejects.toThrow(RangeError);
    });

    test("keeps text that PostgreSQL has no place for", () =>
      withStores(1, async (handles) => {
        const { ledger, workspaces } = pick(handles, 0);
        await ledger.record([entry("a", "x\0y")]);
        expect((await ledger.find("a"))?.tag).toBe("x\0y");
        const query = { workspaceId: "w", sinceMs: 0, untilMs: nowMs + 1, by: "tag" } as const;
        expect((await ledger.sum(query)).map(({ group }) => group)).toEqual(["x\uFFFDy"]);
        const workspace = { id: "w", workspaceId: "w", uniqueName: "w", createdAtMs: nowMs };
        const more = { name: "a\0\uD800", slug: "w", routing: null, routingUpdatedAtMs: null };
        await workspaces.create({ ...workspace, ...more });
        expect((await workspaces.get("w", "w"))?.name).toBe("a\uFFFD\uFFFD");
      }));
  });

  describe("outages", () => {
    test("while the server is down calls fail soon, and are answered when it is back", async () => {
      const schema = newSchema();
      const stores = await openPostgresStores(server.url, { schema, maxConnections: 4 });
      const call = () => stores.budgets.list("w", nowMs);
      await Promise.all([call(), call(), call()]);
      await server.kill();
      const calls = await Promise.all(Array.from({ length: 50 }, () => timed(call)));
      expect(calls.every(({ failed }) => failed)).toBe(true);
      expect(Math.max(...calls.map(({ ms }) => ms))).toBeLessThan(2500);
      await expect(openPostgresStores(server.url, { schema })).rejects.toThrow("ECONNREFUSED");
      await server.run();
      await untilAnswered(call);
      await stores.close();
    });

    test("a wire that went dead is given up in time, and what was not sent is not done later", async () => {
      const relay = await Relay.start(server.port);
      const url = `postgres://pointsman@127.0.0.1:${relay.port}/postgres`;
      const schema = newSchema();
      const options = { schema, maxConnections: 2, timeoutMs: 600 };
      const stores = await openPostgresStores(url, options);
      await stores.budgets.create(budget("day", 1_000_000n, "daily"));
      relay.die();
      const calls = await Promise.all(
        Array.from({ length: 20 }, (_, call) =>
          timed(() => stores.budgets.reserve(reservation(`h${call}`, 100))),
        ),
      );
      expect(calls.every(({ failed }) => failed)).toBe(true);
      expect(Math.max(...calls.map(({ ms }) => ms))).toBeLessThan(2500);
      relay.revive();
      await untilAnswered(() => stores.budgets.list("w", nowMs));
      expect((await stores.budgets.get("w", "day", nowMs))?.heldPicoUsd).toBe(0n);
      await stores.close();
      await relay.stop();
    });
  });
};

if (bin === null) {
  test.skip("PostgreSQL is not installed: its tests are not run", () => {});
} else {
  allTests(() => PostgresServer.start(bin));
}
