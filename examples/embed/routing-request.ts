import type { RoutingRequest } from "@pointsman/core";
import { bytesOf, prefixChain } from "./prefix-chain.ts";
import type { Message } from "./prefix-chain.ts";

const workspace = "default";

/** What core needs to know of a chat: sizes, hashes, needs and wishes. */
export const routingRequest = (chat: {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly maxOutputTokens?: number;
  /** The providers there is an account at. */
  readonly providers: readonly string[];
}): RoutingRequest => {
  const { model, messages, maxOutputTokens, providers } = chat;
  return {
    workspace,
    models: [model],
    mode: "pool",
    needs: { endpoint: "chat_completions", capabilities: [], parameters: [] },
    credentials: providers.map((provider) => ({
      id: `${provider}-main`,
      provider,
      owner: "platform",
    })),
    prompt: { bytes: bytesOf(messages) },
    prefix: prefixChain(workspace, messages),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    stream: false,
    strategy: "cost-focus",
    ttftPercentile: "p50",
    throughputPercentile: "p50",
    constraints: {},
    maxFallbackAttempts: 3,
  };
};
