import type { GeminiDialect } from "@pointsman/translate";
import { plainGeminiDialect } from "@pointsman/translate";

/** What sets a family of models apart; the first whose pattern fits a model's name counts. */
type Family = { readonly pattern: RegExp; readonly dialect: GeminiDialect };

const budget = (leastTokens: number, mostTokens: number): GeminiDialect => ({
  thinking: { by: "budget", leastTokens, mostTokens },
  needsCallSignatures: false,
});

const levels = (...words: readonly string[]): GeminiDialect => ({
  thinking: { by: "level", levels: words },
  needsCallSignatures: true,
});

/**
 * Levels and budgets: https://ai.google.dev/gemini-api/docs/thinking; signatures that calls must carry:
 * https://ai.google.dev/gemini-api/docs/thought-signatures.
 */
const families: readonly Family[] = [
  { pattern: /gemini-2\.5-flash-image/, dialect: plainGeminiDialect },
  { pattern: /gemini-2\.5-pro/, dialect: budget(128, 32_768) },
  { pattern: /gemini-2\.5-flash/, dialect: budget(0, 24_576) },
  { pattern: /gemini-(?:[01]\.|2\.0)|gemma|learnlm/, dialect: plainGeminiDialect },
  { pattern: /gemini-3-pro/, dialect: levels("low", "high") },
  { pattern: /gemini-3(?:\.\d+)?-flash/, dialect: levels("minimal", "low", "medium", "high") },
];

/** Later models speak as Gemini 3 does. */
const newest = levels("low", "medium", "high");

/** How to speak to a model. */
export const dialectOf = (providerModelId: string): GeminiDialect =>
  families.find(({ pattern }) => pattern.test(providerModelId))?.dialect ?? newest;
