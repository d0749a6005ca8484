import type { BudgetStore } from "../budget/budget-store.ts";
import { createMemoryBudgetStore } from "../budget/memory-budget-store.ts";
import { exampleBudget, exampleReservation, HOUR_MS, NOON_MS } from "./examples.ts";
import type { Suite } from "./test-kit.ts";

const GAMES = 10;
const STEPS = 80;

/** Park and Miller's generator: whole numbers below `end`. */
const seeded = (seed: number) => {
  let state = seed;
  return (end: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % end;
  };
};

type Step = (store: BudgetStore) => Promise<unknown>;

const drawStep = (draw: (end: number) => number, game: number, nowMs: number): Step => {
  const holdId = `g${game}h${draw(12)}`;
  const workspaceId = `w${game}`;
  const large = draw(4) === 0 ? 2 ** 51 : 0;
  const amount = large + draw(60);
  const leaseEndsAtMs = nowMs + draw(8) * HOUR_MS;
  switch (draw(7)) {
    case 0:
    case 1: {
      const spender = { keyId: `k${draw(2)}`, provider: "openai", byok: draw(4) === 0 };
      const money = { leastPicoUsd: amount, wantedPicoUsd: amount + draw(40), leaseEndsAtMs };
      const reservation = exampleReservation(holdId, { workspaceId, spender, nowMs, ...money });
      return (store) => store.reserve(reservation);
    }
    case 2: {
      const total = { leastTotalPicoUsd: amount, wantedTotalPicoUsd: amount + draw(40) };
      return (store) => store.extend({ holdId, ...total, leaseEndsAtMs });
    }
    case 3:
      return (store) => store.sweep({ nowMs, limit: 100 });
    case 4: {
      const enforce = draw(3) > 0;
      const limitPicoUsd = draw(2) === 0 ? BigInt(draw(300)) : 2n ** 54n + BigInt(draw(99));
      const change = { enforce, limitPicoUsd, updatedAtMs: nowMs };
      const id = `g${game}b${draw(3)}`;
      return (store) => store.update(workspaceId, id, change);
    }
    default:
      return (store) => store.settle({ holdId, picoUsd: amount, estimated: draw(2) === 0 });
  }
};

export const budgetModel = ({ test, expect }: Suite): void => {
  test("any sequence of calls answers as the in-memory store does", async ({
    budgets,
  }, handles) => {
    for (let game = 1; game <= GAMES; game++) {
      const draw = seeded(game);
      const model = createMemoryBudgetStore();
      const workspaceId = `w${game}`;
      const scopes = [
        { type: "workspace", includeByok: false },
        { type: "api_key", keyId: "k0", includeByok: true },
        { type: "credits" },
      ] as const;
      for (const [index, scope] of scopes.entries()) {
        const budget = exampleBudget({
          id: `g${game}b${index}`,
          workspaceId,
          scope,
          period: (["daily", "weekly", "total"] as const)[index] ?? "total",
          limitPicoUsd: draw(2) === 0 ? BigInt(100 + draw(200)) : 2n ** 55n,
          createdAtMs: NOON_MS + index,
        });
        await model.create(budget);
        await budgets.create(budget);
      }
      let nowMs = NOON_MS;
      for (let step = 0; step < STEPS; step++) {
        nowMs += draw(5) * HOUR_MS;
        const seed = draw(1_000_000) + 1;
        const store = handles[step % handles.length]?.budgets ?? budgets;
        const where = `game ${game}, step ${step}`;
        const expected = await drawStep(seeded(seed), game, nowMs)(model);
        expect(await drawStep(seeded(seed), game, nowMs)(store), where).toEqual(expected);
        const listed = await model.list(workspaceId, nowMs);
        expect(await store.list(workspaceId, nowMs), where).toEqual(listed);
      }
      // Nothing of this game is left for a sweep of the next one.
      await model.sweep({ nowMs: Number.MAX_SAFE_INTEGER, limit: 1000 });
      await budgets.sweep({ nowMs: Number.MAX_SAFE_INTEGER, limit: 1000 });
    }
  });
};
