import { hostname } from "node:os";
import type { Engine, Timer } from "@pointsman/engine";
import type { Stores } from "@pointsman/store";
import type { FastifyBaseLogger } from "fastify";
import type { Config } from "./config/config.ts";
import { setByokCap } from "./money/byok-cap.ts";
import { configuredBudgets, ensureBudgets } from "./money/configured-budgets.ts";
import { picoOfUsd } from "./money/usd.ts";
import { entryOfExpired } from "./money/hold-memo.ts";
import type { LedgerBuffer } from "./money/ledger-buffer.ts";
import type { LimitedWorkspaces } from "./money/limited-workspaces.ts";
import { startSweeper } from "./money/sweeper.ts";
import { MemoryOfRoutes } from "./watch/memory-of-routes.ts";
import { RestExchange } from "./watch/rest-exchange.ts";
import type { WorkspaceBook } from "./workspaces/workspace-book.ts";

/** So often a gateway reads what other processes on its stores have changed, ms. */
const refreshEveryMs = 2000;

export type UpkeepOptions = {
  readonly config: Config;
  readonly engine: Engine;
  readonly stores: Stores;
  readonly book: WorkspaceBook;
  readonly limited: LimitedWorkspaces;
  readonly buffer: LedgerBuffer;
  readonly logger: FastifyBaseLogger;
};

/** What a gateway does beside requests: takes in changes, charges what was left behind, keeps what it learned. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #memory: MemoryOfRoutes;
  readonly #rests: RestExchange;
  /** Other processes may be on the same stores, or come after this one. */
  readonly #isShared: boolean;
  #sweeper: { stop(): void } | undefined;
  #refreshing: Timer | undefined;
  #stopped = false;

  constructor(options: UpkeepOptions) {
    const { config, engine, stores, logger } = options;
    this.#options = options;
    this.#isShared = config.state.hot !== "memory:" || config.state.record !== "memory:";
    this.#rests = new RestExchange({
      shared: stores.shared,
      state: () => engine.state,
      nowMs: () => engine.clock.nowMs(),
    });
    this.#memory = new MemoryOfRoutes({
      shared: stores.shared,
      clock: engine.clock,
      // Of processes that share a place, each its own.
      member: `${hostname()}/${config.server.port}`,
      state: () => engine.state,
      onError: (error) => {
        logger.error({ err: error }, "what was learned could not be kept");
      },
    });
  }

  /** Before the first request. */
  async start(): Promise<void> {
    const { config, engine, stores, logger } = this.#options;
    const { clock } = engine;
    await ensureBudgets(stores.budgets, configuredBudgets(config), clock.nowMs());
    for (const { id, byokMonthlyCapUsd } of config.workspaces) {
      if (byokMonthlyCapUsd === null) continue;
      const cap = { picoUsd: picoOfUsd(byokMonthlyCapUsd), nowMs: clock.nowMs() };
      await setByokCap(stores.budgets, id, cap);
    }
    await this.#refresh();
    if (this.#isShared) {
      this.#refreshing = clock.timer(refreshEveryMs, () => void this.#refreshAgain());
      const learned = await this.#memory.recall();
      if (learned !== null) engine.adopt(learned);
      this.#memory.start();
    }
    this.#sweeper = startSweeper({
      budgets: stores.budgets,
      clock,
      onSwept: async (hold) => {
        const { holdId, chargedPicoUsd } = hold;
        logger.warn({ holdId, chargedPicoUsd }, "charged what nobody settled");
        await stores.ledger.record([entryOfExpired(hold)]);
      },
      onError: (error) => {
        logger.error({ err: error }, "budgets could not be swept");
      },
    });
  }

  /** No more requests are taken. */
  stop(): void {
    this.#stopped = true;
    this.#sweeper?.stop();
    this.#refreshing?.cancel();
  }

  /** After the last request. */
  async finish(): Promise<void> {
    await this.#options.buffer.flush();
    if (this.#isShared) await this.#memory.close();
  }

  /** Takes in what other processes have changed. */
  async #refresh(): Promise<void> {
    const { book, limited, stores, engine } = this.#options;
    await book.load();
    for (const { id } of book.list()) await limited.look(stores.budgets, id, engine.clock.nowMs());
  }

  async #refreshAgain(): Promise<void> {
    try {
      await this.#refresh();
    } catch (error) {
      this.#options.logger.error({ err: error }, "workspaces and budgets could not be read");
    }
    try {
      await this.#rests.exchange();
    } catch (error) {
      this.#options.logger.error({ err: error }, "what rests could not be exchanged");
    }
    if (!this.#stopped) this.#refreshing?.refresh();
  }
}
