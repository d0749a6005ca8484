import type { DayWindow, PricePeriod } from "@pointsman/core";
import { picoUsdPerPiece } from "./pico-usd.ts";
import { ratesOf } from "./rate-table.ts";
import type { RateTable } from "./rate-table.ts";

/** A price period before it is merged: rates in USD per million tokens, possibly incomplete. */
export type PriceDraft = {
  readonly fromMs: number | null;
  readonly dayWindows: readonly DayWindow[];
  readonly rates: RateTable;
  readonly tiers: readonly { readonly abovePromptTokens: number; readonly rates: RateTable }[];
  readonly requestUsdPerThousand: number;
  readonly webSearchUsdPerThousand: number;
  /** Searches in stored files. */
  readonly fileSearchUsdPerThousand: number;
};

const complete = (table: RateTable): (RateTable & { input: number; output: number }) | null =>
  table.input === undefined || table.output === undefined
    ? null
    : { ...table, input: table.input, output: table.output };

/**
 * A draft as core's period, `null` if it has no input or no output rate. A tier takes the base
 * rate of whatever it does not state itself. Both sources' tiers re-price the whole request.
 */
export const periodOf = (draft: PriceDraft): PricePeriod | null => {
  const base = complete(draft.rates);
  if (base === null) return null;
  return {
    fromMs: draft.fromMs,
    dayWindows: draft.dayWindows,
    rates: ratesOf(base),
    tiers: draft.tiers.map((tier) => ({
      abovePromptTokens: tier.abovePromptTokens,
      rates: ratesOf({ ...base, ...tier.rates }),
    })),
    tierMode: "whole_request",
    requestFeePicoUsd: picoUsdPerPiece(draft.requestUsdPerThousand),
    webSearchPicoUsd: picoUsdPerPiece(draft.webSearchUsdPerThousand),
    fileSearchPicoUsd: picoUsdPerPiece(draft.fileSearchUsdPerThousand),
    cacheStoragePicoUsdPerTokenHour: 0,
  };
};
