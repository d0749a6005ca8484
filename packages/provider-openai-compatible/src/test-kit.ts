import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Offering } from "@pointsman/core";
import type {
  AdapterFactory,
  CallEnd,
  CallHandle,
  ProviderAdapter,
  ProviderCall,
} from "@pointsman/provider";
import { createRawBody, readChatRequest } from "@pointsman/translate";
import type { StreamItem } from "@pointsman/translate";
import { createOpenAiCompatibleAdapter } from "./adapter.ts";

export const apiKey: string = "sk-loopback-0123456789abcdefWXYZ";

const offering: Offering = {
  id: "p/m",
  provider: "p",
  providerModelId: "vendor-model",
  model: "model",
  region: null,
  price: null,
  cache: { mode: "none", minimumTokens: 0, blockTokens: 1, ttlSeconds: null, oneHour: false },
  contextWindow: null,
  maxOutputTokens: null,
  wires: ["chat_completions"],
  capabilities: {},
  unsupportedParameters: [],
  dataPolicy: "none",
  tier: "standard",
  quantization: null,
  enabled: true,
};

/** A call with the caller's body given as an object. */
export const makeCall = (
  body: Readonly<Record<string, unknown>> = {},
  over: Partial<ProviderCall> & Partial<Pick<Offering, "unsupportedParameters" | "tier">> = {},
): ProviderCall => {
  const json = { model: "model", messages: [{ role: "user", content: "hi" }], ...body };
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  const read = readChatRequest(createRawBody(bytes));
  if (!read.ok) throw new Error(read.error.message);
  const { unsupportedParameters = [], tier = "standard", ...rest } = over;
  return {
    request: read.caller,
    offering: { ...offering, unsupportedParameters, tier },
    credential: { id: "c", apiKey },
    stream: true,
    maxOutputTokens: null,
    ...rest,
  };
};

/** What a sink heard of one call. */
export type Heard = { readonly items: readonly StreamItem[]; readonly end: CallEnd };

/** Runs a call to its end. */
export const run = (
  adapter: ProviderAdapter,
  call: ProviderCall,
  onItems?: (handle: CallHandle) => void,
): Promise<Heard> =>
  new Promise((resolve) => {
    const items: StreamItem[] = [];
    const handle: CallHandle = adapter.call(call, {
      items: (some) => {
        items.push(...some);
        onItems?.(handle);
      },
      end: (end) => resolve({ items, end }),
    });
  });

/** The text of the answer, decoded or passed through. */
export const textOf = (items: readonly StreamItem[]): string => {
  let text = "";
  for (const item of items) {
    if (item.kind === "text") text += item.text;
    if (item.kind === "raw") text += rawText(new TextDecoder().decode(item.bytes));
  }
  return text;
};

type Chunk = { readonly choices: readonly { readonly delta?: { readonly content?: string } }[] };

const chunkText = (data: string): string => {
  const chunk: Chunk = JSON.parse(data);
  return chunk.choices[0]?.delta?.content ?? "";
};

const rawText = (events: string): string =>
  events
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => chunkText(line.slice(6)))
    .join("");

/** What a test's server does with a request. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Waits for something that no event of the test tells. */
export const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Servers and adapters of one test file, closed together. */
export const createLoopback = (): {
  /** `preset`: the name of one, or a factory of adapters. */
  serve(preset: string | AdapterFactory, listener: Listener): Promise<ProviderAdapter>;
  close(): Promise<void>;
} => {
  const open: { server: Server; adapter: ProviderAdapter }[] = [];
  return {
    serve: async (preset, listener) => {
      const server = createServer((request, response) => void listener(request, response));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no TCP address");
      const { port } = address;
      const isName = typeof preset === "string";
      const create = isName ? createOpenAiCompatibleAdapter : preset;
      const adapter = create({
        provider: "p",
        preset: isName ? preset : null,
        baseUrl: `http://127.0.0.1:${port}/v1`,
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

/** The body of a request, whole. */
export const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const body: Record<string, unknown> = JSON.parse(text);
  return body;
};
