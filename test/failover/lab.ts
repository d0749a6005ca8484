import { loadCatalog } from "@pointsman/catalog";
import { createGateway, formatFault, loadConfig } from "@pointsman/gateway";
import type { Gateway } from "@pointsman/gateway";
import type { Clock } from "@pointsman/engine";
import type { Stores } from "@pointsman/store";
import { createAnthropicAdapter } from "@pointsman/provider-anthropic";
import { createGoogleAdapter } from "@pointsman/provider-google";
import { createOpenAiAdapterFactory } from "@pointsman/provider-openai";
import { createOpenAiCompatibleAdapter } from "@pointsman/provider-openai-compatible";
import {
  chatStreamViolations,
  foldChatStream,
  foldMessagesStream,
  foldResponsesStream,
  messagesStreamViolations,
  responsesStreamViolations,
} from "@pointsman/translate/testing";
import pino from "pino";
import { until } from "./until.ts";
import { startUpstream } from "./upstream.ts";
import type { Upstream } from "./upstream.ts";
import type { Wire } from "./wire-answer.ts";

export type Surface = "chat" | "responses" | "messages";
export const surfaces = ["chat", "responses", "messages"] as const;

/** What a caller got, whatever surface it used. */
export type Got = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Name and arguments. */
  readonly calls: readonly string[];
  /** Whole: the surface's own finish came, and no error. */
  readonly finished: boolean;
  /** Code of the error, in the status or in the stream. */
  readonly error: string | null;
  readonly message: string;
  readonly metadata: Metadata | null;
  readonly usage: Readonly<Record<string, unknown>> | null;
  /** Against the surface's grammar; none in a whole stream. */
  readonly violations: readonly string[];
  readonly ids: readonly string[];
  readonly tookMs: number;
  readonly body: string;
};

export type Metadata = {
  readonly provider: string;
  readonly cost: { readonly usd: number };
  readonly attempts?: readonly { readonly provider: string; readonly outcome: string }[];
  readonly warnings?: readonly { readonly code: string }[];
};

/** One provider of the lab: its wire, and what differs from the lab's short time-outs. */
export type ProviderSpec = {
  readonly wire: Wire;
  readonly timeouts?: Readonly<Record<string, number>>;
  readonly model?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
};

/** A gateway before providers whose every attempt the test scripts. */
export type Lab = {
  readonly gateway: Gateway;
  readonly upstreams: readonly Upstream[];
  readonly url: string;
  ask(options?: Ask): Promise<Got>;
  /** The request as it would go out, for tests that read the answer themselves. */
  request(options?: Ask): { readonly url: string; readonly init: RequestInit };
  close(): Promise<void>;
};

export type Ask = {
  readonly surface?: Surface;
  readonly stream?: boolean;
  readonly routing?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
};

const kinds: Readonly<Record<Wire, string>> = {
  chat: "openai-compatible",
  responses: "openai",
  messages: "anthropic",
  gemini: "google",
};

/** Short, and with room: what a healthy provider needs is a tenth of it. */
const timeouts = {
  connectMs: 1000,
  firstContentMs: 400,
  silenceMs: 400,
  answerMs: 600,
  totalMs: 20_000,
};

export const apiKey = "sk-upstream-0123456789abcdefghijklmnop";
const callerKey = "pk-lab";

const paths: Readonly<Record<Surface, string>> = {
  chat: "/chat/completions",
  responses: "/responses",
  messages: "/messages",
};

const bodyOf = ({ surface = "chat", stream = true, routing, body }: Ask): object => {
  const question = [{ role: "user", content: "Which track is the express on today?" }];
  const gateway = routing === undefined ? {} : { gateway: { routing } };
  const common = { model: "lab", stream, ...gateway };
  switch (surface) {
    case "responses":
      return { ...common, input: question, ...body };
    case "messages":
      return { ...common, max_tokens: 500, messages: question, ...body };
    default:
      return { ...common, messages: question, ...body };
  }
};

type Json = Readonly<Record<string, unknown>>;
const asJson = (value: unknown): Json => (Object(value) === value ? (value as Json) : {});
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(asJson) : []);
const str = (value: unknown): string => (typeof value === "string" ? value : "");

type Read = Pick<
  Got,
  "text" | "calls" | "finished" | "error" | "message" | "metadata" | "usage" | "violations" | "ids"
>;

const errorFields = (error: unknown): { error: string | null; message: string } => {
  const { code, message, details, type } = asJson(error);
  const own = str(asJson(details)["error_code"]) || str(code) || str(type);
  return { error: error === null || error === undefined ? null : own, message: str(message) };
};

const asMetadata = (value: unknown): Metadata | null =>
  value === undefined || value === null ? null : (value as Metadata);

const readStream: Readonly<Record<Surface, (body: string) => Read>> = {
  chat: (body) => {
    const folded = foldChatStream(body);
    const choice = folded.choices.get(0);
    return {
      text: choice?.content ?? "",
      calls: (choice?.calls ?? []).map((call) => `${call.name}(${call.arguments})`),
      finished: folded.done && (choice?.finish ?? null) !== null && folded.error === null,
      ...errorFields(folded.error),
      metadata: asMetadata(folded.routingMetadata),
      usage: folded.usage,
      violations: chatStreamViolations(body),
      ids: [
        ...new Set([...body.matchAll(/^data: \{"id":"(?<id>[^"]*)"/gmu)].map((m) => m[1] ?? "")),
      ],
    };
  },
  messages: (body) => {
    const folded = foldMessagesStream(body);
    const of = (type: string) => folded.content.filter((block) => block["type"] === type);
    return {
      text: of("text")
        .map((block) => str(block["text"]))
        .join(""),
      calls: of("tool_use").map(
        (block) => `${str(block["name"])}(${JSON.stringify(block["input"])})`,
      ),
      finished: folded.done && folded.stopReason !== null && folded.error === null,
      ...errorFields(folded.error),
      metadata: asMetadata(folded.routingMetadata),
      usage: folded.usage,
      violations: messagesStreamViolations(body),
      ids: folded.id === null ? [] : [folded.id],
    };
  },
  responses: (body) => {
    const folded = foldResponsesStream(body);
    const output = list(folded.response?.["output"]);
    return {
      text: folded.text,
      calls: output
        .filter(({ type }) => type === "function_call")
        .map((item) => `${str(item["name"])}(${str(item["arguments"])})`),
      finished: folded.response?.["status"] === "completed" && folded.error === null,
      ...errorFields(folded.error),
      metadata: asMetadata(folded.routingMetadata),
      usage: asJson(folded.response?.["usage"]),
      violations: responsesStreamViolations(body),
      ids: [
        ...new Set([...body.matchAll(/"response":\{"id":"(?<id>[^"]*)"/gu)].map((m) => m[1] ?? "")),
      ],
    };
  },
};

const readJson: Readonly<Record<Surface, (json: Json) => Partial<Read>>> = {
  chat: (json) => ({
    text: str(asJson(asJson(list(json["choices"])[0])["message"])["content"]),
    finished: str(list(json["choices"])[0]?.["finish_reason"]) !== "",
  }),
  messages: (json) => ({
    text: list(json["content"])
      .map((block) => str(block["text"]))
      .join(""),
    finished: str(json["stop_reason"]) !== "",
  }),
  responses: (json) => ({
    text: str(json["output_text"]),
    finished: json["status"] === "completed",
  }),
};

const readBody = (surface: Surface, response: Response, body: string): Read => {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (isStream) return readStream[surface](body);
  const json = asJson(JSON.parse(body));
  const nothing = { text: "", calls: [], finished: false, violations: [], ids: [] };
  return {
    ...nothing,
    ...errorFields(json["error"]),
    metadata: asMetadata(json["routing_metadata"]),
    usage: asJson(json["usage"]),
    ...(response.ok ? readJson[surface](json) : {}),
  };
};

/** Starts a lab; providers are called `p0`, `p1` …, the first is the cheapest. */
export const startLab = async (
  specs: readonly (Wire | ProviderSpec)[],
  options: {
    readonly workspace?: Readonly<Record<string, unknown>>;
    readonly retry?: Readonly<Record<string, unknown>>;
    /** @default the machine's */
    readonly clock?: Clock;
    readonly stores?: Stores;
    /** @default "memory:" */
    readonly state?: string;
    /** Keys beside the caller's. */
    readonly keys?: readonly Readonly<Record<string, unknown>>[];
    /** @default true */
    readonly explain?: boolean;
    /** @default "refuse" */
    readonly storeOutage?: string;
    /** Hears what is logged, a JSON text a line. @default nobody */
    readonly log?: (line: string) => void;
    /** Seals provider keys. @default none */
    readonly secretKey?: string;
    /** What the caller's key may do. */
    readonly key?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<Lab> => {
  const providers = specs.map((spec) => (typeof spec === "string" ? { wire: spec } : spec));
  const upstreams = await Promise.all(
    providers.map(({ wire }, index) => startUpstream({ wire, id: `answer${index}` })),
  );
  const entries = providers.map((spec: ProviderSpec, index) => {
    const { wire } = spec;
    const version = wire === "gemini" ? "/v1beta" : "/v1";
    const price = { input: 1 + 4 * index, output: 2 + 8 * index };
    const endpoints = wire === "responses" ? { endpoints: ["responses"] } : {};
    const model = {
      id: "upstream-model",
      price,
      contextWindow: 100_000,
      maxOutputTokens: 8000,
      ...endpoints,
      ...spec.model,
    };
    return [
      `p${index}`,
      {
        kind: kinds[wire],
        baseUrl: `${upstreams[index]?.url}${version}`,
        apiKey,
        timeouts: { ...timeouts, ...spec.timeouts },
        models: { lab: model },
        ...spec.more,
      },
    ];
  });
  const text = JSON.stringify({
    server: { port: 0 },
    state: options.state ?? "memory:",
    exploration: 0,
    ...(options.storeOutage === undefined ? {} : { storeOutage: options.storeOutage }),
    ...(options.explain === undefined ? {} : { explain: options.explain }),
    keys: [{ key: callerKey, ...options.key }, ...(options.keys ?? [])],
    workspaces: [{ id: "default", routing: { optimize: "cost" }, ...options.workspace }],
    ...(options.retry === undefined ? {} : { retry: options.retry }),
    providers: Object.fromEntries(entries),
  });
  const loaded = loadConfig({ file: "lab.yaml", text, env: {} });
  if (!loaded.ok) throw new Error(loaded.faults.map(formatFault).join("\n"));
  const gateway = createGateway({
    config: loaded.config,
    catalog: loadCatalog(),
    logger:
      options.log === undefined ? pino({ level: "silent" }) : pino({}, { write: options.log }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.stores === undefined ? {} : { stores: options.stores }),
    ...(options.secretKey === undefined ? {} : { secretKey: options.secretKey }),
    adapterFactories: {
      openai: createOpenAiAdapterFactory((one) =>
        createOpenAiCompatibleAdapter({ ...one, preset: "openai" }),
      ),
      anthropic: createAnthropicAdapter,
      google: createGoogleAdapter,
      "openai-compatible": createOpenAiCompatibleAdapter,
    },
  });
  const { host, port } = await gateway.listen();
  const url = `http://${host}:${port}/v1`;
  const request: Lab["request"] = (ask = {}) => ({
    url: `${url}${paths[ask.surface ?? "chat"]}`,
    init: {
      method: "POST",
      headers: { authorization: `Bearer ${callerKey}`, "content-type": "application/json" },
      body: JSON.stringify(bodyOf(ask)),
      ...(ask.signal === undefined ? {} : { signal: ask.signal }),
    },
  });
  return {
    gateway,
    upstreams,
    url,
    request,
    ask: async (ask = {}) => {
      const startedMs = performance.now();
      const { url: to, init } = request(ask);
      const response = await fetch(to, init);
      const body = await response.text();
      const tookMs = performance.now() - startedMs;
      const { status, headers } = response;
      return { status, headers, body, tookMs, ...readBody(ask.surface ?? "chat", response, body) };
    },
    close: async () => {
      await gateway.close({ drainMs: 0 });
      // A gateway that has closed holds no connection.
      await until(() => upstreams.every((upstream) => upstream.connections() === 0));
      await Promise.all(upstreams.map((upstream) => upstream.close()));
    },
  };
};
