import type {
  Credential,
  Offering,
  PriceSchedule,
  RouterEvent,
  RoutingRequest,
  Usage,
} from "@pointsman/core";

/** Monday noon, so that no window of the day changes prices within a run. */
export const startMs = Date.UTC(2026, 0, 5, 12);

const model = "bench/large";

/** Deterministic numbers in [0, 1): the mulberry32 generator. */
export const randomOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** A schedule with a cache-read rate and one tier, as long-context models have it. */
export const priceOf = (inputPicoUsd: number, outputPicoUsd: number): PriceSchedule => {
  const rates = {
    inputPicoUsd,
    outputPicoUsd,
    cacheReadPicoUsd: inputPicoUsd / 10,
    cacheWrite5mPicoUsd: null,
    cacheWrite1hPicoUsd: null,
    reasoningPicoUsd: null,
    audioInputPicoUsd: null,
    audioCacheReadPicoUsd: null,
    audioOutputPicoUsd: null,
    imageInputPicoUsd: null,
    imageOutputPicoUsd: null,
  };
  return {
    periods: [
      {
        fromMs: null,
        dayWindows: [],
        rates,
        tiers: [
          {
            abovePromptTokens: 200_000,
            rates: { ...rates, inputPicoUsd: inputPicoUsd * 2, outputPicoUsd: outputPicoUsd * 1.5 },
          },
        ],
        tierMode: "whole_request",
        requestFeePicoUsd: 0,
        webSearchPicoUsd: 0,
        cacheStoragePicoUsdPerTokenHour: 0,
      },
    ],
  };
};

const providerName = (index: number): string => `provider-${index}`;
const providerCount = (candidates: number): number => Math.min(candidates, 40);

const offeringOf = (index: number, providers: number, random: () => number): Offering => {
  const provider = providerName(index % providers);
  const providerModelId = `large-${Math.floor(index / providers)}`;
  return {
    id: `${provider}/${providerModelId}`,
    provider,
    providerModelId,
    model,
    region: null,
    price: priceOf(
      1_000_000 + 10 * Math.floor(random() * 200_000),
      6_000_000 + 10 * Math.floor(random() * 800_000),
    ),
    cache: {
      mode: index % 3 === 0 ? "none" : "auto",
      minimumTokens: 1024,
      blockTokens: 128,
      ttlSeconds: 300,
      oneHour: false,
    },
    contextWindow: 400_000,
    maxOutputTokens: 32_000,
    wires: ["chat_completions"],
    capabilities: { streaming: true, tools: true, json_mode: true },
    unsupportedParameters: [],
    dataPolicy: "none",
    tier: "standard",
    quantization: null,
    enabled: true,
  };
};

/** Offerings of one model over at most 40 providers, with one account each. */
export const offeringsOf = (candidates: number): readonly Offering[] => {
  const random = randomOf(candidates);
  const providers = providerCount(candidates);
  return Array.from({ length: candidates }, (_, index) => offeringOf(index, providers, random));
};

const credentialsOf = (candidates: number): readonly Credential[] =>
  Array.from({ length: providerCount(candidates) }, (_, index) => ({
    id: `account-${index}`,
    provider: providerName(index),
    owner: "platform",
  }));

/** A chain of eight links, one per request. */
const prefixOf = (index: number) =>
  Array.from({ length: 8 }, (_, link) => ({
    hash: hashOf(index, link),
    tokens: Math.floor(((1000 + 120 * index) * (link + 1)) / 8),
  }));

const hashOf = (conversation: number, link: number): number =>
  Math.floor(randomOf(conversation * 97 + link)() * 4_294_967_296);

/** 64 different requests: tools and a prefix chain of eight links, between 4 kB and 35 kB of prompt. */
export const requestsOf = (candidates: number): readonly RoutingRequest[] => {
  const credentials = credentialsOf(candidates);
  return Array.from({ length: 64 }, (_, index): RoutingRequest => {
    const tokens = 1000 + 120 * index;
    return {
      workspace: "default",
      models: [model],
      mode: "pool",
      needs: {
        endpoint: "chat_completions",
        capabilities: ["streaming", "tools"],
        parameters: ["temperature"],
      },
      credentials,
      prompt: { bytes: tokens * 4 },
      prefix: prefixOf(index),
      maxOutputTokens: 2000,
      stream: true,
      strategy: "balanced",
      ttftPercentile: "p50",
      throughputPercentile: "p50",
      constraints: {},
      maxFallbackAttempts: 3,
    };
  });
};

export const usageOf = (promptTokens: number, cachedTokens: number): Usage => ({
  inputTokens: promptTokens - cachedTokens,
  cacheReadTokens: cachedTokens,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 350,
  reasoningTokens: 40,
});

/** The start and the successful end of one attempt at `offering`. */
export const attemptEvents = (
  offering: Offering,
  {
    nowMs,
    random,
    warm = false,
  }: {
    readonly nowMs: number;
    readonly random: () => number;
    /** Whether the prompt's prefix is told, so that it is believed warm afterwards. */
    readonly warm?: boolean;
  },
): readonly [
  Extract<RouterEvent, { type: "attempt_started" }>,
  Extract<RouterEvent, { type: "attempt_ended" }>,
] => {
  const account = `account-${offering.provider.slice(providerName(0).length - 1)}`;
  const attempt = {
    offeringId: offering.id,
    credentialId: account,
    workspace: "default",
  };
  const conversation = Math.floor(random() * 64);
  const promptTokens = 1000 + 120 * conversation;
  const ttftMs = 150 + promptTokens / 20 + random() * 200;
  return [
    { ...attempt, type: "attempt_started", nowMs, promptTokens },
    {
      ...attempt,
      ...(warm ? { prefix: prefixOf(conversation) } : {}),
      type: "attempt_ended",
      nowMs: nowMs + 4000,
      outcome: "success",
      stream: true,
      ttftMs,
      totalMs: ttftMs + 390 * (8 + random() * 8),
      usage: usageOf(promptTokens, Math.floor((promptTokens * random()) / 128) * 128),
      promptBytes: promptTokens * 4,
      retryAfterMs: null,
    },
  ];
};
