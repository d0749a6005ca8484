import type { RouterState } from "../state/router-state.ts";

/** An answer's length in tokens, reasoning included; whole numbers, none above `cap`. */
export type OutputEstimate = {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  /** What the request or the model allows at most; `null` = no limit is known. */
  readonly cap: number | null;
};

/** A law of lengths, tokens. */
export type AnswerLength = Pick<OutputEstimate, "mean" | "p50" | "p95">;

/** Whose answer is to be estimated. */
export type OutputQuestion = {
  readonly workspace: string;
  readonly model: string;
  /** The caller's cap; absent = none. */
  readonly maxOutputTokens?: number | undefined;
  /** The offering's cap; `null` or absent = unknown. */
  readonly cap?: number | null;
};

/** A length as a whole number of tokens, at least 1, never above a cap. */
export const wholeTokens = (tokens: number, cap: number): number =>
  Math.min(cap, Math.max(1, Math.round(tokens)));

/** What is known of a workspace's answers at a model, not yet cut at any cap. */
export const answerLength = (
  state: RouterState,
  workspace: string,
  model: string,
): AnswerLength => {
  const { outputLength, outputPrior } = state.learned;
  const plugged = state.options.plugs.output?.estimate({ workspace, model }) ?? null;
  return plugged ?? outputLength.get(workspace)?.get(model) ?? outputPrior;
};

/**
 * Length of the next answer of a workspace at a model: the learned law (prior mean
 * `state.options.outputPriorTokens`), cut at the caps.
 */
export const estimateOutputTokens = (
  state: RouterState,
  question: OutputQuestion,
): OutputEstimate => {
  const learned = answerLength(state, question.workspace, question.model);
  const cap = Math.min(question.maxOutputTokens ?? Infinity, question.cap ?? Infinity);
  return {
    mean: wholeTokens(learned.mean, cap),
    p50: wholeTokens(learned.p50, cap),
    p95: wholeTokens(learned.p95, cap),
    cap: cap === Infinity ? null : cap,
  };
};
