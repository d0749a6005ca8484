/** How a family of Claude models is told how long to think (docs/contract.md §10). */
export type MessagesThinking =
  /** The model decides; a level leads it (Claude 4.6 and later). */
  | {
      readonly by: "adaptive";
      readonly efforts: readonly string[];
      /** The text of the thinking comes only if it is asked for. @default false */
      readonly hidden?: boolean;
    }
  /** A budget in tokens, and beside it a level where there are any (Opus 4.5). */
  | { readonly by: "budget"; readonly efforts: readonly string[] }
  | { readonly by: "nothing" };

/** How a family of models on Anthropic's wire deviates; data, no code. */
export type MessagesDialect = {
  readonly thinking: MessagesThinking;
  /** `output_config.format` is understood. */
  readonly structuredOutput: boolean;
  /** Which of temperature and top_p may be sent: both, one of them, or none. */
  readonly sampling: "both" | "one" | "none";
  /** Largest answer, thinking included, tokens. */
  readonly maxOutputTokens: number;
};
