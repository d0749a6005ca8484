import type { Usage } from "@pointsman/core";
import { decodeUtf8 } from "../bytes/utf8.ts";
import { asArray, asRecord } from "../json/read.ts";
import type { NeutralChoice } from "../neutral/request.ts";
import type { ProviderReply } from "../neutral/reply.ts";
import { canonicalChatDialect } from "./chat-dialect.ts";
import type { ReplyFailure } from "./decode-reply.ts";
import { decodeChatReply } from "./decode-reply.ts";
import { renderUsage } from "./render-usage.ts";
import { spliceObject } from "./splice-object.ts";
import { scanTopLevel } from "./top-level-spans.ts";

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
  body: Uint8Array,
  json: unknown,
  choices: readonly NeutralChoice[],
): Uint8Array => {
  const rewritten = asArray(asRecord(json)?.["choices"]).map((choice, place) => {
    const { finish, native } = choices[place] ?? { finish: "stop", native: null };
    const word = native === null ? {} : { native_finish_reason: native };
    return { ...asRecord(choice), finish_reason: finish, ...word };
  });
  return spliceObject(body, scanTopLevel(body), { set: { choices: JSON.stringify(rewritten) } });
};

/**
 * Checks that a canonical upstream's body is an answer and keeps its bytes. It is parsed once: a body
 * that is forwarded must be JSON to its end. Bytes change only where a finish reason is not ours.
 */
export const readRawChatReply = (body: Uint8Array): RawChatReply => {
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(body));
  } catch {
    return { ok: false, reason: "The answer is not JSON." };
  }
  const decoded = decodeChatReply(json, canonicalChatDialect);
  if (!decoded.ok) return decoded;
  const { id, model, usage, choices } = decoded.reply;
  const exact = choices.every(({ native }) => native === null)
    ? body
    : withOurWords(body, json, choices);
  const spans = scanTopLevel(exact);
  return { ok: true, reply: { kind: "raw", body: exact, spans, id, model }, usage };
};

export type FinishRawChatReplyOptions = {
  /** What the caller is told it used; `null` leaves `usage` out. */
  readonly usage: Usage | null;
  readonly routingMetadata: unknown;
  /** Id where the provider gave none. */
  readonly fallbackId?: string;
};

/** The provider's bytes with our `usage` and `routing_metadata`; nothing else is touched. */
export const finishRawChatReply = (
  reply: RawProviderReply,
  { usage, routingMetadata, fallbackId }: FinishRawChatReplyOptions,
): Uint8Array => {
  const id = reply.id === null ? fallbackId : undefined;
  return spliceObject(reply.body, reply.spans, {
    drop: usage === null ? ["usage"] : [],
    set: {
      ...(id === undefined ? {} : { id: JSON.stringify(id) }),
      ...(usage === null ? {} : { usage: JSON.stringify(renderUsage(usage)) }),
      routing_metadata: JSON.stringify(routingMetadata),
    },
  });
};
