import type { MessagesDialect, MessagesThinking } from "@pointsman/translate";

/** What sets a family of models apart; the first whose pattern fits a model's name counts. */
type Family = {
  readonly pattern: RegExp;
  readonly dialect: Omit<MessagesDialect, "maxOutputTokens">;
  /** Where the offering does not say. */
  readonly maxOutputTokens: number;
};

const nothing: MessagesThinking = { by: "nothing" };
const budget: MessagesThinking = { by: "budget", efforts: [] };
const budgetAndEffort: MessagesThinking = { by: "budget", efforts: ["low", "medium", "high"] };
const adaptive = (...efforts: readonly string[]): MessagesThinking => ({
  by: "adaptive",
  efforts,
});
/** From Opus 4.7 the text of the thinking is left out unless it is asked for. */
const hidden = (...efforts: readonly string[]): MessagesThinking => ({
  by: "adaptive",
  efforts,
  hidden: true,
});

/**
 * Thinking by model: https://docs.anthropic.com/en/docs/build-with-claude/adaptive-thinking and
 * …/extended-thinking; levels: …/effort; structured outputs: …/structured-outputs; largest answers:
 * https://docs.anthropic.com/en/docs/about-claude/models/overview
 */
const families: readonly Family[] = [
  {
    pattern: /claude-(?:instant|2|3-(?:haiku|opus|sonnet)|3-5)/,
    dialect: { thinking: nothing, structuredOutput: false, sampling: "both" },
    maxOutputTokens: 4096,
  },
  {
    pattern: /claude-3-7/,
    dialect: { thinking: budget, structuredOutput: false, sampling: "both" },
    maxOutputTokens: 64_000,
  },
  {
    pattern: /claude-(?:sonnet|opus)-4(?:-2025|-0|@|$)/,
    dialect: { thinking: budget, structuredOutput: false, sampling: "both" },
    maxOutputTokens: 32_000,
  },
  {
    pattern: /claude-opus-4-1/,
    dialect: { thinking: budget, structuredOutput: true, sampling: "one" },
    maxOutputTokens: 32_000,
  },
  {
    pattern: /claude-(?:sonnet|haiku)-4-5/,
    dialect: { thinking: budget, structuredOutput: true, sampling: "one" },
    maxOutputTokens: 64_000,
  },
  {
    pattern: /claude-opus-4-5/,
    dialect: { thinking: budgetAndEffort, structuredOutput: true, sampling: "one" },
    maxOutputTokens: 64_000,
  },
  {
    pattern: /claude-(?:sonnet|opus)-4-6/,
    dialect: {
      thinking: adaptive("low", "medium", "high", "max"),
      structuredOutput: true,
      sampling: "one",
    },
    maxOutputTokens: 64_000,
  },
  {
    pattern: /claude-opus-4-7/,
    dialect: {
      thinking: hidden("low", "medium", "high", "xhigh", "max"),
      structuredOutput: true,
      sampling: "none",
    },
    maxOutputTokens: 128_000,
  },
];

/** Later models speak as the last known do. */
const newest: Omit<Family, "pattern"> = {
  dialect: {
    thinking: hidden("low", "medium", "high", "max"),
    structuredOutput: true,
    sampling: "none",
  },
  maxOutputTokens: 64_000,
};

/** How to speak to a model; `maxOutputTokens` = what the offering says, `null` = nothing. */
export const dialectOf = (
  providerModelId: string,
  maxOutputTokens: number | null,
): MessagesDialect => {
  const family = families.find(({ pattern }) => pattern.test(providerModelId)) ?? newest;
  return { ...family.dialect, maxOutputTokens: maxOutputTokens ?? family.maxOutputTokens };
};
