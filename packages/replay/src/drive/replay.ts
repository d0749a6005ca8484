import { createMinHeap, createVirtualWorld } from "@pointsman/simulator";
import type { ReplayWorld, VirtualOutcome } from "@pointsman/simulator";
import type { Policy } from "../policy/policy.ts";
import type { Answer, Goal, Placement, UsageMessage } from "../protocol/messages.ts";
import type { Trace, TraceRequest } from "../trace/read-trace.ts";
import { helloOf } from "./hello.ts";
import { createTally } from "./tally.ts";
import type { Tally } from "./tally.ts";

export type ReplayOptions = {
  readonly trace: Trace;
  readonly world: ReplayWorld;
  readonly goal: Goal;
  readonly policy: Policy;
  /** Seed of all noise. @default the world file's */
  readonly seed?: number;
  /** Hears how many requests have arrived, now and then. @default nobody */
  readonly onProgress?: (arrived: number) => void;
};

const DEFAULT_PATIENCE_MS = 60_000;
const PROGRESS_EVERY = 500;

/** A decided attempt that starts, or something an attempt says, at its moment of simulated time. */
type Due = () => void | Promise<void>;

const usageOf = (request: TraceRequest, outcome: VirtualOutcome): UsageMessage => ({
  in: request.inTokens,
  cached: outcome.cachedTokens,
  write: outcome.writtenTokens,
  write_1h: outcome.written1hTokens,
  out: outcome.type === "answer" ? request.outTokens : 0,
});

const usdOf = (picoUsd: number): number => picoUsd / 1e12;

/**
 * Runs a whole trace against a world in simulated time: asks the policy for every arrival and after
 * every failed attempt, tells it what happens when it happens, and counts (section 1 of the replay
 * protocol).
 */
export const replay = async (options: ReplayOptions): Promise<Tally> => {
  const { trace, world, policy, onProgress } = options;
  const virtual = createVirtualWorld(world, {
    traceMs: trace.lengthMs,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  });
  const tally = createTally();
  const due = createMinHeap<Due>();
  const failed = (request: TraceRequest, attempts: number): void => {
    tally.ended({ request, attempts, provider: null, ttftMs: null, totalMs: null });
  };

  const take = async (
    request: TraceRequest,
    attempt: number,
    nowMs: number,
    answer: Answer,
  ): Promise<void> => {
    if (answer.type === "give_up") failed(request, attempt - 1);
    else if (answer.t_ms !== undefined && answer.t_ms > nowMs) {
      const startMs = answer.t_ms;
      due.push(startMs, () => start(request, attempt, startMs, answer));
    } else await start(request, attempt, nowMs, answer);
  };

  const start = async (
    request: TraceRequest,
    attempt: number,
    startMs: number,
    placement: Placement,
  ): Promise<void> => {
    const { provider } = placement;
    const outcome = virtual.start(provider, {
      request,
      attempt,
      startMs,
      patienceMs: placement.ttft_timeout_ms ?? DEFAULT_PATIENCE_MS,
      breakpoints: (placement.cache ?? []).map(({ upto, ttl }) => ({ uptoTokens: upto, ttl })),
    });
    tally.attempted(placement, outcome);
    const { id } = request;
    const common = { type: "event", id, attempt, provider } as const;
    const bill = { usage: usageOf(request, outcome), cost_usd: usdOf(outcome.costPicoUsd) };
    if (outcome.type === "answer") {
      const { ttftMs, totalMs } = outcome;
      due.push(startMs + ttftMs, () => {
        outcome.atFirstToken();
        const t_ms = startMs + ttftMs;
        policy.observe({ ...common, event: "first_token", t_ms, ttft_ms: ttftMs });
      });
      due.push(startMs + totalMs, () => {
        const t_ms = startMs + totalMs;
        const times = { t_ms, ttft_ms: ttftMs, total_ms: totalMs };
        policy.observe({ ...common, event: "done", ...times, ...bill });
      });
      const waitedMs = startMs - request.atMs;
      tally.ended({
        request,
        attempts: attempt,
        provider,
        ttftMs: waitedMs + ttftMs,
        totalMs: waitedMs + totalMs,
      });
      return;
    }
    const failedMs = startMs + outcome.afterMs;
    const why = {
      error: outcome.error,
      ...(outcome.retryAfterMs === null ? {} : { retry_after_ms: outcome.retryAfterMs }),
    };
    due.push(failedMs, async () => {
      policy.observe({ ...common, event: "error", t_ms: failedMs, ...why, ...bill });
      const next = attempt + 1;
      if (next > world.max_attempts) {
        failed(request, attempt);
        return;
      }
      const question = { type: "retry", id, t_ms: failedMs, attempt: next, provider } as const;
      await take(request, next, failedMs, await policy.decide({ ...question, ...why }));
    });
  };

  /** Everything that is due until then, in order of time. */
  const runUntil = async (untilMs: number): Promise<void> => {
    while (due.size() > 0 && due.nextKey() <= untilMs) await due.pop()?.();
  };

  await policy.hello(helloOf(world, options.goal));
  for (const [index, request] of trace.requests.entries()) {
    await runUntil(request.atMs);
    const answer = await policy.decide({
      type: "request",
      id: request.id,
      t_ms: request.atMs,
      model: request.model,
      ...(request.session === null ? {} : { session: request.session }),
      in_tokens: request.inTokens,
      blocks: request.blocks,
    });
    await take(request, 1, request.atMs, answer);
    if ((index + 1) % PROGRESS_EVERY === 0) onProgress?.(index + 1);
  }
  await runUntil(Infinity);
  await policy.end?.();
  return tally.finish();
};
