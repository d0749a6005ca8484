import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Offering } from "@pointsman/core";
import { createRawBody, readChatRequest } from "@pointsman/translate";
import type { CallerRequest, StreamItem } from "@pointsman/translate";
import type { AdapterFactory, CallEnd, ProviderAdapter, ProviderCall } from "../src/index.ts";

/** A key that must never be told. */
export const apiKey = "sk-loopback-0123456789abcdefWXYZ";

/** An offering of nothing known but its names. */
export const plainOffering: Offering = {
  id: "p/m",
  provider: "p",
  providerModelId: "vendor-model",
  model: "model",
  region: null,
  price: null,
  cache: { mode: "none", minimumTokens: 0, blockTokens: 1, ttlSeconds: null, oneHour: false },
  contextWindow: null,
  maxOutputTokens: null,
  wires: [],
  capabilities: {},
  unsupportedParameters: [],
  dataPolicy: "none",
  tier: "standard",
  quantization: null,
  enabled: true,
};

/** A chat request with the caller's body given as an object. */
export const chatRequest = (body: Readonly<Record<string, unknown>> = {}): CallerRequest => {
  const json = { model: "model", messages: [{ role: "user", content: "hi" }], ...body };
  const read = readChatRequest(createRawBody(new TextEncoder().encode(JSON.stringify(json))));
  if (!read.ok) throw new Error(read.error.message);
  return read.caller;
};

/** A call of a chat request, streaming unless `over` says otherwise. */
export const chatCall = (
  body: Readonly<Record<string, unknown>> = {},
  over: Partial<ProviderCall> = {},
): ProviderCall => ({
  request: chatRequest(body),
  offering: plainOffering,
  credential: { id: "c", apiKey },
  stream: true,
  maxOutputTokens: null,
  ...over,
});

/** What a sink heard of one call. */
export type Heard = { readonly items: readonly StreamItem[]; readonly end: CallEnd };

/** Runs a call to its end. */
export const hear = (adapter: ProviderAdapter, call: ProviderCall): Promise<Heard> =>
  new Promise((resolve) => {
    const items: StreamItem[] = [];
    adapter.call(call, {
      items: (some) => items.push(...some),
      end: (end) => resolve({ items, end }),
    });
  });

/** What a test's server does with a request. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** The body of a request, whole. */
export const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const body: Record<string, unknown> = JSON.parse(text);
  return body;
};

/** Servers and adapters of one test file, closed together. */
export const createLoopback = (
  factory: AdapterFactory,
  version: string,
): {
  serve(listener: Listener): Promise<ProviderAdapter>;
  close(): Promise<void>;
} => {
  const open: { server: Server; adapter: ProviderAdapter }[] = [];
  return {
    serve: async (listener) => {
      const server = createServer((request, response) => void listener(request, response));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no TCP address");
      const adapter = factory({
        provider: "p",
        preset: null,
        baseUrl: `http://127.0.0.1:${address.port}${version}`,
        connectMs: 5_000,
      });
      open.push({ server, adapter });
      return adapter;
    },
    close: async () => {
      for (const { server, adapter } of open.splice(0)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await adapter.close();
      }
    },
  };
};
