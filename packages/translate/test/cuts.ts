import * as fc from "fast-check";
import type { StreamDecoder, StreamItem } from "../src/index.ts";

/** Everything a decoder makes of bytes that arrive cut at `cuts`. */
export const decodeCut = (
  decoder: StreamDecoder,
  bytes: Uint8Array,
  cuts: readonly number[] = [],
): readonly StreamItem[] => {
  const items: StreamItem[] = [];
  let from = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    const to = Math.min(cut, bytes.length);
    decoder.push(bytes.slice(from, to), items);
    from = to;
  }
  decoder.end(items);
  return items;
};

/** The property that no cut of the bytes changes what they say. */
export const cutsChangeNothing = (
  create: () => StreamDecoder,
  bytes: Uint8Array,
  runs = 30,
): void => {
  const whole = JSON.stringify(decodeCut(create(), bytes));
  const cuts = fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (at) => JSON.stringify(decodeCut(create(), bytes, at)) === whole),
    { numRuns: runs },
  );
  // Byte by byte, where it is cheap enough.
  if (bytes.length > 20_000) return;
  const all = Array.from({ length: bytes.length }, (_, at) => at);
  if (JSON.stringify(decodeCut(create(), bytes, all)) !== whole) throw new Error("byte by byte");
};
