import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { usdFromPico } from "@pointsman/core";
import type { Candidate, Decision } from "@pointsman/core";
import { countsSpending } from "@pointsman/core/budget";
import { quoteOf, rejectionError } from "@pointsman/engine";
import type { RequestPlan } from "@pointsman/engine";
import {
  rawBodyOf,
  renderDirective,
  renderExplanation,
  sourcesOf,
} from "@pointsman/engine/surfaces";
import type { HoldScope, Sources, Surface } from "@pointsman/engine/surfaces";
import type { BudgetStatus } from "@pointsman/store";
import { errorRowOf } from "@pointsman/translate";
import type { CallerRequest, GatewayError, Loss } from "@pointsman/translate";
import type { Principal } from "../auth/key-ring.ts";
import { sendError } from "../http/create-server.ts";
import { isWithinRate } from "../manage/management-rate.ts";
import { budgetError } from "../money/budget-error.ts";
import { usdOfPico } from "../money/usd.ts";
import { planCaller } from "../surfaces/plan-caller.ts";
import type { SurfaceRouteOptions } from "../surfaces/surface-options.ts";
import { explanationsAreOff } from "./explanations-are-off.ts";

type Json = Readonly<Record<string, unknown>>;

/** A request that was read and planned, and never runs. */
type Asked = {
  readonly surface: Surface;
  readonly caller: CallerRequest;
  readonly plan: RequestPlan;
  readonly principal: Principal;
  readonly sources: Sources;
  readonly losses: readonly Loss[];
  /** The caller's; else chosen here. */
  readonly seed: number;
  readonly decisionId: string;
  readonly budgets: readonly BudgetStatus[];
};

const largestSeed = 2 ** 32 - 1;

const wrong = (param: string, message: string): { readonly error: GatewayError } => ({
  error: { code: "invalid_parameter_value", message, param },
});

const seedOf = (text: string | undefined): { readonly seed: number } | { error: GatewayError } => {
  if (text === undefined) return { seed: Math.floor(Math.random() * 2 ** 32) };
  const seed = Number(text);
  return /^\d+$/u.test(text) && seed <= largestSeed
    ? { seed }
    : wrong("seed", `seed is a whole number from 0 to ${largestSeed}, not '${text}'.`);
};

/** The same for the same body and seed: a decision that is repeated has the same id. */
const decisionIdOf = (surface: Surface, body: Buffer, seed: number): string => {
  const digest = createHash("sha256").update(`${surface.endpoint}\n${seed}\n`).update(body);
  return `dec_${digest.digest("hex").slice(0, 24)}`;
};

const roomOf = ({ limitPicoUsd, spentPicoUsd, heldPicoUsd }: BudgetStatus): bigint =>
  limitPicoUsd - spentPicoUsd - heldPicoUsd;

/** The budgets that a call at a candidate would be held against. */
const applying = (asked: Asked, { offering, credential }: Candidate): readonly BudgetStatus[] => {
  const spender = {
    keyId: asked.principal.keyId,
    provider: offering.provider,
    byok: credential.owner === "byok",
  };
  return asked.budgets.filter(({ scope }) => countsSpending(scope, spender));
};

const quoted = (asked: Asked, decision: Decision, candidate: Candidate, nowMs: number) =>
  quoteOf(candidate, {
    request: { routing: asked.plan.routing, caller: asked.caller },
    decision,
    extraTokens: 0,
    nowMs,
  });

/** The budget that could not pay any candidate, as the call itself would find. */
const refusalOf = (asked: Asked, decision: Decision, nowMs: number): GatewayError | null => {
  let first: GatewayError | null = null;
  for (const candidate of decision.candidates) {
    const quote = quoted(asked, decision, candidate, nowMs);
    const short =
      quote === null
        ? undefined
        : applying(asked, candidate).find(
            (budget) => budget.enforce && roomOf(budget) < BigInt(quote.leastPicoUsd),
          );
    if (short === undefined) return null;
    first ??= budgetError(short, nowMs);
  }
  return first;
};

const failureOf = (asked: Asked, decision: Decision, nowMs: number): GatewayError | null =>
  decision.failure === null
    ? refusalOf(asked, decision, nowMs)
    : rejectionError(decision.failure, asked.caller.surface);

const holdOf = (asked: Asked, decision: Decision, nowMs: number): number | null => {
  const [candidate] = decision.candidates;
  const quote = candidate && quoted(asked, decision, candidate, nowMs);
  return quote ? usdFromPico(quote.likelyPicoUsd) : null;
};

const scopesOf = (asked: Asked, decision: Decision): readonly HoldScope[] => {
  const [candidate] = decision.candidates;
  if (candidate === undefined) return [];
  return applying(asked, candidate).map((budget) => ({
    scope_type: budget.scope.type,
    period: budget.period,
    limit_usd: usdOfPico(budget.limitPicoUsd),
    remaining_usd: usdOfPico(roomOf(budget)),
  }));
};

const candidateOf = ({ offering, credential, score, expected }: Candidate): Json => ({
  provider: offering.provider,
  provider_model_id: offering.providerModelId,
  model_canonical: offering.model,
  tier: offering.tier,
  credential: credential.owner,
  score,
  expected: {
    cost_usd: expected.costUsd,
    ttft_ms: expected.ttftMs,
    throughput_tps: expected.throughputTps,
  },
});

const decisionBody = (asked: Asked, decision: Decision, nowMs: number): Json => ({
  object: "route.decision",
  id: asked.decisionId,
  created: Math.floor(nowMs / 1000),
  endpoint: asked.surface.endpoint,
  routing_strategy: decision.strategy,
  weights: decision.weights,
  seed: asked.seed,
  candidates: decision.candidates.map((candidate) => candidateOf(candidate)),
  cache_directive: renderDirective(decision.cacheDirective),
  hold_usd: holdOf(asked, decision, nowMs),
  warnings: asked.losses.map(({ type, code, message }) => ({ type, code, message })),
});

const errorBody = (error: GatewayError | null): Json | null => {
  if (error === null) return null;
  const { type, status } = errorRowOf(error);
  const { code, message, param, provider, suggestion } = error;
  return {
    message,
    type,
    code,
    param,
    status,
    ...(provider === undefined ? {} : { provider }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
};

/** POST /v1/route and /v1/route/explain: what would be done, and nothing is (docs/contract.md §19). */
export const addRouteRoutes = (
  app: FastifyInstance,
  options: SurfaceRouteOptions,
  surfaces: readonly Surface[],
): void => {
  const { engine, docsBaseUrl, money } = options;
  const { clock } = engine;

  const read = async (
    request: FastifyRequest,
    principal: Principal,
  ): Promise<Asked | { readonly error: GatewayError }> => {
    const query = request.query as { endpoint?: string; seed?: string };
    const { endpoint = "chat_completions" } = query;
    const surface = surfaces.find((one) => one.endpoint === endpoint);
    if (surface === undefined) {
      const names = surfaces.map((one) => one.endpoint).join(", ");
      return wrong("endpoint", `endpoint is one of ${names}, not '${endpoint}'.`);
    }
    const seeded = seedOf(query.seed);
    if ("error" in seeded) return seeded;
    const body = rawBodyOf(request.body);
    if (!body.ok) return body;
    const surfaceRequest = surface.read(body.raw, request.headers);
    if (!surfaceRequest.ok) return surfaceRequest;
    const { caller, losses } = surfaceRequest;
    const planned = planCaller(caller, request, options);
    if (!planned.ok) return planned;
    const { plan, workspace } = planned;
    const budgets = money.limited.has(principal.workspace)
      ? await money.stores.budgets.list(principal.workspace, clock.nowMs())
      : [];
    const { seed } = seeded;
    return {
      surface,
      caller,
      plan,
      principal,
      sources: sourcesOf(plan, caller, workspace.plan),
      losses: [...losses, ...plan.losses],
      seed,
      decisionId: decisionIdOf(surface, request.body as Buffer, seed),
      budgets,
    };
  };

  const handler =
    (answer: (asked: Asked, reply: FastifyReply) => void) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const { principal } = request;
      if (principal === null) throw new TypeError("a route call has a key");
      const within = { shared: money.stores.shared, clock, docsBaseUrl };
      if (!(await isWithinRate("reads", request, reply, within))) return reply;
      const asked = await read(request, principal);
      if ("error" in asked) sendError(reply, asked.error, docsBaseUrl);
      else answer(asked, reply);
      return reply;
    };

  const decideRoute = (asked: Asked, reply: FastifyReply): void => {
    const nowMs = clock.nowMs();
    const decision = engine.decide(asked.plan.routing, asked.seed);
    const error = failureOf(asked, decision, nowMs);
    if (error === null) void reply.send(decisionBody(asked, decision, nowMs));
    else sendError(reply, error, docsBaseUrl);
  };

  const explainRoute = (asked: Asked, reply: FastifyReply): void => {
    if (!options.explains) return sendError(reply, explanationsAreOff, docsBaseUrl);
    const nowMs = clock.nowMs();
    const explanation = engine.explain(asked.plan.routing, asked.seed);
    const { decision } = explanation;
    void reply.send({
      ...decisionBody(asked, decision, nowMs),
      object: "route.explanation",
      error: errorBody(failureOf(asked, decision, nowMs)),
      explanation: renderExplanation(explanation, {
        decisionId: asked.decisionId,
        sources: asked.sources,
        hold: { usd: holdOf(asked, decision, nowMs), scopes: scopesOf(asked, decision) },
      }),
    });
  };

  const inference = { config: { scope: "inference" } };
  app.post("/v1/route", inference, handler(decideRoute));
  app.post("/v1/route/explain", inference, handler(explainRoute));
};
