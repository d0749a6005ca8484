import { decodeByteText, parseByteText, stringifyAscii } from "../bytes/raw-body.ts";
import type { RawChatReply, RawProviderReply } from "../chat/raw-reply.ts";
import { spliceObject } from "../json/splice-object.ts";
import { scanTopLevel } from "../json/top-level-spans.ts";
import { decodeMessagesReply } from "./decode-reply.ts";

/** Checks that Anthropic's body is an answer and keeps it as byte text. */
export const readRawMessagesReply = (byteText: string): RawChatReply => {
  let json: unknown;
  try {
    json = parseByteText(decodeByteText(byteText));
  } catch {
    return { ok: false, reason: "The answer is not JSON." };
  }
  const decoded = decodeMessagesReply(json);
  if (!decoded.ok) return decoded;
  const reply: RawProviderReply = {
    kind: "raw",
    byteText,
    spans: scanTopLevel(byteText),
    hasId: decoded.reply.id !== null,
  };
  return { ok: true, reply, usage: decoded.reply.usage };
};

/** The provider's body, as byte text, with our `routing_metadata`; nothing else is touched. */
export const finishRawMessagesReply = (
  { byteText, spans }: RawProviderReply,
  routingMetadata: unknown,
): string =>
  spliceObject(byteText, spans, { set: { routing_metadata: stringifyAscii(routingMetadata) } });
