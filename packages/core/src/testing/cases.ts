import { flatSchedule } from "../cost/flat-schedule.ts";
import type { FlatPrices } from "../cost/flat-schedule.ts";
import type { Credential, Offering } from "../offering/offering.ts";
import { uniform } from "../random/seeded.ts";
import type { PrefixLink, RoutingRequest, StrategyName } from "../request/routing-request.ts";
import { observe } from "../state/observe.ts";
import type { RouterEvent } from "../state/router-event.ts";
import type { RouterOptions } from "../state/router-options.ts";
import { createRouterState } from "../state/router-state.ts";
import type { RouterState } from "../state/router-state.ts";
import { emptyUsage } from "../usage/usage.ts";
import { exampleEnd, exampleOffering, exampleRequest } from "./examples.ts";

/** A whole situation: what there is, what happened, who asks. */
export type ExampleCase = {
  readonly offerings: readonly Offering[];
  readonly history: readonly RouterEvent[];
  readonly request: RoutingRequest;
  readonly options: { readonly nowMs: number; readonly seed: number };
};

const START_MS = 1_000_000_000;
const PROVIDERS = 6;
const strategies: readonly StrategyName[] = [
  "cost",
  "cost-focus",
  "ttft",
  "ttft-focus",
  "tps",
  "tps-focus",
  "balanced",
];

/** Numbers of one seed, in the order in which they are asked for. */
type Dice = {
  /** Whole, from 0 on, below `sides`. */
  readonly roll: (sides: number) => number;
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
};

const diceOf = (seed: number): Dice => {
  let salt = 0;
  const roll = (sides: number): number => {
    salt += 1;
    return Math.floor(uniform(seed, salt) * sides);
  };
  return { roll, pick: (items) => items[roll(items.length)] ?? items[0] };
};

const pricesOf = ({ roll, pick }: Dice): FlatPrices => {
  const input = (1 + roll(8000)) / 1000;
  const output = (1 + roll(32_000)) / 1000;
  const prices = { input, output };
  const cached = { ...prices, cacheRead: (1 + roll(Math.ceil(input * 1000))) / 1000 };
  return pick<FlatPrices>([
    prices,
    cached,
    { ...cached, cacheWrite: Math.round(input * 1250) / 1000 },
    { ...cached, tiers: [{ abovePromptTokens: 4000, input: input * 2, output: output * 1.5 }] },
  ]);
};

const offeringOf = (dice: Dice, provider: string): Offering => {
  const { roll, pick } = dice;
  const mode = pick<Offering["cache"]["mode"]>(["none", "auto", "auto", "explicit"]);
  return exampleOffering(provider, {
    price: roll(12) === 0 ? null : flatSchedule(pricesOf(dice)),
    cache:
      mode === "none"
        ? { mode, minimumTokens: 0, blockTokens: 1, ttlSeconds: null, oneHour: false }
        : {
            mode,
            minimumTokens: pick([0, 512, 1024]),
            blockTokens: pick([1, 64, 128]),
            ttlSeconds: pick([null, 300, 600]),
            oneHour: roll(2) === 0,
          },
    contextWindow: pick([null, null, 3000, 128_000]),
    capabilities: pick<Offering["capabilities"]>([{}, { tools: true }, { tools: false }]),
    dataPolicy: pick<Offering["dataPolicy"]>(["none", "none", "no_training", "zdr"]),
    enabled: roll(10) !== 0,
    region: pick([null, "eu", "us"]),
  });
};

/** A chain of whole blocks of 512 tokens: conversations share their first two. */
const prefixOf = (conversation: number, blocks: number): readonly PrefixLink[] =>
  Array.from({ length: blocks }, (_, block) => ({
    hash: block < 2 ? 900_001 + block : conversation * 1000 + block,
    tokens: (block + 1) * 512,
  }));

const eventsOf = (dice: Dice, turns: number): readonly RouterEvent[] => {
  const { roll, pick } = dice;
  let nowMs = START_MS;
  return Array.from({ length: turns }, (): readonly RouterEvent[] => {
    nowMs += roll(40_000);
    const provider = `p${roll(PROVIDERS)}`;
    const prefix = prefixOf(roll(4), 1 + roll(8));
    const promptTokens = prefix.length * 512 + roll(400);
    const outcome = pick<Extract<RouterEvent, { type: "attempt_ended" }>["outcome"]>([
      "success",
      "success",
      "success",
      "success",
      "timeout",
      "server_error",
      "rate_limited",
      "model_unavailable",
      "bad_request",
    ]);
    const owner = pick<Credential["owner"]>(["platform", "platform", "byok"]);
    const who = {
      offeringId: `${provider}/m`,
      credentialId: `${provider}-${owner}`,
      credentialOwner: owner,
      workspace: "w",
      prefix,
    };
    const ttftMs = 100 + roll(2000);
    const cacheReadTokens = roll(2) * 512;
    return [
      { type: "request_started", nowMs, prefix, promptTokens },
      { type: "attempt_started", ...who, nowMs, promptTokens },
      exampleEnd({
        ...who,
        nowMs: nowMs + ttftMs + 3000,
        outcome,
        ttftMs,
        totalMs: ttftMs + 3000,
        retryAfterMs: outcome === "rate_limited" ? roll(90_000) : null,
        usage:
          outcome === "success"
            ? {
                ...emptyUsage,
                inputTokens: promptTokens - cacheReadTokens,
                cacheReadTokens,
                outputTokens: 1 + roll(900),
              }
            : null,
        ...(roll(3) === 0 ? { outputHint: "tools" } : {}),
        cacheDirective: { breakpoints: [{ uptoTokens: prefix.length * 512, ttl: "5m" }] },
      }),
    ];
  }).flat();
};

/**
 * A situation that depends on the seed alone: caches of every mode, price tiers, failures, conversations
 * that go on. For properties: `fc.property(fc.integer(), (seed) => … exampleCase(seed) …)`.
 */
export const exampleCase = (seed: number): ExampleCase => {
  const dice = diceOf(seed);
  const { roll, pick } = dice;
  const offerings = Array.from({ length: 1 + roll(PROVIDERS) }, (_, index) =>
    offeringOf(dice, `p${index}`),
  );
  const history = eventsOf(dice, roll(30));
  const lastMs = history.reduce((last, { nowMs }) => Math.max(last, nowMs), START_MS);
  const prefix = roll(4) === 0 ? [] : prefixOf(roll(4), 1 + roll(9));
  const owners: readonly Credential["owner"][] =
    roll(4) === 0 ? ["byok", "platform"] : ["platform"];
  const credentials = offerings.flatMap(({ provider }) =>
    owners.map((owner): Credential => ({ id: `${provider}-${owner}`, provider, owner })),
  );
  return {
    offerings,
    history,
    request: exampleRequest([], {
      credentials,
      prefix,
      prompt: { bytes: 0, tokens: prefix.length * 512 + 1 + roll(500) },
      strategy:
        roll(8) === 0 ? { cost: 1 + roll(3), ttft: roll(3) } : pick(["cost-focus", ...strategies]),
      stream: roll(3) !== 0,
      ttftPercentile: pick<"p50" | "p95">(["p50", "p95"]),
      ...(roll(3) === 0 ? { slo: { ttftMs: 800, ttftMsPer1kIn: 100 } } : {}),
      ...(roll(3) === 0 ? { session: "s" } : {}),
      ...(roll(3) === 0 ? { outputHint: pick(["tools", "json"]) } : {}),
    }),
    options: { nowMs: lastMs + roll(400_000), seed: roll(1_000_000) },
  };
};

/** The state a case leads to. */
export const stateOfCase = (
  { offerings, history }: ExampleCase,
  options: Omit<RouterOptions, "offerings"> = {},
): RouterState => {
  const state = createRouterState({ ...options, offerings });
  for (const event of history) observe(state, event);
  return state;
};
