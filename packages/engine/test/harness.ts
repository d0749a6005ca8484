import { exampleOffering } from "@pointsman/core/testing";
import { flatSchedule } from "@pointsman/core";
import type { Offering } from "@pointsman/core";
import type {
  Engine,
  RunConduct,
  RunEnd,
  RunHandle,
  RunRequest,
  RunSink,
  RunStart,
} from "@pointsman/engine";
import { createEngine, defaultConduct, defaultTimeouts, planRequest } from "@pointsman/engine";
import type { ImageFetcher } from "@pointsman/provider";
import { createRawBody, readChatRequest } from "@pointsman/translate";
import type { StreamItem } from "@pointsman/translate";
import { createManualClock } from "./manual-clock.ts";
import type { ManualClock } from "./manual-clock.ts";
import { createScriptedAdapter } from "./scripted-adapter.ts";
import type { ScriptedAdapter } from "./scripted-adapter.ts";

/** What a sink heard. */
export type Heard = {
  start: RunStart | null;
  readonly items: StreamItem[];
  /** Bytes after which others went on. */
  readonly resumed: (readonly Uint8Array[])[];
  end: RunEnd | null;
};

/** Two providers of one model, `cheap` at 1 and 2, `dear` at 10 and 20 USD per million tokens. */
export type Harness = {
  readonly engine: Engine;
  readonly clock: ManualClock;
  readonly cheap: ScriptedAdapter;
  readonly dear: ScriptedAdapter;
  readonly run: (
    body?: Readonly<Record<string, unknown>>,
    conduct?: Partial<RunConduct>,
  ) => {
    readonly heard: Heard;
    readonly handle: RunHandle;
  };
};

export type HarnessOptions = {
  readonly images?: ImageFetcher;
  /** What models can do, by provider. */
  readonly capabilities?: Partial<Record<"cheap" | "dear", Offering["capabilities"]>>;
  /** What a second is worth. @default relative to what requests cost */
  readonly usdPerSecond?: number;
  /** Calls at a time, at each provider. */
  readonly concurrency?: number;
};

const prices = { cheap: { input: 1, output: 2 }, dear: { input: 10, output: 20 } };

/** The body every run starts from. */
export const exampleBody = { model: "m", messages: [{ role: "user", content: "Hello there." }] };

/** An engine whose providers and clock the test moves by hand. */
export const createHarness = (options: HarnessOptions = {}): Harness => {
  const { images, capabilities = {}, concurrency, usdPerSecond = null } = options;
  const clock = createManualClock();
  const adapters = { cheap: createScriptedAdapter("cheap"), dear: createScriptedAdapter("dear") };
  const names = ["cheap", "dear"] as const;
  const engine = createEngine({
    clock,
    nextSeed: () => 7,
    ...(images === undefined ? {} : { images }),
    offerings: names.map((provider) =>
      exampleOffering(provider, {
        providerModelId: `${provider}-m`,
        price: flatSchedule(prices[provider]),
        capabilities: capabilities[provider] ?? {},
      }),
    ),
    providers: names.map((id) => ({
      id,
      adapter: adapters[id],
      timeouts: defaultTimeouts,
      ...(concurrency === undefined ? {} : { concurrency }),
      accounts: [
        { credential: { id: `${id}:0`, provider: id, owner: "platform" }, apiKey: `key-${id}` },
      ],
    })),
  });
  const request = (body: Readonly<Record<string, unknown>>): RunRequest => {
    const read = readChatRequest(createRawBody(Buffer.from(JSON.stringify(body))));
    if (!read.ok) throw new Error(read.error.message);
    const { caller } = read;
    const planned = planRequest({
      caller,
      workspace: {
        id: "default",
        routing: {},
        slo: { ttftMs: 2500, ttftMsPer1kIn: 120 },
        valueOfTimeUsdPerSecond: usdPerSecond,
      },
      directory: {
        resolve: (name) => (name === "m" ? "m" : null),
        suggest: () => [],
        isProvider: (id) => id in prices,
      },
      credentials: engine.credentials,
    });
    if (!planned.ok) throw new Error(planned.error.message);
    const { plan } = planned;
    return {
      caller,
      receivedAtMs: clock.monotonicMs(),
      ...plan,
    };
  };
  return {
    engine,
    clock,
    ...adapters,
    run: (body = {}, conduct = {}) => {
      const heard: Heard = { start: null, items: [], resumed: [], end: null };
      const sink: RunSink = {
        start: (start) => {
          heard.start = start;
        },
        items: (items) => {
          heard.items.push(...items);
        },
        resume: (raw) => {
          heard.resumed.push(raw);
        },
        end: (end) => {
          if (heard.end !== null) throw new Error("ended twice");
          heard.end = end;
        },
      };
      const planned = request({ ...exampleBody, ...body });
      const asked = { ...planned, conduct: { ...defaultConduct, ...conduct } };
      return { heard, handle: engine.run(asked, sink) };
    },
  };
};
