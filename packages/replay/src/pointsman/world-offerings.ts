import type { CachePolicy, Credential, Offering, RateLimits } from "@pointsman/core";
import { scheduleOf } from "@pointsman/simulator";
import type { ListedProvider } from "@pointsman/simulator";
import type { HelloWorld } from "../protocol/messages.ts";

const cachePolicyOf = ({ cache }: ListedProvider): CachePolicy =>
  cache.mode === "none"
    ? { mode: "none", minimumTokens: 0, blockTokens: 1, ttlSeconds: null, oneHour: false }
    : {
        mode: cache.mode,
        minimumTokens: cache.min_tokens,
        blockTokens: cache.block,
        ttlSeconds: cache.ttl_s,
        oneHour: cache.ttl_1h,
      };

export const offeringIdOf = (provider: string, model: string): string => `${provider}/${model}`;

/** What a world says of its providers, as core's offerings of its one model. */
export const worldOfferings = ({ model, providers }: HelloWorld): readonly Offering[] =>
  providers.map((provider) => ({
    id: offeringIdOf(provider.id, model),
    provider: provider.id,
    providerModelId: model,
    model,
    region: null,
    price: scheduleOf(provider),
    cache: cachePolicyOf(provider),
    contextWindow: provider.context,
    maxOutputTokens: null,
    wires: ["chat_completions"],
    capabilities: {},
    unsupportedParameters: [],
    dataPolicy: "none",
    tier: "standard",
    quantization: null,
    enabled: true,
  }));

/** One account at each provider. */
export const worldCredentials = ({ providers }: HelloWorld): readonly Credential[] =>
  providers.map(({ id }) => ({ id, provider: id, owner: "platform" }));

/** The rate limits that providers document. */
export const worldLimits = ({ providers }: HelloWorld): Readonly<Record<string, RateLimits>> =>
  Object.fromEntries(
    providers.map(({ id, limits }) => [
      id,
      {
        ...(limits.rpm === null ? {} : { requestsPerMinute: limits.rpm }),
        ...(limits.tpm === null ? {} : { tokensPerMinute: limits.tpm }),
      },
    ]),
  );
