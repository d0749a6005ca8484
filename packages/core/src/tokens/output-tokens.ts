import type { RouterState } from "../state/router-state.ts";
import { workspaceModelKey } from "../state/keys.ts";

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
  /** The caller's cap; absent = none. */
  readonly maxOutputTokens?: number | undefined;
  /** The offering's cap; `null` or absent = unknown. */
  readonly cap?: number | null;
};

/** Standard deviation of log(length) before anything is learned; that of public chat traces is 0.8–1.2. */
const PRIOR_SIGMA = 1;
/** Weight of the prior in observed answers. */
const PRIOR_WEIGHT = 3;
/** 0.95 quantile of the standard normal distribution. */
const Z95 = 1.645;

/**
 * Length of the next answer of a workspace at a model: a log-normal law fitted to decayed moments,
 * shrunk to a prior (mean `state.options.outputPriorTokens`), cut at the caps.
 */
export const estimateOutputTokens = (
  state: RouterState,
  question: OutputQuestion,
): OutputEstimate => {
  const learned = state.learned.outputLength.get(
    workspaceModelKey(question.workspace, question.model),
  );
  const priorMean = state.options.outputPriorTokens;
  const priorLog = Math.log(priorMean) - PRIOR_SIGMA ** 2 / 2;
  const weight = (learned?.weight ?? 0) + PRIOR_WEIGHT;
  const mean = ((learned?.sum ?? 0) + priorMean * PRIOR_WEIGHT) / weight;
  const meanLog = ((learned?.sumLog ?? 0) + priorLog * PRIOR_WEIGHT) / weight;
  const squares = (learned?.sumLogSquared ?? 0) + (priorLog ** 2 + PRIOR_SIGMA ** 2) * PRIOR_WEIGHT;
  const sigma = Math.sqrt(Math.max(0, squares / weight - meanLog ** 2));
  const cap = Math.min(question.maxOutputTokens ?? Infinity, question.cap ?? Infinity);
  const within = (tokens: number): number => Math.min(cap, Math.max(1, Math.round(tokens)));
  return {
    mean: within(mean),
    p50: within(Math.exp(meanLog)),
    p95: within(Math.exp(meanLog + Z95 * sigma)),
    cap: cap === Infinity ? null : cap,
  };
};
