import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { once } from "node:events";
import type { Json } from "../model/json.ts";
import { Refusal } from "../wire/refusal.ts";
import { answerCall } from "./answer-call.ts";
import type { ProviderContext } from "./provider-context.ts";
import { writeJson } from "./write-json.ts";

const maximumConnections = 1000;
/** Longer than clients keep idle connections, so that none is reused as it closes. */
const keepAliveMs = 120_000;

/** One provider on a loopback port. */
export type ProviderServer = {
  readonly port: () => number;
  /** Destroys all connections, refuses new ones; resolves when every call is billed. */
  readonly stop: () => Promise<void>;
  /** Listens again on the port it had. @throws if another process has taken it */
  readonly start: () => Promise<void>;
};

/** Not listening yet: call `start`. */
export const createProviderServer = (context: ProviderContext, host: string): ProviderServer => {
  const running = new Set<Promise<void>>();
  let server: Server | null = null;
  let port = 0;

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const call = answerRequest(context, request, response).finally(() => running.delete(call));
    running.add(call);
  };

  return {
    port: () => port,
    start: async () => {
      if (server !== null) return;
      const starting = createServer({ keepAliveTimeout: keepAliveMs, noDelay: true }, onRequest);
      starting.maxConnections = maximumConnections;
      server = starting;
      try {
        // Rejects with the server's own error, such as a port in use.
        const listening = once(starting, "listening");
        starting.listen(port, host);
        await listening;
      } catch (error) {
        server = null;
        throw error;
      }
      const address = starting.address();
      if (typeof address === "object" && address !== null) port = address.port;
    },
    stop: async () => {
      const stopping = server;
      if (stopping === null) return;
      server = null;
      const closed = once(stopping, "close");
      stopping.close();
      stopping.closeAllConnections();
      await closed;
      await Promise.allSettled(running);
    },
  };
};

const answerRequest = async (
  context: ProviderContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const startMs = performance.now();
  const abort = new AbortController();
  response.once("close", () => abort.abort("closed"));
  response.on("error", () => abort.abort("closed"));
  const { vendor } = context;
  let errorBody = vendor.errorBody;
  try {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = url.pathname;
    const apiKey = authenticate(context, request, url);
    for (const wire of vendor.wires) {
      const route = wire.match(url);
      if (route === null) continue;
      errorBody = wire.errorBody;
      allowMethod(request, "POST", path);
      const { signal } = abort;
      await answerCall({ context, apiKey, wire, route, request, response, signal, startMs });
      return;
    }
    const models = `${vendor.basePath}/models`;
    if (path === models || path.startsWith(`${models}/`)) {
      allowMethod(request, "GET", path);
      const name = decodeURIComponent(path.slice(models.length + 1));
      writeJson(response, { status: 200, body: modelsJson(context, name), startMs });
      return;
    }
    throw new Refusal({ status: 404, message: `Invalid URL (${request.method} ${path})` });
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const refusal =
      error instanceof Refusal
        ? error
        : new Refusal({ status: 500, message: String(error), type: "server_error" });
    // What is left of an unread body would stand before the next request.
    const headers = request.complete ? {} : { connection: "close" };
    writeJson(response, { status: refusal.status, body: errorBody(refusal), startMs, headers });
  }
};

const authenticate = (context: ProviderContext, request: IncomingMessage, url: URL): string => {
  const { vendor } = context;
  const key = vendor.keyOf(request, url);
  if (key === null) throw vendor.missingKey();
  if (context.apiKeys.includes(key)) return key;
  throw vendor.wrongKey(key.length > 12 ? `${key.slice(0, 4)}****${key.slice(-4)}` : "****");
};

const allowMethod = (request: IncomingMessage, method: string, path: string): void => {
  if (request.method === method) return;
  throw new Refusal({
    status: 405,
    message: `Not allowed to ${request.method} on ${path}. (HINT: Perhaps you meant to use a different HTTP method?)`,
    code: "method_not_supported",
  });
};

const modelsJson = (context: ProviderContext, id: string): Json => {
  const ids = [...new Set(context.offerings.map((one) => one.providerModelId))];
  const card = (name: string): Json => ({
    id: name,
    object: "model",
    created: 1_700_000_000,
    owned_by: context.id,
  });
  if (id === "") return { object: "list", data: ids.map(card) };
  if (ids.includes(id)) return card(id);
  throw new Refusal({
    status: 404,
    message: `The model '${id}' does not exist`,
    param: "model",
    code: "model_not_found",
  });
};
