import type { PromptSize } from "../request/routing-request.ts";
import type { RouterState } from "../state/router-state.ts";
import { bytesPerTokenOf, tokenSpreadOf } from "./bytes-per-token.ts";

/** A prompt's length in tokens; the three are equal where an exact count was given. */
export type PromptEstimate = {
  readonly tokens: number;
  /** Practically never undercut (two standard deviations). */
  readonly tokensLow: number;
  /** Practically never exceeded (two standard deviations). */
  readonly tokensHigh: number;
};

/**
 * Length of a prompt at a model: bytes by the model's learned bytes per token (prior 4), plus
 * `extraTokens`. `prompt.tokens`, if given, is taken as the whole and exact count.
 */
export const estimatePromptTokens = (
  state: RouterState,
  model: string,
  prompt: PromptSize,
): PromptEstimate => {
  const { tokenizer } = state.options.plugs;
  const exact = prompt.tokens ?? tokenizer?.promptTokens(model, prompt) ?? null;
  if (exact !== null) return { tokens: exact, tokensLow: exact, tokensHigh: exact };
  const learned = state.learned.bytesPerToken.get(model);
  const text = prompt.bytes / bytesPerTokenOf(learned);
  const spread = tokenSpreadOf(learned);
  const extra = prompt.extraTokens ?? 0;
  return {
    tokens: Math.ceil(text) + extra,
    tokensLow: Math.floor(text / spread) + extra,
    tokensHigh: Math.ceil(text * spread) + extra,
  };
};
