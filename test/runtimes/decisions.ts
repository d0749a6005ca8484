import {
  costOf,
  decide,
  explain,
  freeze,
  merge,
  observe,
  react,
  restore,
  serialise,
  withOfferings,
} from "@pointsman/core";
import type {
  AttemptRecord,
  OutcomeKind,
  Reaction,
  RouterState,
  RoutingRequest,
  SerialisedState,
} from "@pointsman/core";
import { exampleEnd, exampleRequest } from "@pointsman/core/testing";
import { chain, createStates, NOW_MS, providers } from "./world.ts";

/** What is compared between runtimes. */
export type Decisions = {
  /** By name. */
  readonly decided: Readonly<Record<string, unknown>>;
  readonly draws: unknown;
  readonly reactions: unknown;
  readonly bills: unknown;
};

type Case = {
  readonly name: string;
  readonly request?: Partial<RoutingRequest>;
  /** @default 1 */
  readonly seed?: number;
  /** After `NOW_MS`. @default 0 */
  readonly laterMs?: number;
};

const prompt = (tokens: number): RoutingRequest["prompt"] => ({ bytes: tokens * 4, tokens });
const needs = (overrides: Partial<RoutingRequest["needs"]>): Partial<RoutingRequest> => ({
  needs: { endpoint: "chat_completions", capabilities: [], parameters: [], ...overrides },
});
const turnOf = (conversation: number, turns: number): Partial<RoutingRequest> => ({
  prompt: prompt(1500 + 700 * turns),
  prefix: chain(conversation, turns),
});
const ownKeys: Partial<RoutingRequest> = {
  credentials: providers.flatMap((provider, index) => [
    ...(index % 2 === 0 ? [{ id: `${provider}-own`, provider, owner: "byok" as const }] : []),
    { id: `${provider}-platform`, provider, owner: "platform" as const },
  ]),
};

const cases: readonly Case[] = [
  { name: "plain" },
  { name: "cost", request: { strategy: "cost" } },
  { name: "ttft", request: { strategy: "ttft", ttftPercentile: "p95" } },
  { name: "ttft-focus", request: { strategy: "ttft-focus" }, seed: 2 },
  { name: "tps", request: { strategy: "tps" } },
  { name: "tps-focus", request: { strategy: "tps-focus", throughputPercentile: "p95" }, seed: 3 },
  { name: "balanced", request: { strategy: "balanced" } },
  {
    name: "balanced, absolute value of time",
    request: { strategy: "balanced", valueOfTimeUsdPerSecond: 0.0002 },
  },
  { name: "own weights", request: { strategy: { cost: 5, ttft: 2, throughput: 1 } }, seed: 4 },
  { name: "below the tier's mark", request: { prompt: prompt(32_000) } },
  { name: "above the tier's mark", request: { prompt: prompt(32_001) } },
  { name: "far above the tier's mark", request: { prompt: prompt(150_000) } },
  { name: "other hour", request: { prompt: prompt(2000) }, laterMs: 9 * 3_600_000 },
  { name: "bytes only", request: { prompt: { bytes: 6789, extraTokens: 85 } } },
  { name: "answer of a kind", request: { outputHint: "json" } },
  { name: "answer of a kind nobody has seen", request: { outputHint: "poem" } },
  { name: "short answer", request: { maxOutputTokens: 16 } },
  { name: "two models, pool", request: { models: ["m", "n"] } },
  { name: "two models, fallback", request: { models: ["n", "m"], mode: "fallback" } },
  { name: "second turn", request: turnOf(2, 2) },
  { name: "sixth turn, still warm", request: turnOf(3, 6), seed: 5 },
  { name: "seventh turn", request: { ...turnOf(4, 7), session: "s4" }, laterMs: 60_000 },
  { name: "seventh turn, gone cold", request: turnOf(5, 7), laterMs: 3_600_000 },
  { name: "long conversation nobody knows", request: turnOf(40, 30), seed: 6 },
  { name: "other workspace", request: { ...turnOf(6, 6), workspace: "other" } },
  { name: "strict SLO", request: { slo: { ttftMs: 300, ttftMsPer1kIn: 20 } } },
  { name: "ceiling of cost", request: { constraints: { maxCostPer1m: 1 } } },
  { name: "ceiling of TTFT", request: { constraints: { maxTtftMs: 500 } } },
  { name: "floor of throughput", request: { constraints: { minThroughputTps: 70 } } },
  { name: "allow-list", request: { constraints: { providers: ["elm", "oak", "larch"] } } },
  { name: "deny-list", request: { constraints: { excludeProviders: ["ash", "birch"] } } },
  { name: "no training", request: { constraints: { dataPolicy: "no_training" } } },
  { name: "zero retention", request: { constraints: { dataPolicy: "zdr" } } },
  { name: "priority tier", request: { constraints: { tier: "priority" } } },
  { name: "tools and vision", request: needs({ capabilities: ["tools", "vision"] }) },
  {
    name: "parameters required",
    request: { ...needs({ parameters: ["seed"] }), constraints: { requireParameters: true } },
  },
  { name: "own keys first", request: { ...ownKeys, strategy: "cost" } },
  { name: "own keys only", request: { ...ownKeys, constraints: { onlyByok: true } } },
  { name: "preferred", request: { prefer: "larch", maxFallbackAttempts: 1 } },
  { name: "unknown model", request: { models: ["nobody-has-it"] } },
  { name: "nothing left", request: { constraints: { maxCostPer1m: 0.0001 } } },
  { name: "no account", request: { credentials: [] } },
];

/** Numbers that any one seed might hide: where the draws of many seeds fall. */
const drawsOf = (state: RouterState): readonly string[] =>
  Array.from({ length: 64 }, (_, seed) => {
    const request = exampleRequest(providers, { strategy: "balanced" });
    const [first] = decide(state, request, { nowMs: NOW_MS, seed }).candidates;
    return first?.offering.id ?? "none";
  });

const failures: readonly OutcomeKind[] = [
  "timeout",
  "rate_limited",
  "overloaded",
  "server_error",
  "auth_error",
  "stream_cut",
  "bad_request",
  "context_length",
];

const reactionsTo = (state: RouterState, outcome: OutcomeKind): readonly Reaction[] => {
  const request = exampleRequest(providers);
  const decision = decide(state, request, { nowMs: NOW_MS, seed: 7 });
  const attempts: AttemptRecord[] = [];
  const reactions: Reaction[] = [];
  for (let candidate = 0; candidate >= 0 && attempts.length < 8;) {
    const retryAfterMs = outcome === "rate_limited" ? 1800 : null;
    attempts.push({ candidate, outcome, status: null, retryAfterMs, durationMs: 700 });
    const nowMs = NOW_MS + 800 * attempts.length;
    const reaction = react(state, request, decision, attempts, { nowMs, seed: 7 });
    reactions.push(reaction);
    candidate = reaction.type === "stop" ? -1 : reaction.candidate;
  }
  return reactions;
};

/** After its cheapest offerings have failed, and with a catalogue that lacks one of them. */
const afterOutage = (lived: RouterState): RouterState => {
  const state = freeze(lived);
  for (let failure = 0; failure < 30; failure += 1) {
    const provider = providers[failure % 3] ?? "";
    const who = { offeringId: `${provider}/m`, credentialId: `${provider}-platform` };
    const nowMs = NOW_MS - 3000 + failure * 100;
    observe(state, exampleEnd({ ...who, nowMs, outcome: "server_error", ttftMs: null }));
  }
  return withOfferings(
    state,
    state.offerings.filter(({ provider }) => provider !== "hazel"),
  );
};

const bills = (state: RouterState): readonly (number | null)[] =>
  [31_000, 33_000].flatMap((inputTokens) =>
    state.offerings.map(({ price }) => {
      if (price === null) return null;
      const usage = { inputTokens, cacheReadTokens: 512, cacheWrite5mTokens: 64 };
      const rest = { cacheWrite1hTokens: 32, outputTokens: 999, reasoningTokens: 77 };
      return costOf(price, { ...usage, ...rest, webSearches: 2 }, NOW_MS);
    }),
  );

/** What is written of a value: a decision works out most of it only then. */
const written = <Value>(value: Value): Value =>
  // Decisions and explanations are JSON data: what is read back is what was written.
  JSON.parse(JSON.stringify(value)) as Value;

/** A decision and its explanation as plain values, offerings by their id. */
const said = (state: RouterState, { name, request, seed = 1, laterMs = 0 }: Case): unknown => {
  const full = exampleRequest(providers, request);
  const options = { nowMs: NOW_MS + laterMs, seed };
  const { candidates, ...decision } = written(decide(state, full, options));
  const { decision: _, ...explanation } = written(explain(state, full, options));
  return {
    name,
    candidates: candidates.map(({ offering, ...rest }) => ({ offering: offering.id, ...rest })),
    decision,
    explanation,
  };
};

/** Throws where two states do not say the same to the last bit. */
const mustAgree = (what: string, a: RouterState, b: RouterState): void => {
  const wrong = cases.find((one) => JSON.stringify(said(a, one)) !== JSON.stringify(said(b, one)));
  if (wrong !== undefined) throw new Error(`${what} decides otherwise: ${wrong.name}`);
};

/** The state as it comes back from JSON; it must decide as before, and go on alike. */
const restored = (state: RouterState): RouterState => {
  // Parsing gives back what was written: every value of a serialised state is plain JSON.
  const wire = JSON.parse(JSON.stringify(serialise(state))) as SerialisedState;
  const back = restore(wire);
  mustAgree("the restored state", back, state);
  return back;
};

/** Everything core says to the fixed set of requests. */
export const decisions = (): Decisions => {
  const { fresh, lived, merged } = createStates();
  const broken = afterOutage(lived);
  const states = { fresh, lived, broken, merged, restored: afterOutage(restored(lived)) };
  mustAgree("a restored state that went on", states.restored, broken);
  for (const state of [fresh, broken, merged]) restored(state);
  mustAgree("a state merged with itself", merge(merged, merged), merged);
  mustAgree("a merge the other way round", merge(lived, merged), merge(merged, lived));
  return {
    decided: Object.fromEntries(
      Object.entries(states).flatMap(([name, state]) =>
        cases.map((one) => [`${name}: ${one.name}`, said(state, one)]),
      ),
    ),
    draws: Object.values(states).map(drawsOf),
    reactions: failures.map((outcome) => reactionsTo(lived, outcome)),
    bills: bills(fresh),
  };
};
