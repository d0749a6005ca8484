import { Pool } from "undici";
import { Exchange } from "./exchange.ts";
import type { HttpExchange, HttpHandler } from "./exchange.ts";
import { ReusableClient } from "./reusable-client.ts";

/** What a transport needs to know of its provider. */
export type HttpTransportOptions = {
  /** Origin and path prefix, `https://api.openai.com/v1`; the prefix goes before every path. */
  readonly baseUrl: string;
  /** Most connections kept. @default 256 */
  readonly connections?: number;
  /** Limit for DNS, TCP and TLS together, ms. */
  readonly connectMs: number;
};

/** One request. */
export type HttpRequest = {
  readonly method: "GET" | "POST";
  /** Below the base URL, with the leading slash. */
  readonly path: string;
  /** Not to be changed afterwards. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
};

/** Sends requests to one provider over kept-alive HTTP/1.1 connections. */
export interface HttpTransport {
  send(request: HttpRequest, handler: HttpHandler): HttpExchange;
  /** Ends idle connections; running exchanges finish first. */
  close(): Promise<void>;
}

type Headers = HttpRequest["headers"];

// Adapters send the same headers object again and again: copied once.
const prepared = new WeakMap<Headers, Headers>();

const withIdentityCoding = (headers: Headers): Headers => {
  let made = prepared.get(headers);
  if (made === undefined) {
    made = { "accept-encoding": "identity", ...headers };
    prepared.set(headers, made);
  }
  return made;
};

/** Idle time after which a connection is given up, ms; below the 60 s of common load balancers. */
const keepAliveMs = 30_000;

/** Providers behind several proxies send many headers; Node's 16 KiB is too little for some. */
const maxHeaderBytes = 64 * 1024;

/**
 * Makes the transport of one provider. It has no timer but connect: header and body waits belong to
 * the engine. Pipelining is off, since an aborted answer would take its neighbours with it.
 *
 * @throws TypeError if `baseUrl` is not an absolute http(s) URL.
 */
export const createHttpTransport = (options: HttpTransportOptions): HttpTransport => {
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/+$/, "");
  const pool = new Pool(base.origin, {
    connections: options.connections ?? 256,
    connectTimeout: options.connectMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxHeaderSize: maxHeaderBytes,
    pipelining: 1,
    allowH2: false,
    factory: (origin, clientOptions) => new ReusableClient(origin, clientOptions),
  });
  return {
    send: (request, handler) => {
      const exchange = new Exchange(handler);
      pool.dispatch(
        {
          method: request.method,
          path: `${prefix}${request.path}`,
          headers: withIdentityCoding(request.headers),
          body: request.body,
        },
        exchange,
      );
      exchange.sent();
      return exchange;
    },
    close: () => pool.close(),
  };
};
