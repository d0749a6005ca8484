import { createEngine, createLocalFetch } from "@pointsman/engine";
import type { Engine, LocalFetch, LocalFetchOptions } from "@pointsman/engine";
import { createAnthropicAdapter } from "@pointsman/provider-anthropic";
import { createGoogleAdapter } from "@pointsman/provider-google";
import { createOpenAiAdapterFactory } from "@pointsman/provider-openai";
import { createOpenAiCompatibleAdapter } from "@pointsman/provider-openai-compatible";
import { apiKey } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import type { Wire } from "../failover/wire-answer.ts";

const adapters = {
  chat: createOpenAiCompatibleAdapter,
  responses: createOpenAiAdapterFactory((options) =>
    createOpenAiCompatibleAdapter({ ...options, preset: "openai" }),
  ),
  messages: createAnthropicAdapter,
  gemini: createGoogleAdapter,
};

/** An engine in this process before the providers of a lab, which the lab's gateway has too. */
export const engineOfLab = (
  lab: Lab,
  wires: readonly Wire[],
  options: LocalFetchOptions = {},
): { readonly engine: Engine; readonly fetch: LocalFetch } => {
  const engine = createEngine({
    offerings: lab.gateway.engine.offerings,
    router: { exploration: 0 },
    providers: wires.map((wire, index) => ({
      id: `p${index}`,
      adapter: adapters[wire],
      baseUrl: `${lab.upstreams[index]?.url}${wire === "gemini" ? "/v1beta" : "/v1"}`,
      apiKeys: [apiKey],
      timeouts: { connectMs: 1000, firstContentMs: 400, silenceMs: 400, answerMs: 600 },
    })),
  });
  const workspace = { routing: { optimize: "cost" } } as const;
  return { engine, fetch: createLocalFetch(engine, { workspace, ...options }) };
};
