import type { Usage } from "@pointsman/core";
import { decodeByteText, parseByteText, stringifyAscii } from "../bytes/raw-body.ts";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asRecord } from "../json/read.ts";
import type { NeutralChoice } from "../neutral/request.ts";
import type { ProviderReply } from "../neutral/reply.ts";
import { canonicalChatDialect } from "./chat-dialect.ts";
import type { ReplyFailure } from "../neutral/decoded-reply.ts";
import { decodeChatReply } from "./decode-reply.ts";
import { decodeChatUsage, findChatUsage } from "./decode-usage.ts";
import { renderUsage } from "./render-usage.ts";
import { spliceObject } from "../json/splice-object.ts";
import type { TopLevelSpan } from "../json/top-level-spans.ts";
import { scanTopLevel } from "../json/top-level-spans.ts";

export type RawProviderReply = Extract<ProviderReply, { kind: "raw" }>;

export type RawChatReply =
  | {
      readonly ok: true;
      readonly reply: RawProviderReply;
      /** `null` = the provider reported none. */
      readonly usage: Usage | null;
    }
  | ReplyFailure;

/** The body with our finish reasons, the provider's own beside them. */
const withOurWords = (
  byteText: string,
  json: unknown,
  choices: readonly NeutralChoice[],
): string => {
  const rewritten = asArray(asRecord(json)?.["choices"]).map((choice, place) => {
    const { finish, native } = choices[place] ?? { finish: "stop", native: null };
    const word = native === null ? {} : { native_finish_reason: native };
    return { ...asRecord(choice), finish_reason: finish, ...word };
  });
  return spliceObject(byteText, scanTopLevel(byteText), {
    set: { choices: stringifyAscii(rewritten) },
  });
};

/** A choice that `decodeChatReply` takes and that goes out as it is: text or calls, and one of our words. */
const isPlainChoice = (value: unknown): boolean => {
  const choice = asRecord(value);
  const message = asRecord(choice?.["message"]);
  if (choice === null || message === null) return false;
  const word = choice["finish_reason"];
  if (typeof message["content"] !== "string" || typeof word !== "string") return false;
  const calls = message["tool_calls"] ?? message["function_call"] ?? null;
  return calls === null && (word === "stop" || word === "length" || word === "content_filter");
};

const isPlainReply = (json: unknown): json is JsonRecord => {
  const reply = asRecord(json);
  if (reply === null || (reply["error"] ?? null) !== null) return false;
  const choices = asArray(reply["choices"]);
  return choices.length > 0 && choices.every(isPlainChoice);
};

const rawReply = (byteText: string, json: JsonRecord): RawProviderReply => ({
  kind: "raw",
  byteText,
  spans: scanTopLevel(byteText),
  hasId: asFilledString(json["id"]) !== null,
});

/**
 * Checks that a canonical upstream's body is an answer and keeps it as byte text. It is parsed once: a
 * body that is forwarded must be JSON to its end. It changes only where a finish reason is not ours. Most
 * answers are seen at a glance to need no change; all others are decoded whole.
 */
export const readRawChatReply = (byteText: string): RawChatReply => {
  let json: unknown;
  try {
    json = parseByteText(byteText);
  } catch {
    return { ok: false, reason: "The answer is not JSON." };
  }
  if (isPlainReply(json)) {
    const usage = decodeChatUsage(findChatUsage(json), canonicalChatDialect);
    return { ok: true, reply: rawReply(byteText, json), usage };
  }
  // Told to the caller, so as it is meant.
  json = parseByteText(decodeByteText(byteText));
  const decoded = decodeChatReply(json, canonicalChatDialect);
  if (!decoded.ok) return decoded;
  const { usage, choices } = decoded.reply;
  const exact = choices.every(({ native }) => native === null)
    ? byteText
    : withOurWords(byteText, json, choices);
  return { ok: true, reply: rawReply(exact, asRecord(json) ?? {}), usage };
};

export type FinishRawChatReplyOptions = {
  /** What the caller is told it used; `null` leaves `usage` out. */
  readonly usage: Usage | null;
  readonly routingMetadata: unknown;
  /** Id where the provider gave none. */
  readonly fallbackId?: string;
};

const isUsage = ({ key }: TopLevelSpan): boolean => key === "usage";

/** The provider's body, as byte text, with our `usage` and `routing_metadata`; nothing else is touched. */
export const finishRawChatReply = (
  { byteText, spans, hasId }: RawProviderReply,
  { usage, routingMetadata, fallbackId }: FinishRawChatReplyOptions,
): string => {
  const set: Record<string, string> = {};
  if (!hasId && fallbackId !== undefined) set["id"] = stringifyAscii(fallbackId);
  if (usage !== null) set["usage"] = JSON.stringify(renderUsage(usage));
  set["routing_metadata"] = stringifyAscii(routingMetadata);
  return spliceObject(byteText, spans, usage === null ? { drop: isUsage, set } : { set });
};
