import { hedgeOf, timeLimitOf } from "@pointsman/core";
import type { AttemptRecord, Decision, Hedge } from "@pointsman/core";
import type { Timer } from "../clock/clock.ts";
import { defaultConduct } from "./conduct.ts";
import type { RunContext } from "./run-context.ts";
import type { RunRequest } from "./run-request.ts";

/** What core expects of the attempts of one run, put to use. */
export class Foresight {
  readonly #context: RunContext;
  readonly #request: RunRequest;
  readonly #decision: Decision;

  constructor(context: RunContext, request: RunRequest, decision: Decision) {
    this.#context = context;
    this.#request = request;
    this.#decision = decision;
  }

  /** Limit of an attempt's first content or answer below the configured one; `null` = none. */
  timeLimitMs(index: number, attempts: readonly AttemptRecord[]): number | null {
    const { state, clock } = this.#context;
    const { routing, timeoutMs } = this.#request;
    const at = { index, attempts, nowMs: clock.nowMs() };
    const limitMs = timeLimitOf(state, routing, this.#decision, at);
    if (limitMs === null || timeoutMs === null) return limitMs ?? timeoutMs;
    return Math.min(limitMs, timeoutMs);
  }

  /** Calls `due` when a second attempt beside the first is worth its price, and the budget has it. */
  hedge(due: (hedge: Hedge) => void): Timer | undefined {
    const { state, clock, hedges, slots } = this.#context;
    const { routing, conduct = defaultConduct } = this.#request;
    if (conduct.hedge === "off") return undefined;
    const hedge = hedgeOf(state, routing, this.#decision, { index: 0, nowMs: clock.nowMs() });
    const provider = hedge && this.#decision.candidates[hedge.candidate]?.offering.provider;
    if (hedge === null || provider === undefined || provider === null) return undefined;
    return clock.timer(hedge.afterMs, () => {
      const isFree = slots.get(provider)?.isFree !== false;
      if (isFree && hedges.spend(routing.workspace)) due(hedge);
    });
  }
}
