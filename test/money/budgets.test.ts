import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStores } from "@pointsman/store";
import type { BudgetStatus, Stores } from "@pointsman/store";
import { openSqliteStores } from "@pointsman/store-sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { startLab, surfaces } from "../failover/lab.ts";
import type { Ask, Got, Lab } from "../failover/lab.ts";
import { afterWords, answers, cuts, drips, fails, hangs, story } from "../failover/upstream.ts";
import type { Act } from "../failover/upstream.ts";
import { eventsOf } from "../failover/wire-answer.ts";
import { until } from "../failover/until.ts";

const cleanings: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanings.splice(0).toReversed()) await clean();
});

const kinds: Readonly<Record<string, () => Promise<Stores>>> = {
  memory: async () => createMemoryStores(),
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), "pointsman-money-"));
    cleanings.push(() => rm(folder, { recursive: true }));
    const stores = openSqliteStores(join(folder, "pointsman.db"));
    cleanings.push(() => stores.close());
    return stores;
  },
};

type Budgeted = { readonly lab: Lab; readonly budget: () => Promise<BudgetStatus> };

/** A lab whose workspace may spend so much; the first provider takes 1 and 2 USD a million tokens. */
const start = async (
  kind: string,
  limitUsd: number,
  options: { readonly providers?: number; readonly key?: object; readonly budget?: object } = {},
): Promise<Budgeted> => {
  const stores = await (kinds[kind] ?? kinds["memory"])?.();
  if (stores === undefined) throw new Error(`no store ${kind}`);
  const wires = Array.from({ length: options.providers ?? 1 }, () => "chat" as const);
  const lab = await startLab(wires, {
    stores,
    workspace: { budgets: [{ period: "daily", limitUsd, ...options.budget }] },
    key: { ...options.key },
  });
  cleanings.push(() => lab.close());
  const budget = async (): Promise<BudgetStatus> => {
    const [found] = await stores.budgets.list("default", Date.now());
    if (found === undefined) throw new Error("there is no budget");
    return found;
  };
  return { lab, budget };
};

const play = (lab: Lab, ...acts: readonly [Act, ...Act[]]): void => lab.upstreams[0]?.play(...acts);

/** 11 tokens at 1 and 8 at 2 USD a million, pico-USD. */
const onePico = BigInt(11 + 2 * 8) * 1_000_000n;
const short = { max_tokens: 8 };

describe.each(Object.keys(kinds))("with %s", (kind) => {
  test("what was spent is told, and what cannot be paid is refused, on every surface", async () => {
    // Three answers and a little.
    const { lab, budget } = await start(kind, 0.000_09);
    for (const spent of ["0.000000", "0.000027", "0.000054"]) {
      const got = await lab.ask({ body: short });
      expect(got.finished).toBe(true);
      expect(got.headers.get("x-budget-daily-limit")).toBe("0.000090");
      expect(got.headers.get("x-budget-daily-spend")).toBe(spent);
    }
    expect(await budget()).toMatchObject({ spentPicoUsd: 3n * onePico, heldPicoUsd: 0n });
    for (const surface of surfaces) {
      const got = await lab.ask({ surface });
      expect(got).toMatchObject({ status: 429, error: "budget_exhausted" });
      expect(got.headers.get("x-budget-exceeded")).toBe("true");
      expect(got.headers.get("x-budget-exceeded-period")).toBe("daily");
      expect(got.headers.get("x-budget-exceeded-scope")).toBe("workspace");
      expect(got.headers.get("x-should-retry")).toBe("false");
      expect(Number(got.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(lab.upstreams[0]?.attempts).toHaveLength(3);
  });

  test("what is left caps the answer, and the answer says so", async () => {
    const { lab } = await start(kind, 0.000_06);
    const got = await lab.ask();
    expect(got.metadata?.warnings?.map(({ code }) => code)).toEqual([
      "max_tokens_capped_by_budget",
    ]);
    const sent = JSON.parse(lab.upstreams[0]?.attempts[0]?.body ?? "{}") as { max_tokens?: number };
    expect(sent.max_tokens).toBeGreaterThan(0);
    expect(sent.max_tokens).toBeLessThan(30);
  });

  test("failed and cut attempts are paid, waiting ones give their money back", async () => {
    const { lab, budget } = await start(kind, 1, { providers: 2 });
    play(lab, afterWords(3, cuts));
    const got = await lab.ask();
    expect(got.finished).toBe(true);
    const { spentPicoUsd, heldPicoUsd } = await budget();
    expect(heldPicoUsd).toBe(0n);
    expect(Number(spentPicoUsd) / 1e12).toBeCloseTo(got.metadata?.cost.usd ?? 0, 12);
    play(lab, fails(500));
    await lab.ask();
    expect((await budget()).heldPicoUsd).toBe(0n);
  });

  test("a caller who leaves is settled", async () => {
    const { lab, budget } = await start(kind, 1);
    for (const act of [hangs, drips(50)]) {
      play(lab, act);
      const leaving = new AbortController();
      const asked = lab.ask({ signal: leaving.signal }).catch(() => null);
      await until(() => lab.upstreams[0]?.attempts.length === 1);
      await new Promise((resolve) => setTimeout(resolve, 120));
      leaving.abort();
      await asked;
      for (let tries = 0; (await budget()).heldPicoUsd !== 0n; tries += 1) {
        expect(tries).toBeLessThan(100);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    // The words that dripped are paid.
    expect((await budget()).spentPicoUsd).toBeGreaterThan(0n);
  });

  test("under fire: never more than the limit, all that fits is admitted", async () => {
    const room = 40;
    const { lab, budget } = await start(kind, (room * 27 + 26) / 1e6, { providers: 2 });
    // The invoice of the provider, which keeps to what it was asked for.
    let invoicedPico = 0n;
    play(lab, (scene) => {
      const { max_tokens: most = 8 } = JSON.parse(scene.body) as { max_tokens?: number };
      const output = Math.min(8, most);
      invoicedPico += BigInt(11 + 2 * output) * 1_000_000n;
      const meant = { ...scene.meant, words: story.slice(0, output), usage: { input: 11, output } };
      return answers({ ...scene, meant, events: eventsOf.chat(meant) });
    });
    const asks = (count: number): readonly Ask[] =>
      Array.from({ length: count }, (_, at) => ({
        surface: surfaces[at % surfaces.length] ?? "chat",
        stream: at % 2 === 0,
        routing: { providers: ["p0"] },
        body: at % surfaces.length === 1 ? { max_output_tokens: 8 } : short,
      }));
    const got: Got[] = [];
    const all = [...asks(400)];
    const worker = async (): Promise<void> => {
      for (let ask = all.pop(); ask !== undefined; ask = all.pop()) got.push(await lab.ask(ask));
    };
    await Promise.all(Array.from({ length: 25 }, worker));
    const served = got.filter(({ finished }) => finished).length;
    const { spentPicoUsd, heldPicoUsd, limitPicoUsd } = await budget();
    expect(heldPicoUsd).toBe(0n);
    expect(spentPicoUsd).toBe(invoicedPico);
    expect(spentPicoUsd).toBeLessThanOrEqual(limitPicoUsd);
    // A prompt is held at its upper bound, so a call more or less of the last may not fit.
    expect(served).toBeGreaterThanOrEqual(room - 1);
    const others = got.filter(({ finished }) => !finished);
    expect(new Set(others.map(({ error }) => error))).toEqual(new Set(["budget_exhausted"]));
  });
});

test("a dearer candidate that cannot be paid gives way to a cheaper one", async () => {
  // The second provider takes five times as much.
  const { lab } = await start("memory", 0.000_05, { providers: 2 });
  const got = await lab.ask({ body: short, routing: { prefer: "p1" } });
  expect(got).toMatchObject({ finished: true, text: story.join("") });
  expect(got.metadata?.provider).toBe("p0");
});

test("a budget that is not enforced only records", async () => {
  const { lab, budget } = await start("memory", 0.000_01, { budget: { enforce: false } });
  for (let asked = 0; asked < 3; asked += 1) expect((await lab.ask()).finished).toBe(true);
  expect((await budget()).spentPicoUsd).toBe(3n * onePico);
});

test("a key has its own budget and its own rate", async () => {
  const { lab } = await start("memory", 1, {
    key: { budgets: [{ period: "total", limitUsd: 0.000_03 }], rateLimitRpm: 3 },
  });
  const first = await lab.ask({ body: short });
  expect(first.finished).toBe(true);
  expect(first.headers.get("x-ratelimit-limit-requests")).toBe("3");
  expect(first.headers.get("x-ratelimit-remaining-requests")).toBe("2");
  const second = await lab.ask({ body: short });
  expect(second).toMatchObject({ status: 429, error: "budget_exhausted" });
  expect(second.headers.get("x-budget-exceeded-scope")).toBe("api_key");
  expect(second.headers.get("retry-after")).toBeNull();
  await lab.ask({ surface: "messages" });
  const fourth = await lab.ask();
  expect(fourth).toMatchObject({ status: 429, error: "rate_limit_exceeded" });
  expect(fourth.headers.get("x-rate-limit-source")).toBe("gateway");
  expect(Number(fourth.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(fourth.headers.get("x-ratelimit-remaining-requests")).toBe("0");
});
