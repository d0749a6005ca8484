import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeHealth } from "@pointsman/core/health";
import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { openSqliteStores } from "@pointsman/store-sqlite";
import { afterEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { until } from "../failover/until.ts";
import { answers, fails } from "../failover/upstream.ts";

const ending: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

const start = async (stores: Stores): Promise<Lab> => {
  const lab = await startLab(
    ["chat", "chat"].map(() => ({
      wire: "chat" as const,
      more: { health: { openAfter: 1, restMs: 60_000 } },
    })),
    { stores, state: "sqlite:given" },
  );
  ending.push(() => lab.close());
  return lab;
};

const breakersOf = ({ gateway }: Lab): readonly string[] =>
  describeHealth(gateway.engine.state, Date.now()).map(({ breaker }) => breaker);

const inMemory = (): readonly [Stores, Stores] => {
  const stores = createMemoryStores();
  return [stores, stores];
};
const inFile = (): readonly [Stores, Stores] => {
  const folder = mkdtempSync(join(tmpdir(), "pointsman-replicas-"));
  ending.push(() => rmSync(folder, { recursive: true }));
  const open = (): Stores => {
    const stores = openSqliteStores(join(folder, "shared.db"));
    ending.push(() => stores.close());
    return stores;
  };
  return [open(), open()];
};

test.each([
  ["memory", inMemory],
  ["a file", inFile],
])("what rests at one replica rests at the other, over %s", async (_case, open) => {
  const [mine, theirs] = open();
  const one = await start(mine);
  const other = await start(theirs);
  one.upstreams[0]?.play(fails(500));
  expect((await one.ask({ stream: false })).metadata?.provider).toBe("p1");
  expect(breakersOf(one)).toEqual(["open", "closed"]);
  await until(() => breakersOf(other)[0] === "open");
  const untried = other.upstreams[0]?.attempts.length;
  other.upstreams[0]?.play(answers);
  expect((await other.ask({ stream: false })).metadata?.provider).toBe("p1");
  expect(other.upstreams[0]?.attempts.length, "a resting provider is spared").toBe(untried);
});
