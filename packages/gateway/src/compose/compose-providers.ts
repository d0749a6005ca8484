import { completeProvider } from "@pointsman/engine";
import type { EngineProvider } from "@pointsman/engine";
import type { AdapterFactory } from "@pointsman/provider";
import type { Config, ProviderKind } from "../config/config.ts";

/** One factory per kind of provider; a kind without one is not spoken here. */
export type AdapterFactories = Readonly<Partial<Record<ProviderKind, AdapterFactory>>>;

/** A server of one's own may want no key; a vendor does. */
const keysOf = ({ apiKeys, kind, baseUrl }: Config["providers"][string]): readonly string[] =>
  apiKeys.length === 0 && kind === "openai-compatible" && baseUrl !== null ? [""] : apiKeys;

/** The configured providers whose wire is spoken, with their accounts. */
export const composeProviders = (
  config: Config,
  factories: AdapterFactories,
): readonly EngineProvider[] =>
  Object.entries(config.providers).flatMap(([name, provider]) => {
    const factory = factories[provider.kind];
    if (factory === undefined) return [];
    return [
      completeProvider({
        id: name,
        adapter: factory,
        baseUrl: provider.baseUrl,
        preset: provider.preset,
        timeouts: provider.timeouts,
        ...(provider.limits.concurrency === null
          ? {}
          : { concurrency: provider.limits.concurrency }),
        apiKeys: keysOf(provider),
      }),
    ];
  });
