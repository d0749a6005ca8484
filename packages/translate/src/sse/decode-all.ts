import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";

/** Everything a decoder makes of these bytes. */
export const decodeAll = (
  decoder: StreamDecoder,
  chunks: readonly Uint8Array[],
): readonly StreamItem[] => {
  const items: StreamItem[] = [];
  for (const chunk of chunks) decoder.push(chunk, items);
  decoder.end(items);
  return items;
};
