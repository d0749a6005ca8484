/** How a family of Gemini models is told how long to think. */
export type GeminiThinking =
  /** Levels understood, from low to high (Gemini 3). */
  | { readonly by: "level"; readonly levels: readonly string[] }
  /** Tokens; `leastTokens` = 0: thinking can be switched off (Gemini 2.5). */
  | { readonly by: "budget"; readonly leastTokens: number; readonly mostTokens: number }
  | { readonly by: "nothing" };

/** How a family of models on Google's wire deviates; data, no code. */
export type GeminiDialect = {
  readonly thinking: GeminiThinking;
  /** A call in the present turn without a signature is refused (Gemini 3). */
  readonly needsCallSignatures: boolean;
};

/** Models that do not think. */
export const plainGeminiDialect: GeminiDialect = {
  thinking: { by: "nothing" },
  needsCallSignatures: false,
};

/** Who makes the signatures of this wire. */
export const geminiMaker = "google";
