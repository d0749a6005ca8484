import type { Filter } from "./filter.ts";

/** Only a prompt whose *low* estimate exceeds a window is turned away without asking the provider. */
export const contextWindowFilter: Filter = {
  admits: ({ offering }, { promptAt }) =>
    offering.contextWindow === null || promptAt(offering.model).tokensLow <= offering.contextWindow,
  reason: (rejected, { promptAt }) => {
    const windows = rejected.map(({ offering }) => offering.contextWindow ?? 0);
    const prompt = promptAt(rejected[0].offering.model);
    return {
      code: "context_length_exceeded",
      param: "messages",
      message: `The prompt has about ${prompt.tokens} tokens; the largest context window left holds ${Math.max(...windows)}.`,
      suggestion: "Shorten the prompt, or choose a model with a larger context window.",
    };
  },
};
