import { decodeProviderError } from "../chat/provider-error.ts";
import { isRecord } from "../json/read.ts";
import { collectReply } from "../neutral/collect-reply.ts";
import type { DecodedReply } from "../neutral/decoded-reply.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { MessagesEvents } from "./decode-stream.ts";

/**
 * A Messages answer in neutral form; it reads like the first event of a stream that holds everything. No
 * blocks at all is an answer too: Anthropic ends a turn so when there is nothing to add.
 */
export const decodeMessagesReply = (json: unknown): DecodedReply => {
  if (!isRecord(json)) return { ok: false, reason: "The answer is not a JSON object." };
  if (json["type"] === "error" || json["error"] !== undefined) {
    const error = decodeProviderError(json["error"]);
    return { ok: false, reason: "The provider answered with an error.", error };
  }
  if (!Array.isArray(json["content"])) return { ok: false, reason: "The answer holds no content." };
  const items: StreamItem[] = [];
  new MessagesEvents().push("message_start", { type: "message_start", message: json }, items);
  const collected = collectReply(items);
  return collected.kind === "reply"
    ? { ok: true, reply: collected.reply }
    : { ok: false, reason: "The answer has no end." };
};
