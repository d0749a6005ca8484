import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { drips, says } from "../failover/upstream.ts";
import { until } from "../failover/until.ts";

let lab: Lab;
let kept: Stores;
let isDown: boolean;

/** The same store, but that every call fails while it is down. */
const failing = <Part extends object>(part: Part): Part =>
  new Proxy(part, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...values: unknown[]): unknown =>
        isDown
          ? Promise.reject(new Error("the store is down"))
          : Reflect.apply(method, target, values);
    },
  });

const open = async (enforce: boolean, storeOutage = "refuse"): Promise<void> => {
  lab = await startLab(["chat"], {
    storeOutage,
    stores: Object.fromEntries(
      Object.entries(kept).map(([name, part]) => [name, failing(part)]),
    ) as Stores,
    workspace: { budgets: [{ period: "total", limitUsd: 1, enforce }] },
    key: { rateLimitRpm: 1000 },
  });
};
beforeEach(() => {
  kept = createMemoryStores();
  isDown = false;
});
afterEach(() => lab.close());

const spentMicroUsd = async (): Promise<number> => {
  const [budget] = await kept.budgets.list("default", Date.now());
  return Number(budget?.spentPicoUsd) / 1e6;
};

describe.each([true, false])("stream: %s", (stream) => {
  test("what an enforced budget limits is refused at once, and goes on when the store is back", async () => {
    await open(true);
    isDown = true;
    const refused = await lab.ask({ stream });
    expect([refused.status, refused.error]).toEqual([503, "service_unavailable"]);
    expect(refused.tookMs).toBeLessThan(2000);
    expect(lab.upstreams[0]?.attempts).toEqual([]);
    isDown = false;
    expect((await lab.ask({ stream })).status).toBe(200);
    expect(await spentMicroUsd()).toBe(27);
  });

  test("what a budget only records goes on", async () => {
    await open(false);
    isDown = true;
    expect((await lab.ask({ stream })).status).toBe(200);
  });

  test("an operator may let calls through", async () => {
    await open(true, "allow");
    isDown = true;
    expect((await lab.ask({ stream })).status).toBe(200);
  });
});

test("a store that goes down in mid-stream stops what has outrun its hold, and no more", async () => {
  await open(true);
  lab.upstreams[0]?.play(
    says(
      Array.from({ length: 900 }, () => " word"),
      drips(2),
    ),
  );
  const asking = lab.ask({ stream: true, body: { max_tokens: 8000 } });
  await until(() => lab.upstreams[0]?.attempts.length === 1);
  isDown = true;
  const got = await asking;
  expect(got.status).toBe(200);
  expect(got.error).toBe(null);
  expect(got.finished).toBe(true);
  expect(got.metadata?.warnings?.map(({ code }) => code)).toEqual(["budget_stopped"]);
});
