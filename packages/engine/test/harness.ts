import { exampleOffering } from "@pointsman/core/testing";
import { flatSchedule } from "@pointsman/core";
import type { Engine, RunEnd, RunHandle, RunRequest, RunSink, RunStart } from "@pointsman/engine";
import { createEngine, defaultTimeouts, planRequest } from "@pointsman/engine";
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
  end: RunEnd | null;
};

/** Two providers of one model, `cheap` at 1 and 2, `dear` at 10 and 20 USD per million tokens. */
export type Harness = {
  readonly engine: Engine;
  readonly clock: ManualClock;
  readonly cheap: ScriptedAdapter;
  readonly dear: ScriptedAdapter;
  readonly run: (body?: Readonly<Record<string, unknown>>) => {
    readonly heard: Heard;
    readonly handle: RunHandle;
  };
};

const prices = { cheap: { input: 1, output: 2 }, dear: { input: 10, output: 20 } };

/** The body every run starts from. */
export const exampleBody = { model: "m", messages: [{ role: "user", content: "Hello there." }] };

/** An engine whose providers and clock the test moves by hand. */
export const createHarness = (images?: ImageFetcher): Harness => {
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
      }),
    ),
    providers: names.map((id) => ({
      id,
      adapter: adapters[id],
      timeouts: defaultTimeouts,
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
        valueOfTimeUsdPerSecond: null,
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
    run: (body = {}) => {
      const heard: Heard = { start: null, items: [], end: null };
      const sink: RunSink = {
        start: (start) => {
          heard.start = start;
        },
        items: (items) => {
          heard.items.push(...items);
        },
        end: (end) => {
          if (heard.end !== null) throw new Error("ended twice");
          heard.end = end;
        },
      };
      return { heard, handle: engine.run(request({ ...exampleBody, ...body }), sink) };
    },
  };
};
