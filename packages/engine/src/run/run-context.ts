import type { RouterState } from "@pointsman/core";
import type { ImageFetcher } from "@pointsman/provider";
import type { EngineProvider } from "../account/account.ts";
import type { Clock } from "../clock/clock.ts";
import type { HedgeBudgets } from "./hedge-budgets.ts";
import type { Slots } from "./slots.ts";

/** What runs share. */
export type RunContext = {
  readonly state: RouterState;
  readonly providers: ReadonlyMap<string, EngineProvider>;
  /** Places at the providers that take so many calls at a time only. */
  readonly slots: ReadonlyMap<string, Slots>;
  readonly hedges: HedgeBudgets;
  readonly clock: Clock;
  /** Whole numbers of 32 bits, unlike from one request to the next. */
  readonly nextSeed: () => number;
  readonly images: ImageFetcher;
  /** Hears of a bug; the run it broke ends with `internal_error`. */
  readonly onBug: (error: unknown) => void;
};
