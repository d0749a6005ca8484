import { renumberPlaces } from "../cache/prefix-index.ts";
import type { Learned } from "./router-state.ts";
import { keepSlots } from "./slots.ts";

/** Share that stays when the table is full: making room is rare, since every prefix has to be looked at. */
const KEPT = 0.75;

/**
 * Makes room for new slots in a table of at most `limit`. Callers' own keys go before the platform's
 * accounts; of either, those that may be tried before those that rest (what is forgotten of them would be
 * found out again at a caller's expense), and of these the least recently used.
 */
export const forgetSlots = (learned: Learned, limit: number, nowMs: number): void => {
  const { slots } = learned;
  const isResting = (slot: number): number => Number((slots.restUntilMs[slot] ?? 0) > nowMs);
  const order = slots.offering
    .map((_, slot) => slot)
    .sort(
      (a, b) =>
        (slots.byok[a] ?? 0) - (slots.byok[b] ?? 0) ||
        isResting(b) - isResting(a) ||
        (slots.usedMs[b] ?? 0) - (slots.usedMs[a] ?? 0) ||
        a - b,
    );
  const stays = new Set(order.slice(0, Math.floor(limit * KEPT)));
  const kept = keepSlots(slots, (slot) => (stays.has(slot) ? (slots.offering[slot] ?? -1) : -1));
  learned.slots = kept.slots;
  renumberPlaces(learned.prefixes, (slot) => kept.numbers[slot] ?? -1);
};
