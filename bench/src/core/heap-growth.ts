import type { Subject } from "./subjects.ts";

/** Operations whose memory is looked at. */
export const heapOperations = 100_000;

/**
 * Bytes of heap that 100 000 operations leave behind, garbage collected before and after; `null`
 * without `--expose-gc`.
 */
export const heapGrowthBytes = ({ loop }: Subject): number | null => {
  const { gc } = globalThis;
  if (gc === undefined) return null;
  loop(heapOperations / 10);
  gc();
  const before = process.memoryUsage().heapUsed;
  const result = loop(heapOperations);
  gc();
  const grown = process.memoryUsage().heapUsed - before;
  if (Number.isNaN(result)) throw new Error("a result was no number");
  return grown;
};
