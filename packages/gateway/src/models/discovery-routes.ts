import type { FastifyInstance } from "fastify";
import type { Clock } from "@pointsman/engine";
import { directoryModels, registryModels, registryProviders } from "./discovery.ts";
import type { DiscoverySource } from "./discovery.ts";

/** Prices may change by the hour, not by the second, ms. */
const keptMs = 60_000;

/** The registry and the directory: open to all (docs/contract.md §20). */
export const addDiscoveryRoutes = (
  app: FastifyInstance,
  source: Omit<DiscoverySource, "nowMs"> & { readonly clock: Clock },
): void => {
  const pages = {
    "/v1/registry/providers": registryProviders,
    "/v1/registry/models": registryModels,
    "/v1/directory/models": directoryModels,
  };
  for (const [path, render] of Object.entries(pages)) {
    let kept: { readonly body: string; readonly untilMs: number } | null = null;
    app.get(path, (_request, reply) => {
      const nowMs = source.clock.nowMs();
      if (kept === null || nowMs >= kept.untilMs) {
        kept = { body: JSON.stringify(render({ ...source, nowMs })), untilMs: nowMs + keptMs };
      }
      return reply.header("content-type", "application/json; charset=utf-8").send(kept.body);
    });
  }
};
