import { createRouterState, flatSchedule, merge, observe } from "@pointsman/core";
import type { Offering, PrefixLink, PriceSchedule, RouterState, Usage } from "@pointsman/core";
import { exampleEnd, exampleOffering } from "@pointsman/core/testing";

/** 2023-11-14 22:13:20 UTC: inside one of the hour windows below. */
export const NOW_MS = 1_700_000_000_000;
export const providers = ["ash", "birch", "cedar", "elm", "fir", "hazel", "larch", "oak"] as const;

const tiered = flatSchedule({
  input: 0.4,
  output: 1.6,
  cacheRead: 0.04,
  tiers: [{ abovePromptTokens: 32_000, input: 0.8, output: 2.4, cacheRead: 0.08 }],
});

/** The same prices with the tier on the tokens above the mark only, and a fee per request. */
const marginal: PriceSchedule = {
  periods: [{ ...tiered.periods[0], tierMode: "marginal", requestFeePicoUsd: 25_000_000 }],
};

const byNight = flatSchedule({ input: 0.3, output: 1.2 }).periods[0];
const byHour: PriceSchedule = {
  periods: [
    ...flatSchedule({ input: 0.9, output: 3.6, cacheRead: 0.09 }).periods,
    { ...byNight, dayWindows: [{ fromMinute: 1200, toMinute: 1400 }] },
  ],
};

const autoCache = {
  mode: "auto",
  minimumTokens: 1024,
  blockTokens: 128,
  ttlSeconds: 600,
  oneHour: false,
} as const;
const explicitCache = { ...autoCache, mode: "explicit", ttlSeconds: 300, oneHour: true } as const;

const offerings: readonly Offering[] = [
  exampleOffering("ash", { price: tiered, cache: autoCache, contextWindow: 200_000 }),
  exampleOffering("birch", { price: marginal, cache: autoCache, dataPolicy: "no_training" }),
  exampleOffering("cedar", { price: byHour, cache: autoCache, maxOutputTokens: 800 }),
  exampleOffering("elm", {
    price: flatSchedule({
      input: 0.5,
      output: 2,
      cacheRead: 0.05,
      cacheWrite: 0.625,
      cacheWrite1h: 1,
    }),
    cache: explicitCache,
    dataPolicy: "zdr",
    capabilities: { tools: true, vision: true },
  }),
  exampleOffering("fir", { price: null, capabilities: { tools: true, vision: false } }),
  exampleOffering("hazel", {
    price: flatSchedule({ input: 0.35, output: 1.5 }),
    contextWindow: 16_000,
    unsupportedParameters: ["seed", "top_p"],
    capabilities: { tools: false },
  }),
  exampleOffering("larch", { price: flatSchedule({ input: 0.45, output: 1.9 }), region: "eu" }),
  exampleOffering("larch", {
    id: "larch/m#priority",
    price: flatSchedule({ input: 0.9, output: 3.8 }),
    tier: "priority",
  }),
  exampleOffering("oak", { model: "n", price: flatSchedule({ input: 0.41, output: 1.61 }) }),
  exampleOffering("birch", { model: "n", price: tiered, cache: autoCache }),
];

/** The first links of a conversation's chain; every turn adds 700 tokens. */
export const chain = (conversation: number, turns: number): readonly PrefixLink[] =>
  Array.from({ length: turns }, (_, turn) => ({
    // Wider than 32 bits, as real hashes are.
    hash: (conversation + 1) * 2 ** 33 + (((turn + 1) * 2_654_435_761) % 2 ** 32),
    tokens: 1400 + 700 * turn,
  }));

const usageOf = (promptTokens: number, cachedTokens: number, outputTokens: number): Usage => ({
  inputTokens: promptTokens - cachedTokens,
  cacheReadTokens: cachedTokens,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens,
  reasoningTokens: outputTokens % 40,
});

/**
 * Twelve conversations of up to six turns over the last twenty minutes, with failures among them; what a
 * replica sees of them depends on its number.
 */
const live = (state: RouterState, replica = 0): void => {
  const outcomes = ["success", "success", "success", "timeout", "success", "rate_limited"] as const;
  for (let step = 0; step < 72; step += 1) {
    if (replica > 0 && (step + replica) % 3 === 0) continue;
    const conversation = step % 12;
    const turns = 1 + Math.floor(step / 12);
    const provider =
      providers[(conversation * 5 + (step % 7 === 0 ? 1 : 0)) % providers.length] ?? "";
    const model = provider === "oak" || step % 11 === 0 ? "n" : "m";
    const nowMs = NOW_MS - 1_200_000 + step * 16_500 + ((step + replica) % 5) * 731;
    const prefix = chain(conversation, turns);
    const promptTokens = 1500 + 700 * turns;
    const outcome = outcomes[(step * 7 + conversation) % outcomes.length] ?? "success";
    const attempt = {
      offeringId: `${provider}/${model}`,
      credentialId: `${provider}-platform`,
      workspace: step % 3 === 0 ? "other" : "w",
      ...(step % 4 === 0 ? { outputHint: "json" } : {}),
      prefix,
    };
    observe(state, { type: "request_started", nowMs, prefix, promptTokens });
    observe(state, { type: "attempt_started", nowMs, promptTokens, ...attempt });
    const ttftMs = 180 + ((step * 37) % 400) + promptTokens / 50;
    const cached = turns > 1 && step % 4 !== 0 ? Math.floor((700 * turns) / 128) * 128 : 0;
    observe(
      state,
      exampleEnd({
        ...attempt,
        nowMs: nowMs + 4000,
        outcome,
        ttftMs: outcome === "success" ? ttftMs : null,
        totalMs: ttftMs + 9 * (120 + ((step * 53) % 500)),
        usage:
          outcome === "success" ? usageOf(promptTokens, cached, 120 + ((step * 53) % 500)) : null,
        promptBytes: Math.round(promptTokens * (3.7 + (step % 6) / 10)),
        retryAfterMs: outcome === "rate_limited" ? 20_000 : null,
      }),
    );
  }
  observe(state, { type: "retry_spent", nowMs: NOW_MS - 1000 });
};

const options = {
  offerings,
  latencyPriors: {
    ash: { ttftMs: 350, ttftMsPer1kTokens: 40 },
    larch: { ttftMs: 220, msPerToken: 11 },
  },
  limits: { hazel: { requestsPerMinute: 30 }, ash: { tokensPerMinute: 400_000 } },
  exploration: 0.02,
};

/** A state that knows only its offerings, one that has lived, and what two replicas know together. */
export const createStates = (): Readonly<Record<"fresh" | "lived" | "merged", RouterState>> => {
  const [lived, one, two] = [0, 1, 2].map((replica) => {
    const state = createRouterState(options);
    live(state, replica);
    return state;
  });
  if (lived === undefined || one === undefined || two === undefined)
    throw new RangeError("three replicas are three");
  return { fresh: createRouterState(options), lived, merged: merge(one, two) };
};
