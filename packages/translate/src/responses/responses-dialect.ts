import type { Maker } from "../neutral/content.ts";

/** How a vendor's Responses wire deviates; data, no code. */
export type ResponsesDialect = {
  /** Who makes the encrypted reasoning there. */
  readonly maker: Maker;
  /** Top-level request fields that are refused or ignored there. */
  readonly unsupportedParameters: readonly string[];
  /** Efforts understood, from low to high. */
  readonly reasoningEfforts: readonly string[];
  /** Word for "do not reason"; `null` = the field is left out. */
  readonly reasoningOffWord: string | null;
};

/** OpenAI's own: https://platform.openai.com/docs/api-reference/responses/create */
export const canonicalResponsesDialect: ResponsesDialect = {
  maker: "openai",
  unsupportedParameters: ["top_k", "frequency_penalty", "presence_penalty"],
  reasoningEfforts: ["minimal", "low", "medium", "high", "xhigh"],
  reasoningOffWord: "none",
};

/** Whose encrypted reasoning stands bare on this wire. */
export const ownMaker: Maker = "openai";
export const reasoningSlot = { maker: ownMaker, place: { on: "reasoning" } } as const;
