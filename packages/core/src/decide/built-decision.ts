import type { StrategyName } from "../request/routing-request.ts";
import type { Weights } from "../strategy/resolve-strategy.ts";
import type { OutputEstimate } from "../tokens/output-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";
import { numberOf, OFFERING_MAX_OUTPUT } from "../state/columns.ts";
import { known } from "../state/known.ts";
import { draw } from "../strategy/draw.ts";
import { place, placed } from "../strategy/place.ts";
import { shareFate } from "../strategy/share-fate.ts";
import { cutAt } from "../tokens/output-tokens.ts";
import { BuiltCandidate, LISTED_PLACES } from "./built-candidate.ts";
import { CandidateNumbers } from "./candidate-numbers.ts";
import { cell, GROUP, ROW } from "./scratch.ts";
import type { CacheDirective, Candidate, Decision, Rejection } from "./decision.ts";
import { groupOf } from "./evaluate.ts";
import type { Evaluation } from "./evaluate.ts";
import { failureOf } from "./failure.ts";

/** A decision whose candidates are made when they are first asked for, and then kept. */
export class BuiltDecision implements Decision {
  declare readonly stateVersion: number;
  declare readonly nowMs: number;
  declare readonly seed: number;
  declare readonly strategy: StrategyName | "custom";
  declare readonly weights: Weights;
  declare readonly prompt: PromptEstimate;
  declare readonly output: OutputEstimate;
  declare readonly failure: Rejection | null;
  declare readonly propensity: number;
  /** What its candidates are told from. */
  declare readonly listed: CandidateNumbers;
  #candidates: readonly Candidate[] | undefined;

  /** Places the candidates of an evaluation and takes from it what outlives its working columns. */
  constructor(evaluation: Evaluation, seed: number) {
    const { state, request, strategy, nowMs, groups, scratch } = evaluation;
    const length = place(evaluation);
    const isLeft = length > 0;
    this.stateVersion = state.version;
    this.nowMs = nowMs;
    this.seed = seed;
    this.strategy = strategy.name;
    this.weights = strategy.weights;
    this.failure = isLeft ? null : failureOf(evaluation);
    this.propensity = draw(evaluation, length, seed);
    if (length > 2) shareFate(evaluation, length);
    const first = placed[0] ?? 0;
    const { prompt, output } = isLeft
      ? known(groups[cell(scratch, first, GROUP)])
      : groupOf(state, request, request.models[0]);
    const own = isLeft
      ? numberOf(state.learned.columns, cell(scratch, first, ROW), OFFERING_MAX_OUTPUT)
      : Infinity;
    this.prompt = prompt;
    this.output = cutAt(output, Math.min(evaluation.maxOutputTokens, own));
    this.listed = new CandidateNumbers(evaluation, length);
  }

  get candidates(): readonly Candidate[] {
    this.#candidates ??= this.#make();
    return this.#candidates;
  }

  get holdPicoUsd(): number | null {
    return this.candidates[0]?.holdPicoUsd ?? null;
  }

  get cacheDirective(): CacheDirective | null {
    return this.candidates[0]?.cacheDirective ?? null;
  }

  #make(): readonly Candidate[] {
    const candidates: Candidate[] = [];
    while (candidates.length * LISTED_PLACES < this.listed.numbers.length)
      candidates.push(new BuiltCandidate(this.listed, candidates.length));
    return candidates;
  }

  /** All values, as plain data. */
  toJSON(): Decision {
    const { listed: _listed, ...values } = this;
    return {
      ...values,
      candidates: this.candidates,
      holdPicoUsd: this.holdPicoUsd,
      cacheDirective: this.cacheDirective,
    };
  }
}
