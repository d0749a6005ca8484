import { emptyUsage } from "@pointsman/core";
import type { Offering, Usage } from "@pointsman/core";
import type { Piece } from "../model/emission.ts";
import type { Ledger } from "../invoice/invoice.ts";

/** Counts one call as it is written, and bills it once. */
export type Meter = {
  /** The prompt has been read: from now on the call costs something. */
  readonly startPrompt: (sizes: PromptSizes) => void;
  readonly addPiece: (piece: Piece) => void;
  readonly usage: () => Usage;
  /** Bills what was counted so far; a second time, or before the prompt was read, it does nothing. */
  readonly bill: () => void;
};

export type PromptSizes = {
  readonly promptTokens: number;
  readonly cacheReadTokens: number;
  /** All whole blocks the cache holds of this prompt, read ones included. */
  readonly cachedTokens: number;
  readonly writeTtl: "5m" | "1h";
};

export type MeterOptions = {
  readonly ledger: Ledger;
  readonly apiKey: string;
  readonly offering: Offering;
  /** Unix ms at which the call arrived; its prices hold. */
  readonly atMs: number;
};

/** Whether an offering asks a price of its own for cache writes. */
const chargesWrites = ({ price }: Offering): boolean =>
  price !== null && price.periods.some((period) => period.rates.cacheWrite5mPicoUsd !== null);

export const createMeter = ({ ledger, apiKey, offering, atMs }: MeterOptions): Meter => {
  let prompt: Usage | null = null;
  let outputTokens = 0;
  let reasoningTokens = 0;
  let isBilled = false;
  const usage = (): Usage => ({ ...(prompt ?? emptyUsage), outputTokens, reasoningTokens });
  return {
    startPrompt: ({ promptTokens, cacheReadTokens, cachedTokens, writeTtl }) => {
      const written = chargesWrites(offering) ? Math.max(0, cachedTokens - cacheReadTokens) : 0;
      prompt = {
        ...emptyUsage,
        inputTokens: promptTokens - cacheReadTokens - written,
        cacheReadTokens,
        ...(writeTtl === "5m" ? { cacheWrite5mTokens: written } : { cacheWrite1hTokens: written }),
      };
    },
    addPiece: (piece) => {
      if (piece.kind === "reasoning") reasoningTokens += piece.tokens;
      else outputTokens += piece.tokens;
    },
    usage,
    bill: () => {
      if (isBilled || prompt === null) return;
      isBilled = true;
      ledger.bill({ apiKey, price: offering.price, usage: usage(), atMs });
    },
  };
};
