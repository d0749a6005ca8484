import type { NeutralRequest, ReasoningEffort } from "./request.ts";

/** A level of reasoning that is on. */
export type EffortLevel = Exclude<ReasoningEffort, "off">;

/** From least to most. */
export const effortLevels: readonly EffortLevel[] = [
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
];

/** Tokens to think with where nobody says how many (docs/contract.md §10). */
export const defaultBudgetTokens = 8000;

/** What a budget means as a level (docs/contract.md §10). */
export const effortOfBudget = (tokens: number): EffortLevel => {
  if (tokens < 5000) return "low";
  return tokens < 15_000 ? "medium" : "high";
};

/**
 * The level a request asks for, in whatever words; `undefined` = it says nothing. Adaptive thinking is as
 * Anthropic has it by default: high.
 */
export const askedEffort = (request: NeutralRequest): ReasoningEffort | undefined => {
  const { reasoningEffort, reasoningBudgetTokens, adaptiveReasoning } = request;
  if (reasoningEffort !== undefined) return reasoningEffort;
  if (reasoningBudgetTokens !== undefined) return effortOfBudget(reasoningBudgetTokens);
  return adaptiveReasoning === true ? "high" : undefined;
};

const budgets: Readonly<Record<Exclude<EffortLevel, "max">, number>> = {
  minimal: 2048,
  low: 2048,
  medium: 8000,
  high: 16_000,
  xhigh: 32_000,
};

/** What a level means as a budget; `max` = the model's limit. */
export const budgetOfEffort = (effort: EffortLevel, limitTokens: number): number =>
  effort === "max" ? limitTokens : Math.min(budgets[effort], limitTokens);

/** The level itself if it is among those understood, else the nearest lower one, else the lowest. */
export const nearestEffort = (
  effort: EffortLevel,
  understood: readonly string[],
): string | undefined => {
  if (understood.includes(effort)) return effort;
  const lower = effortLevels.slice(0, effortLevels.indexOf(effort)).toReversed();
  return lower.find((level) => understood.includes(level)) ?? understood[0];
};
