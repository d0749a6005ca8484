import { createRouterState, decide, observe, react } from "@pointsman/core";
import type {
  AttemptRecord,
  Credential,
  Decision,
  RouterState,
  RoutingRequest,
} from "@pointsman/core";
import type { Policy } from "../policy/policy.ts";
import type {
  Answer,
  EventMessage,
  Hello,
  RequestMessage,
  RetryMessage,
} from "../protocol/messages.ts";
import { outcomeOf, statusOf, usageOf } from "./outcomes.ts";
import { BYTES_PER_TOKEN, routingRequestOf, WORKSPACE } from "./routing-request-of.ts";
import { seedOf } from "./seed-of.ts";
import { offeringIdOf, worldCredentials, worldLimits, worldOfferings } from "./world-offerings.ts";

/** A request that is neither answered nor given up. */
type Open = {
  readonly request: RoutingRequest;
  readonly decision: Decision;
  readonly seed: number;
  readonly attempts: AttemptRecord[];
  /** Index of the candidate on trial, and when it was started. */
  candidate: number;
  startMs: number;
};

/** What `hello` has made. */
type Begun = {
  readonly hello: Hello;
  readonly state: RouterState;
  readonly credentials: readonly Credential[];
};

export type PointsmanOptions = {
  /** Together with a request's id the seed of its decision. @default 1 */
  readonly seed?: number;
};

/** Core as a policy: the same `decide`, `react` and `observe` a gateway calls. */
export const pointsmanPolicy = ({ seed = 1 }: PointsmanOptions = {}): Policy => {
  let begun: Begun | undefined;
  const open = new Map<string, Open>();

  const started = (): Begun => {
    if (begun === undefined) throw new TypeError("hello comes first");
    return begun;
  };

  const giveUp = (id: string): Answer => {
    open.delete(id);
    return { type: "give_up", id };
  };

  /** Sends the request's candidate on its way after a pause. */
  const place = (id: string, entry: Open, nowMs: number, pauseMs: number): Answer => {
    const { state } = started();
    const candidate = entry.decision.candidates[entry.candidate];
    if (candidate === undefined) return giveUp(id);
    entry.startMs = nowMs + pauseMs;
    const { offering, credential, expected } = candidate;
    observe(state, {
      type: "attempt_started",
      nowMs: entry.startMs,
      offeringId: offering.id,
      credentialId: credential.id,
      workspace: WORKSPACE,
      promptTokens: entry.decision.prompt.tokens,
    });
    const breakpoints = candidate.cacheDirective;
    return {
      type: "decision",
      id,
      provider: offering.provider,
      ...(breakpoints === null
        ? {}
        : {
            cache: breakpoints.breakpoints.map(({ uptoTokens, ttl }) => ({
              upto: uptoTokens,
              ttl,
            })),
          }),
      ...(pauseMs > 0 ? { t_ms: entry.startMs } : {}),
      ...(expected.costUsd === null ? {} : { predicted_cost_usd: expected.costUsd }),
      predicted_ttft_ms: expected.ttftMs,
    };
  };

  const arrived = (message: RequestMessage): Answer => {
    const { hello, state, credentials } = started();
    const nowMs = message.t_ms;
    const request = routingRequestOf(message, hello, credentials);
    const ownSeed = seedOf(seed, message.id);
    observe(state, {
      type: "request_started",
      nowMs,
      prefix: request.prefix,
      promptTokens: message.in_tokens,
      ...(message.session === undefined ? {} : { session: message.session }),
    });
    const decision = decide(state, request, { nowMs, seed: ownSeed });
    if (decision.failure !== null) return giveUp(message.id);
    const entry: Open = {
      request,
      decision,
      seed: ownSeed,
      attempts: [],
      candidate: 0,
      startMs: nowMs,
    };
    open.set(message.id, entry);
    return place(message.id, entry, nowMs, 0);
  };

  const failed = (message: RetryMessage): Answer => {
    const { state } = started();
    const entry = open.get(message.id);
    if (entry === undefined) return giveUp(message.id);
    const nowMs = message.t_ms;
    entry.attempts.push({
      candidate: entry.candidate,
      outcome: outcomeOf[message.error],
      status: statusOf[message.error],
      retryAfterMs: message.retry_after_ms ?? null,
      durationMs: nowMs - entry.startMs,
    });
    const options = { nowMs, seed: entry.seed };
    const reaction = react(state, entry.request, entry.decision, entry.attempts, options);
    if (reaction.type === "stop") return giveUp(message.id);
    if (reaction.type === "retry" && reaction.fromBudget) {
      observe(state, { type: "retry_spent", nowMs });
    }
    entry.candidate = reaction.candidate;
    return place(message.id, entry, nowMs, reaction.afterMs);
  };

  const happened = (message: EventMessage): void => {
    // Core learns of a stream at its end.
    if (message.event === "first_token") return;
    const { hello, state } = started();
    const entry = open.get(message.id);
    const usage = usageOf(message.usage);
    const common = {
      type: "attempt_ended",
      nowMs: message.t_ms,
      offeringId: offeringIdOf(message.provider, hello.world.model),
      credentialId: message.provider,
      workspace: WORKSPACE,
      stream: true,
      promptBytes: message.usage.in * BYTES_PER_TOKEN,
      ...(entry === undefined
        ? {}
        : {
            prefix: entry.request.prefix,
            cacheDirective: entry.decision.candidates[entry.candidate]?.cacheDirective ?? null,
          }),
    } as const;
    if (message.event === "done") {
      observe(state, {
        ...common,
        outcome: "success",
        ttftMs: message.ttft_ms,
        totalMs: message.total_ms,
        usage,
        retryAfterMs: null,
      });
      open.delete(message.id);
    } else {
      observe(state, {
        ...common,
        outcome: outcomeOf[message.error],
        ttftMs: null,
        totalMs: entry === undefined ? 0 : message.t_ms - entry.startMs,
        usage: message.cost_usd > 0 ? usage : null,
        retryAfterMs: message.retry_after_ms ?? null,
      });
      if (message.attempt >= hello.world.max_attempts) open.delete(message.id);
    }
  };

  return {
    hello: (message) => {
      begun = {
        hello: message,
        state: createRouterState({
          offerings: worldOfferings(message.world),
          limits: worldLimits(message.world),
        }),
        credentials: worldCredentials(message.world),
      };
      return { type: "ready", name: "pointsman" };
    },
    decide: (message) => (message.type === "request" ? arrived(message) : failed(message)),
    observe: happened,
  };
};
