/**
 * Ends of the bins in which pauses are counted, ms: between two turns of a conversation, and between
 * two uses of a cached prefix. The last bin has no end.
 */
export const GAP_ENDS_MS: readonly number[] = [
  10_000, 60_000, 180_000, 300_000, 600_000, 1_800_000, 3_600_000,
];

/** Bins of one row of a table, the open one included. */
export const GAP_BINS = 8;

/** The bin a pause falls into. */
export const gapBin = (gapMs: number): number => {
  if (gapMs < 180_000) return gapMs < 10_000 ? 0 : gapMs < 60_000 ? 1 : 2;
  if (gapMs < 600_000) return gapMs < 300_000 ? 3 : 4;
  return gapMs < 1_800_000 ? 5 : gapMs < 3_600_000 ? 6 : 7;
};
