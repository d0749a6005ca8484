import { loadCatalog, offeringsOf } from "@pointsman/catalog";
import { createEngine, createLocalFetch } from "@pointsman/engine";
import type {
  Engine,
  FinishedLocalRequest,
  LocalFetch,
  LocalFetchOptions,
  Timeouts,
} from "@pointsman/engine";
import { createAnthropicAdapter } from "@pointsman/provider-anthropic";
import { createGoogleAdapter } from "@pointsman/provider-google";
import { createOpenAiAdapterFactory } from "@pointsman/provider-openai";
import { createOpenAiCompatibleAdapter } from "@pointsman/provider-openai-compatible";
import { startSimulatedWorld } from "@pointsman/simulator";
import type { SimulatedWorld } from "@pointsman/simulator";

const openAi = createOpenAiAdapterFactory(createOpenAiCompatibleAdapter);

/** One model for every wire, and one that two providers have, `deepinfra` the cheaper. */
const wanted = [
  { id: "deepinfra", models: ["gpt-oss-120b"], adapter: createOpenAiCompatibleAdapter },
  { id: "groq", models: ["gpt-oss-120b"], adapter: createOpenAiCompatibleAdapter },
  { id: "openai", models: ["gpt-5.4"], adapter: openAi },
  {
    id: "anthropic",
    models: ["claude-sonnet-4-5"],
    adapter: createAnthropicAdapter,
    vendor: "anthropic",
  },
  {
    id: "google_ai_studio",
    models: ["gemini-2.5-flash"],
    adapter: createGoogleAdapter,
    vendor: "google",
  },
] as const;

/** The models of the world, one a wire. */
export const models = wanted.slice(1).map(({ models: [model] }) => model);

/** An engine in this process before simulated providers. */
export type InProcess = {
  readonly world: SimulatedWorld;
  readonly engine: Engine;
  readonly fetch: LocalFetch;
  /** Requests that are over. */
  readonly finished: readonly FinishedLocalRequest[];
  close(): Promise<void>;
};

export const startInProcess = async ({
  timeouts = {},
  ...options
}: LocalFetchOptions & { readonly timeouts?: Partial<Timeouts> } = {}): Promise<InProcess> => {
  const catalog = loadCatalog();
  const offerings = offeringsOf(catalog, wanted);
  const world = await startSimulatedWorld({
    pace: 0,
    providers: wanted.map((one) => ({
      id: one.id,
      vendor: "vendor" in one ? one.vendor : "openai",
      offerings: offerings.filter(({ provider }) => provider === one.id),
    })),
  });
  const places = new Map(world.providers.map((place) => [place.id, place]));
  const engine = createEngine({
    offerings,
    router: { exploration: 0 },
    providers: wanted.map(({ id, adapter }) => {
      const { baseUrl = null, apiKey } = places.get(id) ?? {};
      return { id, adapter, baseUrl, apiKeys: [apiKey], timeouts };
    }),
  });
  const finished: FinishedLocalRequest[] = [];
  const onFinished = (one: FinishedLocalRequest): void => void finished.push(one);
  return {
    world,
    engine,
    finished,
    fetch: createLocalFetch(engine, { catalog, onFinished, ...options }),
    close: async () => {
      await engine.close();
      await world.close();
    },
  };
};
