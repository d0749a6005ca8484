import { decodeProviderError } from "../chat/provider-error.ts";
import { isRecord } from "../json/read.ts";
import type { DecodedReply } from "../neutral/decoded-reply.ts";
import { decodedReplyOf } from "../neutral/decoded-reply.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { MessagesEvents } from "./decode-stream.ts";

/** A Messages answer in neutral form; it reads like the first event of a stream that holds everything. */
export const decodeMessagesReply = (json: unknown): DecodedReply => {
  if (!isRecord(json)) return { ok: false, reason: "The answer is not a JSON object." };
  if (json["type"] === "error" || json["error"] !== undefined) {
    const error = decodeProviderError(json["error"]);
    return { ok: false, reason: "The provider answered with an error.", error };
  }
  const items: StreamItem[] = [];
  new MessagesEvents().push("message_start", { type: "message_start", message: json }, items);
  return decodedReplyOf(items);
};
