import { decodeByteText, parseByteText, stringifyAscii } from "../bytes/raw-body.ts";
import type { RawChatReply, RawProviderReply } from "../chat/raw-reply.ts";
import { asRecord } from "../json/read.ts";
import { spliceObject } from "../json/splice-object.ts";
import { scanTopLevel } from "../json/top-level-spans.ts";
import { decodeResponsesReply } from "./decode-reply.ts";
import { ownMaker } from "./responses-dialect.ts";
import { outputTextOf, responseDefaults } from "./render-response.ts";
import type { ResponsesRequest } from "./responses-request-schema.ts";

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

/**
 * The provider's body, as byte text, with our `routing_metadata`, and with the members that every response
 * has where it lacks them; nothing else is touched.
 */
export const finishRawResponsesReply = (
  { byteText, spans }: RawProviderReply,
  routingMetadata: unknown,
  {
    request,
    createdSeconds,
  }: { readonly request: ResponsesRequest; readonly createdSeconds: number },
): string => {
  const present = new Set(spans.map(({ key }) => key));
  const isWhole = spans.some(
    ({ key, valueStart, valueEnd }) =>
      key === "status" && byteText.slice(valueStart, valueEnd) === '"completed"',
  );
  const defaults = responseDefaults(request, { completedSeconds: isWhole ? createdSeconds : null });
  const missing = Object.entries(defaults).filter(([key]) => !present.has(key));
  const set: Record<string, string> = Object.fromEntries(
    missing.map(([key, value]) => [key, stringifyAscii(value)]),
  );
  set["routing_metadata"] = stringifyAscii(routingMetadata);
  return spliceObject(byteText, spans, { set });
};
