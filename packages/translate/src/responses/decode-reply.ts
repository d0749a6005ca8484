import { decodeProviderError } from "../chat/provider-error.ts";
import { isRecord } from "../json/read.ts";
import type { Maker } from "../neutral/content.ts";
import type { DecodedReply } from "../neutral/decoded-reply.ts";
import { decodedReplyOf } from "../neutral/decoded-reply.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { ResponsesEvents } from "./decode-stream.ts";

/** A Responses answer in neutral form. */
export const decodeResponsesReply = (json: unknown, maker: Maker): DecodedReply => {
  if (!isRecord(json)) return { ok: false, reason: "The answer is not a JSON object." };
  if (!Array.isArray(json["output"])) {
    const told = json["error"];
    return told === undefined || told === null
      ? { ok: false, reason: "The answer holds no output." }
      : {
          ok: false,
          reason: "The provider answered with an error.",
          error: decodeProviderError(told),
        };
  }
  const items: StreamItem[] = [];
  new ResponsesEvents(maker).whole(json, items);
  return decodedReplyOf(items);
};
