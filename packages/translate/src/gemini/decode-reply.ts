import type { DecodedReply } from "../neutral/decoded-reply.ts";
import { decodedReplyOf } from "../neutral/decoded-reply.ts";
import { asRecord } from "../json/read.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { GeminiChunks } from "./decode-stream.ts";

/** A generateContent answer, or the list of chunks that streaming without `alt=sse` gives, in neutral form. */
export const decodeGeminiReply = (json: unknown): DecodedReply => {
  const chunks = Array.isArray(json) ? json : [json];
  const decoder = new GeminiChunks();
  const items: StreamItem[] = [];
  for (const entry of chunks) {
    const chunk = asRecord(entry);
    if (chunk === null) return { ok: false, reason: "The answer is not a JSON object." };
    decoder.push(chunk, items);
  }
  return decodedReplyOf(items);
};
