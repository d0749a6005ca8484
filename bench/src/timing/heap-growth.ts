import type { Subject } from "./subject.ts";

/**
 * Bytes of heap that so many operations leave behind, garbage collected before and after; `null`
 * without `--expose-gc`.
 */
export const heapGrowthBytes = ({ loop }: Subject, operations: number): number | null => {
  const { gc } = globalThis;
  if (gc === undefined) return null;
  loop(operations / 10);
  gc();
  const before = process.memoryUsage().heapUsed;
  const result = loop(operations);
  gc();
  const grown = process.memoryUsage().heapUsed - before;
  if (Number.isNaN(result)) throw new Error("a result was no number");
  return grown;
};
