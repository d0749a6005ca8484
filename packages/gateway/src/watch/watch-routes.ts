import type { FastifyInstance, FastifyReply } from "fastify";
import { DESCRIBED_PROMPT_TOKENS, describeHealth } from "@pointsman/core/health";
import type { DescribedHealth } from "@pointsman/core/health";
import type { Engine } from "@pointsman/engine";
import type { KeyRing } from "../auth/key-ring.ts";
import { sendError } from "../http/create-server.ts";
import type { LiveFeed } from "./live-feed.ts";
import { mayWatch } from "./may-watch.ts";
import type { Metrics } from "./metrics.ts";

type WatchOptions = {
  readonly engine: Engine;
  readonly keys: KeyRing;
  readonly metrics: Metrics;
  readonly feed: LiveFeed;
  readonly startedAtMs: number;
  readonly docsBaseUrl: () => string;
};

const rounded = (value: number): number => Math.round(value * 100) / 100;

const offeringOf = (health: DescribedHealth): Readonly<Record<string, unknown>> => ({
  provider_model_id: health.offering.providerModelId,
  model_canonical: health.offering.model,
  tier: health.offering.tier,
  breaker: health.breaker,
  ready_at: health.readyAtMs === null ? null : new Date(health.readyAtMs).toISOString(),
  in_flight: health.inFlight,
  success_probability: health.successProbability,
  observations: health.observations,
  ttft_ms: rounded(health.ttftMs),
  ttft_ms_p95: rounded(health.ttftMsP95),
  throughput_tps: rounded(health.throughputTps),
});

const worst = { closed: 0, half_open: 1, open: 2 } as const;

const providerOf = (id: string, offerings: readonly DescribedHealth[]) => ({
  provider: id,
  breaker: offerings.reduce<DescribedHealth["breaker"]>(
    (state, { breaker }) => (worst[breaker] > worst[state] ? breaker : state),
    "closed",
  ),
  in_flight: offerings.reduce((sum, { inFlight }) => sum + inFlight, 0),
  offerings: offerings.map((health) => offeringOf(health)),
});

/** GET /v1/admin/health and /v1/admin/live, /metrics (docs/contract.md §21, §1). */
export const addWatchRoutes = (app: FastifyInstance, options: WatchOptions): void => {
  const { engine, keys, metrics, feed, startedAtMs, docsBaseUrl } = options;
  const { clock } = engine;
  const admin = { config: { scope: "admin" } };

  app.get("/v1/admin/health", admin, async () => {
    const nowMs = clock.nowMs();
    const byProvider = new Map<string, DescribedHealth[]>();
    for (const health of describeHealth(engine.state, nowMs)) {
      const { provider } = health.offering;
      byProvider.set(provider, [...(byProvider.get(provider) ?? []), health]);
    }
    return {
      object: "health",
      at: new Date(nowMs).toISOString(),
      uptime_seconds: Math.floor((nowMs - startedAtMs) / 1000),
      ttft_prompt_tokens: DESCRIBED_PROMPT_TOKENS,
      providers: [...byProvider].map(([id, offerings]) => providerOf(id, offerings)),
    };
  });

  app.get("/v1/admin/live", admin, (request, reply) => {
    if (feed.isFull) {
      const message = "As many as may are watching already.";
      sendError(reply, { code: "service_unavailable", message, param: null }, docsBaseUrl);
      return;
    }
    reply.hijack();
    feed.watch(reply.raw, { "x-request-id": request.id, "request-id": request.id });
  });

  app.get("/metrics", async (request, reply): Promise<FastifyReply> => {
    if (await mayWatch(request, keys, clock)) {
      return reply.header("content-type", metrics.contentType).send(await metrics.text());
    }
    const message = "Metrics are shown to this machine, and to admin keys.";
    const code = "insufficient_permissions";
    sendError(reply, { code, message, param: null }, docsBaseUrl);
    return reply;
  });
};
