import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createMinHeap } from "./min-heap.ts";

it("gives items back by key, equal keys in the order they went in", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (keys) => {
      const heap = createMinHeap<readonly [key: number, order: number]>();
      for (const [order, key] of keys.entries()) heap.push(key, [key, order]);
      const sorted = keys.map((key, order) => [key, order] as const).sort(([a], [b]) => a - b);
      expect(keys.map(() => heap.pop())).toEqual(sorted);
      expect([heap.size(), heap.nextKey(), heap.pop()]).toEqual([0, Infinity, undefined]);
    }),
  );
});
