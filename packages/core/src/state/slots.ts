import { newAccountRest } from "../health/rest.ts";
import type { AccountRest } from "../health/rest.ts";
import { newRateWindow } from "../health/rate-window.ts";
import type { RateWindow } from "../health/rate-window.ts";

/**
 * Offerings × accounts that were used, one number each, in order of first use. Mutated by the
 * functions of this file and, entry by entry, by `observe`.
 */
export type Slots = {
  /** By offering row: credential id -> slot. */
  readonly byOffering: (Map<string, number> | undefined)[];
  /** Offering row of a slot. */
  readonly offering: number[];
  readonly credential: string[];
  readonly rests: AccountRest[];
  /** Attempts of the last minute; kept only where limits are known. */
  readonly windows: (RateWindow | null)[];
  /** Until when a slot is not to be tried, Unix ms: the longest of its rests. */
  readonly restUntilMs: number[];
  /** 1 = there is a window to be looked at. */
  readonly limited: number[];
  /** Last attempt, Unix ms. */
  readonly usedMs: number[];
  /** 1 = a caller's own key: such accounts come and go. */
  readonly byok: number[];
};

export const newSlots = (): Slots => ({
  byOffering: [],
  offering: [],
  credential: [],
  rests: [],
  windows: [],
  restUntilMs: [],
  limited: [],
  usedMs: [],
  byok: [],
});

/** The slot of an offering on an account, or -1. */
export const slotOf = (slots: Slots, offering: number, credentialId: string): number =>
  slots.byOffering[offering]?.get(credentialId) ?? -1;

/** The same, made if need be. */
export const enterSlot = (
  slots: Slots,
  offering: number,
  credentialId: string,
  limited: boolean,
): number => {
  const known = slotOf(slots, offering, credentialId);
  if (known >= 0) return known;
  const slot = slots.offering.length;
  const accounts = slots.byOffering[offering] ?? new Map<string, number>();
  while (slots.byOffering.length <= offering) slots.byOffering.push(undefined);
  slots.byOffering[offering] = accounts;
  accounts.set(credentialId, slot);
  slots.offering.push(offering);
  slots.credential.push(credentialId);
  slots.rests.push(newAccountRest());
  slots.windows.push(limited ? newRateWindow() : null);
  slots.restUntilMs.push(0);
  slots.limited.push(limited ? 1 : 0);
  slots.usedMs.push(0);
  slots.byok.push(0);
  return slot;
};

/**
 * The slots that `keep` gives a row, renumbered, their rests and windows the same objects; and for every
 * old slot its new number, -1 = gone.
 */
export const keepSlots = (
  slots: Slots,
  keep: (slot: number) => number,
): { readonly slots: Slots; readonly numbers: readonly number[] } => {
  const kept = newSlots();
  const numbers = slots.credential.map((credential, slot) => {
    const row = keep(slot);
    const rest = slots.rests[slot];
    if (row < 0 || rest === undefined) return -1;
    const number = enterSlot(kept, row, credential, false);
    kept.rests[number] = rest;
    kept.windows[number] = slots.windows[slot] ?? null;
    for (const name of ["limited", "restUntilMs", "usedMs", "byok"] as const)
      kept[name][number] = slots[name][slot] ?? 0;
    return number;
  });
  return { slots: kept, numbers };
};
