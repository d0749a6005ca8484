import { flatSchedule } from "../cost/flat-schedule.ts";
import type { Offering } from "../offering/offering.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterEvent } from "../state/router-event.ts";

/** A plain offering of the model `m`: 1 USD in, 4 USD out per million tokens, nothing else known. */
export const exampleOffering = (provider: string, overrides: Partial<Offering> = {}): Offering => {
  const model = overrides.model ?? "m";
  return {
    id: `${provider}/${model}`,
    provider,
    providerModelId: model,
    model,
    region: null,
    price: flatSchedule({ input: 1, output: 4 }),
    cache: { mode: "none", minimumTokens: 0, blockTokens: 1, ttlSeconds: null, oneHour: false },
    contextWindow: null,
    maxOutputTokens: null,
    wires: ["chat_completions"],
    capabilities: {},
    unsupportedParameters: [],
    dataPolicy: "none",
    tier: "standard",
    quantization: null,
    enabled: true,
    ...overrides,
  };
};

/** A chat request for the model `m` of 1,000 prompt tokens, with a platform account at each provider named. */
export const exampleRequest = (
  providers: readonly string[],
  overrides: Partial<RoutingRequest> = {},
): RoutingRequest => ({
  workspace: "w",
  models: ["m"],
  mode: "pool",
  needs: { endpoint: "chat_completions", capabilities: [], parameters: [] },
  credentials: providers.map((provider) => ({
    id: `${provider}-platform`,
    provider,
    owner: "platform",
  })),
  prompt: { bytes: 4000, tokens: 1000 },
  prefix: [],
  stream: true,
  strategy: "cost-focus",
  ttftPercentile: "p50",
  throughputPercentile: "p50",
  constraints: {},
  maxFallbackAttempts: 3,
  ...overrides,
});

type AttemptEnded = Extract<RouterEvent, { type: "attempt_ended" }>;

/** A streamed success of `example/m` at 1,000,000 ms; pass what should differ. */
export const exampleEnd = (overrides: Partial<AttemptEnded> = {}): AttemptEnded => ({
  type: "attempt_ended",
  nowMs: 1_000_000,
  offeringId: "example/m",
  credentialId: "example-platform",
  workspace: "w",
  outcome: "success",
  stream: true,
  ttftMs: 500,
  totalMs: 2000,
  usage: null,
  promptBytes: 4000,
  retryAfterMs: null,
  ...overrides,
});
