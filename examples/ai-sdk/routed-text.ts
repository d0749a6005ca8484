// Core chooses the provider, the AI SDK calls it.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { RouterState } from "@pointsman/core";
import { APICallError, generateText } from "ai";
import type { LanguageModelUsage } from "ai";
import type { Accounts } from "../embed/answer-chat.ts";
import { outcomeOf, outcomeOfError, retryAfterMsOf } from "../embed/outcome.ts";
import { route } from "../embed/route.ts";
import type { Ended, Routed } from "../embed/route.ts";
import { routingRequest } from "../embed/routing-request.ts";

/** The SDK's usage as core's disjoint buckets. */
const usageOf = (usage: LanguageModelUsage) => {
  const { cacheReadTokens = 0, cacheWriteTokens = 0 } = usage.inputTokenDetails;
  const { reasoningTokens = 0 } = usage.outputTokenDetails;
  return {
    inputTokens: (usage.inputTokens ?? 0) - cacheReadTokens - cacheWriteTokens,
    cacheReadTokens,
    cacheWrite5mTokens: cacheWriteTokens,
    cacheWrite1hTokens: 0,
    outputTokens: (usage.outputTokens ?? 0) - reasoningTokens,
    reasoningTokens,
  };
};

const endedWith = (error: unknown): Ended<string> => {
  const known = APICallError.isInstance(error) ? error : null;
  const status = known?.statusCode ?? null;
  return {
    outcome: status === null ? outcomeOfError(error) : outcomeOf(status),
    status,
    retryAfterMs: retryAfterMsOf(known?.responseHeaders?.["retry-after"]),
    usage: null,
    answer: null,
  };
};

/** Text for a prompt, from whichever provider is best for it. */
export const routedText = (
  state: RouterState,
  accounts: Accounts,
  prompt: string,
): Promise<Routed<string>> => {
  const request = routingRequest({
    model: "small-chat",
    messages: [{ role: "user", content: prompt }],
    providers: Object.keys(accounts),
  });
  return route(state, request, async ({ offering }) => {
    const account = accounts[offering.provider];
    if (account === undefined) return { ...endedWith(null), outcome: "auth_error" };
    const provider = createOpenAICompatible({
      name: offering.provider,
      baseURL: account.baseUrl,
      apiKey: account.apiKey,
    });
    try {
      const { text, usage } = await generateText({
        model: provider(offering.providerModelId),
        prompt,
        // What is repeated, and where, is core's to say.
        maxRetries: 0,
      });
      return {
        outcome: "success",
        status: 200,
        retryAfterMs: null,
        usage: usageOf(usage),
        answer: text,
      };
    } catch (error) {
      return endedWith(error);
    }
  });
};
