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

/** Consecutive `raw` items as one, bytes as text: how many reads they came in says nothing. */
export const mergedRaw = (items: readonly StreamItem[]): readonly unknown[] => {
  const out: unknown[] = [];
  let raw: { bytes: string; content: boolean } | null = null;
  for (const item of items) {
    if (item.kind !== "raw") {
      raw = null;
      out.push(item);
      continue;
    }
    if (raw === null) out.push((raw = { bytes: "", content: false }));
    raw.bytes += Buffer.from(item.bytes).toString("latin1");
    raw.content ||= item.content;
  }
  return out;
};

/** The property that no cut of the bytes changes what they say. */
export const cutsChangeNothing = (
  create: () => StreamDecoder,
  bytes: Uint8Array,
  runs = 30,
): void => {
  const read = (cuts?: readonly number[]): string =>
    JSON.stringify(mergedRaw(decodeCut(create(), bytes, cuts)));
  const whole = read();
  const cuts = fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (at) => read(at) === whole),
    { numRuns: runs },
  );
  // Byte by byte, where it is cheap enough.
  if (bytes.length > 20_000) return;
  const all = Array.from({ length: bytes.length }, (_, at) => at);
  if (read(all) !== whole) throw new Error("byte by byte");
};
