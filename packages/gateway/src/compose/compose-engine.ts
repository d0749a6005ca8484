import type { Catalog } from "@pointsman/catalog";
import type { RateLimits } from "@pointsman/core";
import { createEngine } from "@pointsman/engine";
import type { Clock, Engine, EngineProvider } from "@pointsman/engine";
import type { FastifyBaseLogger } from "fastify";
import type { Config } from "../config/config.ts";
import { composeOfferings } from "./compose-offerings.ts";
import { composeProviders } from "./compose-providers.ts";
import type { AdapterFactories } from "./compose-providers.ts";

/** What an engine is composed of. */
export type ComposeEngineOptions = {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly adapterFactories: AdapterFactories;
  readonly logger: FastifyBaseLogger;
  readonly clock?: Clock;
};

/** Rate limits of a provider's accounts that the operator knows of. */
const rateLimits = (config: Config): Readonly<Record<string, RateLimits>> =>
  Object.fromEntries(
    Object.entries(config.providers).map(([name, { limits }]) => [
      name,
      {
        ...(limits.rpm === null ? {} : { requestsPerMinute: limits.rpm }),
        ...(limits.tpm === null ? {} : { tokensPerMinute: limits.tpm }),
      },
    ]),
  );

/** An engine over what the configuration makes usable, and its providers. */
export const composeEngine = (
  options: ComposeEngineOptions,
): { readonly engine: Engine; readonly providers: readonly EngineProvider[] } => {
  const { config, catalog, logger, clock } = options;
  const providers = composeProviders(config, options.adapterFactories);
  const callable = new Set(providers.map(({ id }) => id));
  const offerings = composeOfferings({ config, catalog }).filter(({ provider }) =>
    callable.has(provider),
  );
  const engine = createEngine({
    offerings,
    providers,
    router: {
      retry: config.retry,
      exploration: config.exploration,
      limits: rateLimits(config),
      breakers: Object.fromEntries(
        Object.entries(config.providers).map(([name, { health }]) => [name, health]),
      ),
    },
    onBug: (error) => {
      logger.error({ err: error }, "a request failed by a bug");
    },
    ...(clock === undefined ? {} : { clock }),
  });
  return { engine, providers };
};
