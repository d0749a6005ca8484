import { decodeByteText, parseByteText, stringifyAscii } from "../bytes/raw-body.ts";
import type { RawChatReply, RawProviderReply } from "../chat/raw-reply.ts";
import { asRecord } from "../json/read.ts";
import { spliceObject } from "../json/splice-object.ts";
import { scanTopLevel } from "../json/top-level-spans.ts";
import { decodeResponsesReply } from "./decode-reply.ts";
import { ownMaker } from "./responses-dialect.ts";
import { outputTextOf } from "./render-response.ts";

/** Checks that OpenAI's body is an answer and keeps it as byte text, with the text clients look for. */
export const readRawResponsesReply = (byteText: string): RawChatReply => {
  let json: unknown;
  try {
    json = parseByteText(decodeByteText(byteText));
  } catch {
    return { ok: false, reason: "The answer is not JSON." };
  }
  const decoded = decodeResponsesReply(json, ownMaker);
  if (!decoded.ok) return decoded;
  const output = asRecord(json)?.["output"];
  const text = outputTextOf(Array.isArray(output) ? output : []);
  const whole = spliceObject(byteText, scanTopLevel(byteText), {
    set: { output_text: stringifyAscii(text) },
  });
  const reply: RawProviderReply = {
    kind: "raw",
    byteText: whole,
    spans: scanTopLevel(whole),
    hasId: decoded.reply.id !== null,
  };
  return { ok: true, reply, usage: decoded.reply.usage };
};

/** The provider's body, as byte text, with our `routing_metadata`; nothing else is touched. */
export const finishRawResponsesReply = (
  { byteText, spans }: RawProviderReply,
  routingMetadata: unknown,
): string =>
  spliceObject(byteText, spans, { set: { routing_metadata: stringifyAscii(routingMetadata) } });
