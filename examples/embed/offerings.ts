import { flatSchedule } from "@pointsman/core";
import type { Offering } from "@pointsman/core";

const common = {
  model: "small-chat",
  region: null,
  // Caches by itself, whole blocks of 64 tokens, from 128 on; entries live five minutes.
  cache: { mode: "auto", minimumTokens: 128, blockTokens: 64, ttlSeconds: 300, oneHour: false },
  contextWindow: 128_000,
  maxOutputTokens: 8_000,
  wires: ["chat_completions"],
  capabilities: { streaming: true, tools: true },
  unsupportedParameters: [],
  dataPolicy: "no_training",
  tier: "standard",
  quantization: null,
  enabled: true,
} as const satisfies Partial<Offering>;

/** One model at two providers, prices in USD per million tokens. */
export const offerings: readonly Offering[] = [
  {
    ...common,
    id: "acme/small-chat-1",
    provider: "acme",
    providerModelId: "small-chat-1",
    price: flatSchedule({ input: 0.5, output: 1.5, cacheRead: 0.05 }),
  },
  {
    ...common,
    id: "zenith/org/small-chat",
    provider: "zenith",
    providerModelId: "org/small-chat",
    price: flatSchedule({ input: 0.55, output: 1.6, cacheRead: 0.055 }),
  },
];
