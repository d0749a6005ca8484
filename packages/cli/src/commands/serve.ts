import { createGateway, newKey } from "@pointsman/gateway";
import type { Config, KeyEntry } from "@pointsman/gateway";
import { Command, InvalidArgumentError } from "commander";
import pino from "pino";
import { banner, readyLine } from "../output/banner.ts";
import { adapterFactories } from "../setup/adapter-factories.ts";
import { CliError, composing, reportingErrors } from "../setup/cli-error.ts";
import { openStores } from "../setup/open-stores.ts";
import { resolveSetup } from "../setup/setup.ts";

type ServeOptions = {
  readonly config?: string;
  readonly port?: number;
  readonly host?: string;
  readonly json?: true;
};

const parsePort = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError("expected a port from 0 to 65535 (0 picks a free one).");
  }
  return port;
};

const keyEntry = (secret: string, keyName: string, scope: string, workspace: string): KeyEntry => ({
  secret,
  keyName,
  workspace,
  scopes: new Set([scope]),
  expiresAtMs: null,
  models: [],
  providers: [],
  rateLimitRpm: null,
});

const withOverrides = (config: Config, { port, host }: ServeOptions): Config => ({
  ...config,
  server: { ...config.server, port: port ?? config.server.port, host: host ?? config.server.host },
});

const hasEnforcedBudget = ({ workspaces, keys }: Config): boolean =>
  [...workspaces, ...keys].some(({ budgets }) => budgets.some(({ enforce }) => enforce));

const cannotListen = (error: unknown, config: Config): unknown => {
  const { host, port } = config.server;
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "EADDRINUSE":
      return new CliError(
        `Port ${port} on ${host} is in use. Stop what holds it, or choose another: --port 0 picks a free one.`,
      );
    case "EACCES":
      return new CliError(
        `Port ${port} on ${host} may not be opened by this user; try --port 8787.`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new CliError(`${host} is no address of this machine; try --host 127.0.0.1.`);
    default:
      return error;
  }
};

const serve = async (options: ServeOptions): Promise<void> => {
  const setup = await resolveSetup({ file: options.config, env: process.env, startWorld: true });
  const config = withOverrides(setup.config, options);
  const logger = pino(
    { name: "pointsman", level: process.env["POINTSMAN_LOG_LEVEL"] ?? "warn" },
    pino.destination({ dest: 2, sync: false }),
  );
  // Without configured keys one is made: held in memory only, gone with the process.
  const workspace = config.workspaces[0]?.id ?? "default";
  const key = config.keys.length === 0 ? newKey() : null;
  const configuredAdminKey = process.env["POINTSMAN_ADMIN_KEY"];
  const adminKey = configuredAdminKey ? null : newKey();
  const stores = await openStores(config.state, setup.file);
  const secretKey = process.env["POINTSMAN_SECRET_KEY"];
  const gateway = composing(() =>
    createGateway({
      config,
      catalog: setup.catalog,
      adapterFactories,
      extraKeys: [
        ...(key === null ? [] : [keyEntry(key, "development", "inference", workspace)]),
        keyEntry(adminKey ?? configuredAdminKey ?? "", "admin", "admin", workspace),
      ],
      logger,
      stores: stores.stores,
      ...(secretKey ? { secretKey } : {}),
    }),
  );
  if (config.state.hot === "memory:" && hasEnforcedBudget(config)) {
    logger.warn(
      "budgets are kept in memory and forgotten with this process; state: sqlite:./pointsman.db keeps them",
    );
  }
  const address = await gateway.listen().catch(async (error: unknown) => {
    await Promise.all([gateway.close(), setup.world?.close()]);
    await stores.close();
    throw cannotListen(error, config);
  });

  // Before anybody is told that it is ready: who reads the line may stop it at once.
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    void gateway
      .close()
      .then(() => setup.world?.close())
      .then(() => stores.close())
      .then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  const shownHost = address.host.includes(":") ? `[${address.host}]` : address.host;
  const facts = {
    url: `http://${shownHost}:${address.port}/v1`,
    key,
    adminKey,
    providers: gateway.providers,
    models: gateway.models,
    state: stores.description,
  };
  process.stdout.write(options.json ? `${readyLine(setup, facts)}\n` : banner(setup, facts));
};

/** `pointsman serve` */
export const serveCommand = (): Command =>
  new Command("serve")
    .description(
      "Start the gateway. Uses the configuration file, else provider keys in the environment, else a simulated world.",
    )
    .option("--config <file>", "configuration (default: ./pointsman.yaml if it exists)")
    .option("--port <number>", "port to listen on, 0 picks a free one (default: 8787)", parsePort)
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("--json", "print one JSON line when ready, nothing else, on stdout")
    .action(reportingErrors(serve));
