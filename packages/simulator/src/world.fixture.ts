import type { Offering, Rates } from "@pointsman/core";
import OpenAI from "openai";
import type { SimulatedProvider } from "./world.ts";

/** USD 2.50 a million tokens in, 1.25 cached, 10 out. */
export const rates: Rates = {
  inputPicoUsd: 2_500_000,
  outputPicoUsd: 10_000_000,
  cacheReadPicoUsd: 1_250_000,
  cacheWrite5mPicoUsd: null,
  cacheWrite1hPicoUsd: null,
  reasoningPicoUsd: null,
  audioInputPicoUsd: null,
  audioCacheReadPicoUsd: null,
  audioOutputPicoUsd: null,
  imageInputPicoUsd: null,
  imageOutputPicoUsd: null,
};

/** An offering of a provider `openai` that caches and does everything. */
export const offering = (changes: Partial<Offering> = {}): Offering => ({
  id: "openai/train-1",
  provider: "openai",
  providerModelId: "train-1",
  model: "train-1",
  region: null,
  price: {
    periods: [
      {
        fromMs: null,
        dayWindows: [],
        rates,
        tiers: [],
        tierMode: "whole_request",
        requestFeePicoUsd: 0,
        webSearchPicoUsd: 0,
        cacheStoragePicoUsdPerTokenHour: 0,
      },
    ],
  },
  cache: { mode: "auto", minimumTokens: 64, blockTokens: 16, ttlSeconds: null, oneHour: false },
  contextWindow: 20_000,
  maxOutputTokens: 4000,
  wires: ["chat_completions"],
  capabilities: { reasoning: true, reasoning_disable: true },
  unsupportedParameters: [],
  dataPolicy: "none",
  tier: "standard",
  quantization: null,
  enabled: true,
  ...changes,
});

/** The official client, without retries of its own. */
export const clientOf = ({ baseUrl, apiKey }: SimulatedProvider): OpenAI =>
  new OpenAI({ baseURL: baseUrl, apiKey, maxRetries: 0 });
