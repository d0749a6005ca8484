import type { AddressInfo } from "node:net";
import type { Catalog } from "@pointsman/catalog";
import type { Clock, Engine, ModelDirectory } from "@pointsman/engine";
import { countTokensPath, isChatCallable, surfaces } from "@pointsman/engine/surfaces";
import { createMemoryStores } from "@pointsman/store";
import type { Stores } from "@pointsman/store";
import type { FastifyBaseLogger } from "fastify";
import { createKeyRing } from "./auth/key-ring.ts";
import type { KeyEntry } from "./auth/key-ring.ts";
import { composeEngine } from "./compose/compose-engine.ts";
import type { AdapterFactories } from "./compose/compose-providers.ts";
import { createModelDirectory } from "./compose/model-directory.ts";
import type { Config } from "./config/config.ts";
import { byokProviders } from "./byok/byok-providers.ts";
import { addByokDiscovery, addByokRoutes } from "./byok/byok-routes.ts";
import { createSealer } from "./byok/sealer.ts";
import type { FinishedRequest } from "./watch/finished-request.ts";
import { LiveFeed } from "./watch/live-feed.ts";
import { createMetrics } from "./watch/metrics.ts";
import { addWatchRoutes } from "./watch/watch-routes.ts";
import { addDashboard } from "./dashboard/dashboard-routes.ts";
import { addErrorPages } from "./errors/error-pages.ts";
import { addBudgetRoutes } from "./manage/budget-routes.ts";
import { addBillingRoutes } from "./manage/billing-routes.ts";
import { addIdempotency } from "./manage/idempotency.ts";
import { addRoutingRoutes } from "./manage/routing-routes.ts";
import { addWorkspaceRoutes } from "./manage/workspace-routes.ts";
import { Upkeep } from "./upkeep.ts";
import { addOpenApiRoute } from "./openapi/openapi-route.ts";
import { WorkspaceBook } from "./workspaces/workspace-book.ts";
import { addKeyRoutes } from "./manage/key-routes.ts";
import { addUsageRoutes } from "./manage/usage-routes.ts";
import { addMeRoute } from "./manage/me-route.ts";
import { LedgerBuffer } from "./money/ledger-buffer.ts";
import { LimitedWorkspaces } from "./money/limited-workspaces.ts";
import { publicUrlOf } from "./config/public-url.ts";
import { createServer } from "./http/create-server.ts";
import { addDiscoveryRoutes } from "./models/discovery-routes.ts";
import { addModelRoutes } from "./models/model-routes.ts";
import { addRouteRoutes } from "./route/route-routes.ts";
import { createCountTokensHandler } from "./surfaces/count-tokens-route.ts";
import { createSurfaceHandler } from "./surfaces/surface-route.ts";

/** Longest a stopping gateway waits for running requests, ms. */
const defaultDrainMs = 30_000;

/** How often a stopping gateway closes connections that have fallen idle, ms. */
const idleSweepMs = 50;

/** What a gateway is made of. */
export type GatewayOptions = {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly adapterFactories: AdapterFactories;
  /** Keys beside those of the configuration, such as a development key made at start. */
  readonly extraKeys?: readonly KeyEntry[];
  readonly logger: FastifyBaseLogger;
  /** Where money, keys and usage are kept; closed by whoever opened them. @default this process's memory */
  readonly stores?: Stores;
  /** Encrypts the provider keys of workspaces. @default none: such keys are off */
  readonly secretKey?: string;
  readonly clock?: Clock;
};

/** A gateway that can be started once. */
export interface Gateway {
  readonly engine: Engine;
  readonly directory: ModelDirectory;
  readonly book: WorkspaceBook;
  /** Ids of the providers that can be called. */
  readonly providers: readonly string[];
  /** Canonical ids of the models that can be asked for. */
  readonly models: readonly string[];
  /** Binds the port. Rejects with Node's own error (`EADDRINUSE` …) if it cannot. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Takes no new requests, lets running ones finish for up to `drainMs`, then cuts them; once. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

const configuredKeys = (config: Config): readonly KeyEntry[] =>
  config.keys.map((key) => ({
    secret: key.key,
    keyName: key.name,
    workspace: key.workspace,
    scopes: new Set(key.scopes),
    expiresAtMs: key.expiresAt === null ? null : Date.parse(key.expiresAt),
    models: key.models,
    providers: key.providers,
    rateLimitRpm: key.rateLimitRpm,
  }));

/** Puts catalogue, configuration, engine and HTTP surfaces together. */
export const createGateway = (options: GatewayOptions): Gateway => {
  const { config, catalog } = options;
  const { engine, providers } = composeEngine(options);
  const { offerings } = engine;
  const directory = createModelDirectory(config, catalog, offerings);
  let publicUrl = config.server.publicUrl ?? publicUrlOf(config.server.host, config.server.port);
  const docsBaseUrl = (): string => publicUrl;

  const stores = options.stores ?? createMemoryStores();
  const startedAtMs = engine.clock.nowMs();
  const sealer = options.secretKey === undefined ? null : createSealer(options.secretKey);
  const book = new WorkspaceBook({
    config,
    stores,
    sealer,
    platform: engine.credentials,
    startedAtMs,
    logger: options.logger,
  });
  let draining = false;
  const metrics = createMetrics(
    () => engine.state,
    () => engine.clock.nowMs(),
  );
  const feed = new LiveFeed(engine.clock);
  const keys = createKeyRing([...configuredKeys(config), ...(options.extraKeys ?? [])], {
    keys: stores.keys,
    knowsWorkspace: (id) => book.knows(id),
  });
  const app = createServer({
    keys,
    clock: engine.clock,
    docsBaseUrl,
    isDraining: () => draining,
    logger: options.logger,
  });
  addOpenApiRoute(app, docsBaseUrl);
  const limited = new LimitedWorkspaces();
  const buffer = new LedgerBuffer(stores.ledger, engine.clock, (error) => {
    options.logger.error({ err: error }, "usage could not be recorded");
  });
  const money = {
    stores,
    limited,
    buffer,
    refusesWithoutStore: config.storeOutage === "refuse",
  };
  const shared = {
    engine,
    money,
    directory,
    book,
    explains: config.explain,
    onFinished: (finished: FinishedRequest): void => {
      metrics.count(finished);
      feed.tell(finished);
    },
    onOwnKeyRefused: (workspaceId: string, keyId: string): void => {
      const change = { validationStatus: "invalid", updatedAtMs: engine.clock.nowMs() } as const;
      stores.byokKeys
        .update(workspaceId, keyId, change)
        .then(() => book.accountsChanged(workspaceId))
        .catch((error: unknown) => {
          options.logger.error({ err: error }, "a refused provider key could not be marked");
        });
    },
    docsBaseUrl,
    logger: options.logger,
  };
  for (const surface of surfaces) {
    app.post(
      surface.path,
      { config: { scope: "inference" } },
      createSurfaceHandler(surface, shared),
    );
  }
  app.post(countTokensPath, { config: { scope: "inference" } }, createCountTokensHandler(shared));
  addDiscoveryRoutes(app, {
    offerings,
    catalog,
    aliases: config.aliases,
    clock: engine.clock,
  });
  addModelRoutes(app, { offerings, catalog, directory, clock: engine.clock, docsBaseUrl });
  addRouteRoutes(app, shared, surfaces);
  const manage = {
    stores,
    limited,
    buffer,
    docsBaseUrl,
    clock: engine.clock,
    book,
    logger: options.logger,
    isConfiguredKey: (workspaceId: string, keyId: string) => keys.isConfigured(workspaceId, keyId),
    isProvider: (id: string) => directory.isProvider(id),
    startedAtMs,
  };
  const byok = { sealer, providers: byokProviders(providers, offerings, catalog) };
  addIdempotency(app, { store: stores.idempotency, clock: engine.clock, docsBaseUrl });
  addErrorPages(app, docsBaseUrl);
  addBillingRoutes(app, manage);
  addByokDiscovery(app, { ...byok, docsBaseUrl });
  addByokRoutes(app, manage, byok);
  addRoutingRoutes(app, manage);
  addWorkspaceRoutes(app, manage);
  addBudgetRoutes(app, manage);
  addKeyRoutes(app, manage);
  addUsageRoutes(app, manage);
  addMeRoute(app, manage);
  addDashboard(app, { keys, clock: engine.clock, docsBaseUrl });
  addWatchRoutes(app, { engine, keys, metrics, feed, startedAtMs, docsBaseUrl });
  app.get("/healthz", (_request, reply) => reply.send({ status: "ok" }));
  app.get("/readyz", (_request, reply) =>
    reply.code(draining ? 503 : 200).send({ status: draining ? "draining" : "ready" }),
  );

  const upkeep = new Upkeep({
    config,
    engine,
    stores,
    book,
    limited,
    buffer,
    logger: options.logger,
  });

  const close = async (drainMs: number): Promise<void> => {
    draining = true;
    upkeep.stop();
    feed.close();
    const cut = engine.clock.timer(drainMs, () => {
      app.server.closeAllConnections();
    });
    // A kept-alive connection that falls idle after its last answer would hold the server open.
    const sweep = engine.clock.timer(idleSweepMs, () => {
      app.server.closeIdleConnections();
      sweep.refresh();
    });
    await app.close();
    cut.cancel();
    sweep.cancel();
    await engine.close();
    await upkeep.finish();
  };
  let closing: Promise<void> | undefined;

  return {
    engine,
    directory,
    book,
    providers: providers.map(({ id }) => id),
    models: [...new Set(offerings.filter(isChatCallable).map(({ model }) => model))].sort(),
    listen: async () => {
      const { host, port } = config.server;
      await upkeep.start();
      await app.listen({ host, port });
      // A TCP server's address is an object.
      const address = app.server.address() as AddressInfo;
      // Known only now where the port was left to the system.
      publicUrl = config.server.publicUrl ?? publicUrlOf(host, address.port);
      return { host, port: address.port };
    },
    close: ({ drainMs = defaultDrainMs } = {}) => (closing ??= close(drainMs)),
  };
};
