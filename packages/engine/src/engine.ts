import { createRouterState, decide, explain } from "@pointsman/core";
import type {
  Credential,
  Decision,
  Explanation,
  Offering,
  RouterOptions,
  RouterState,
  RoutingRequest,
} from "@pointsman/core";
import { createImageFetcher } from "@pointsman/provider";
import type { ImageFetcher } from "@pointsman/provider";
import type { CallerRequest } from "@pointsman/translate";
import { completeProvider } from "./account/provider-setup.ts";
import type { ProviderSetup } from "./account/provider-setup.ts";
import type { Clock } from "./clock/clock.ts";
import { systemClock } from "./clock/system-clock.ts";
import { countTokens } from "./count/count-tokens.ts";
import type { TokenCount } from "./count/count-tokens.ts";
import { startRun } from "./run/run.ts";
import { HedgeBudgets } from "./run/hedge-budgets.ts";
import { Slots } from "./run/slots.ts";
import type { RunRequest } from "./run/run-request.ts";
import type { RunHandle, RunSink } from "./run/run-report.ts";

/** What an engine is made of. */
export type EngineOptions = {
  readonly offerings: readonly Offering[];
  readonly providers: readonly ProviderSetup[];
  /** How core learns and decides: retries, limits, exploration … @default core's own */
  readonly router?: Omit<RouterOptions, "offerings">;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** Whole numbers of 32 bits, unlike from one request to the next. @default Math.random */
  readonly nextSeed?: () => number;
  /** Fetches images for providers that do not. @default one for public https URLs */
  readonly images?: ImageFetcher;
  /** Hears of bugs; the runs they break end with `internal_error`. @default nobody */
  readonly onBug?: (error: unknown) => void;
};

/** Runs requests against providers and learns from every attempt. */
export interface Engine {
  readonly state: RouterState;
  /** Goes on with what another process has learned (`adoptState`); before any run. */
  adopt(state: RouterState): void;
  readonly clock: Clock;
  /** What there is to choose from. */
  readonly offerings: readonly Offering[];
  /** Platform accounts of all providers. */
  readonly credentials: readonly Credential[];
  run(request: RunRequest, sink: RunSink): RunHandle;
  /** The decision as it would fall now; nothing is called, nothing learned. */
  decide(routing: RoutingRequest, seed?: number): Decision;
  /** The same, with its reasons; */
  explain(routing: RoutingRequest, seed?: number): Explanation;
  /** Tokens of a prompt, by a provider that counts them for free, else estimated. Never rejects. */
  countTokens(caller: CallerRequest, routing: RoutingRequest): Promise<TokenCount>;
  close(): Promise<void>;
}

const randomSeed = (): number => Math.floor(Math.random() * 2 ** 32);

/**
 * An engine over the offerings and providers given.
 *
 * @throws AdapterOptionsError if an adapter cannot be made of what is said of its provider
 */
export const createEngine = (options: EngineOptions): Engine => {
  const clock = options.clock ?? systemClock;
  const nextSeed = options.nextSeed ?? randomSeed;
  let state = createRouterState({ ...options.router, offerings: options.offerings });
  const completed = options.providers.map((setup) => completeProvider(setup));
  const providers = new Map(completed.map((provider) => [provider.id, provider]));
  const offerings = new Map(options.offerings.map((offering) => [offering.id, offering]));
  const slots = new Map(
    completed.flatMap(({ id, concurrency }) =>
      concurrency === undefined ? [] : [[id, new Slots(concurrency)] as const],
    ),
  );
  const images = options.images ?? createImageFetcher();
  const onBug = options.onBug ?? ((): void => {});
  const hedges = new HedgeBudgets();
  const others = { providers, slots, hedges, clock, nextSeed, images, onBug };
  return {
    get state() {
      return state;
    },
    adopt: (other) => {
      state = other;
    },
    clock,
    offerings: options.offerings,
    credentials: completed.flatMap(({ accounts }) => accounts.map(({ credential }) => credential)),
    run: (request, sink) => startRun({ ...others, state }, request, sink),
    decide: (routing, seed = nextSeed()) => decide(state, routing, { nowMs: clock.nowMs(), seed }),
    explain: (routing, seed = nextSeed()) =>
      explain(state, routing, { nowMs: clock.nowMs(), seed }),
    countTokens: (caller, routing) =>
      countTokens(caller, routing, {
        state,
        providers,
        offerings,
        nowMs: clock.nowMs(),
        seed: nextSeed(),
      }),
    close: async () => {
      await Promise.all([images.close(), ...completed.map(({ adapter }) => adapter.close())]);
    },
  };
};
