import type { RouterState } from "../state/router-state.ts";
import type { AnswerLength } from "./output-length.ts";
import { lengthOf } from "./output-lengths.ts";
import type { AnswerOf } from "./output-lengths.ts";

/** An answer's length in tokens, reasoning included; whole numbers, none above `cap`. */
export type OutputEstimate = {
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  /** What the request or the model allows at most; `null` = no limit is known. */
  readonly cap: number | null;
};

/** Whose answer is to be estimated. */
export type OutputQuestion = {
  readonly workspace: string;
  readonly model: string;
  /** Kind of answer; absent = any. */
  readonly outputHint?: string | undefined;
  /** The caller's cap; absent = none. */
  readonly maxOutputTokens?: number | undefined;
  /** The offering's cap; `null` or absent = unknown. */
  readonly cap?: number | null;
};

/** A length as a whole number of tokens, at least 1, never above a cap. */
export const wholeTokens = (tokens: number, cap: number): number =>
  Math.min(cap, Math.max(1, Math.round(tokens)));

/** A law as whole tokens, none above a cap; `Infinity` = none is known. */
export const cutAt = ({ mean, p50, p95 }: AnswerLength, cap: number): OutputEstimate => ({
  mean: wholeTokens(mean, cap),
  p50: wholeTokens(p50, cap),
  p95: wholeTokens(p95, cap),
  cap: cap === Infinity ? null : cap,
});

/** What is known of a workspace's answers of a kind at a model, not yet cut at any cap. */
export const answerLength = (state: RouterState, of: AnswerOf, model: string): AnswerLength => {
  const { outputLengths, outputPrior } = state.learned;
  const { output } = state.options.plugs;
  const plugged =
    output?.estimate({ workspace: of.workspace, model, outputHint: of.outputHint }) ?? null;
  return plugged ?? lengthOf(outputLengths, of, model) ?? outputPrior;
};

/**
 * Length of the next answer of a workspace at a model, of the kind its hint names: the learned law
 * (prior mean `state.options.outputPriorTokens`), cut at the caps.
 */
export const estimateOutputTokens = (
  state: RouterState,
  question: OutputQuestion,
): OutputEstimate => {
  const law = answerLength(state, question, question.model);
  return cutAt(law, Math.min(question.maxOutputTokens ?? Infinity, question.cap ?? Infinity));
};
