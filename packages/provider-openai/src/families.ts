import type { ResponsesDialect } from "@pointsman/translate";
import { canonicalResponsesDialect } from "@pointsman/translate";

/** What sets a family of models apart; the first whose pattern fits a model's name counts. */
type Family = {
  readonly pattern: RegExp;
  readonly reasoningEfforts: readonly string[];
  readonly reasoningOffWord: string | null;
};

/** Levels by model: https://platform.openai.com/docs/guides/reasoning and the models' own pages. */
const families: readonly Family[] = [
  {
    pattern: /^(?:o\d|codex-mini|computer-use)/,
    reasoningEfforts: ["low", "medium", "high"],
    reasoningOffWord: null,
  },
  {
    pattern: /^gpt-5(?:-|$)/,
    reasoningEfforts: ["minimal", "low", "medium", "high"],
    reasoningOffWord: null,
  },
  {
    pattern: /^gpt-5\.1(?:-|$)/,
    reasoningEfforts: ["low", "medium", "high"],
    reasoningOffWord: "none",
  },
  {
    pattern: /^gpt-(?:5\.|[6-9])/,
    reasoningEfforts: ["low", "medium", "high", "xhigh"],
    reasoningOffWord: "none",
  },
];

/** Models that refuse a level of reasoning beside tools on the chat wire: GPT-5.4 and later. */
const splitsToolsAndEffort = /^gpt-(?:5\.(?:[4-9]|\d\d)|[6-9])/;

/** How to speak to a model on the Responses wire. */
export const dialectOf = (providerModelId: string): ResponsesDialect => {
  const family = families.find(({ pattern }) => pattern.test(providerModelId));
  if (family === undefined) return { ...canonicalResponsesDialect, reasoningOffWord: null };
  const { reasoningEfforts, reasoningOffWord } = family;
  return { ...canonicalResponsesDialect, reasoningEfforts, reasoningOffWord };
};

/** Whether a model takes tools and a level of reasoning together only on the Responses wire. */
export const needsResponsesForTools = (providerModelId: string): boolean =>
  splitsToolsAndEffort.test(providerModelId);
