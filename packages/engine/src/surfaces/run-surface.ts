import type { Purse } from "../run/purse.ts";
import type { Account } from "../account/account.ts";
import type { Engine } from "../engine.ts";
import type { RequestPlan } from "../plan/plan-request.ts";
import { SurfaceAnswer } from "./surface-answer.ts";
import type { SurfaceAnswerOptions } from "./surface-answer.ts";

/** A request that was read and planned, and where its answer goes. */
export type SurfaceRun = SurfaceAnswerOptions & {
  readonly plan: RequestPlan;
  /** When its head was read, on the clock's monotonic time. */
  readonly receivedAtMs: number;
  /** Accounts of the caller's own, which the plan names beside the platform's. */
  readonly ownAccounts: readonly Account[];
  /** `null` = nothing limits it. */
  readonly purse: Purse | null;
};

/** Runs a request of a surface, and writes its answer in that surface's wire. */
export const runSurface = (engine: Engine, run: SurfaceRun): void => {
  const { plan, purse } = run;
  const { caller, losses } = run.request;
  const sink = new SurfaceAnswer(engine.clock, run);
  sink.attach(
    engine.run(
      {
        caller,
        routing: plan.routing,
        timeoutMs: plan.timeoutMs,
        deadlineMs: plan.deadlineMs,
        conduct: plan.conduct,
        ownAccounts: run.ownAccounts,
        explain: run.explain !== null,
        ...(purse === null ? {} : { purse }),
        receivedAtMs: run.receivedAtMs,
        losses: [...losses, ...plan.losses],
      },
      sink,
    ),
  );
};
