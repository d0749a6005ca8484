import type { Usage } from "@pointsman/core";
import { isRecord, parseJson, readErrorBody } from "@pointsman/provider";
import type { ReadReply } from "@pointsman/provider";
import { decodeChatReply, readRawChatReply } from "@pointsman/translate";
import type { ChatDialect, ProviderErrorInfo, ProviderReply } from "@pointsman/translate";

/** An error in a shape of its own (MiniMax's `base_resp`, `{object: "error", message}`), where no choice stands. */
const errorWithoutChoices = (body: Uint8Array): ProviderErrorInfo | null => {
  const json = parseJson(body);
  if (!isRecord(json)) return null;
  const choices = json["choices"];
  return Array.isArray(choices) && choices.length > 0 ? null : readErrorBody(json);
};

type Decoded =
  | { readonly ok: true; readonly reply: ProviderReply; readonly usage: Usage | null }
  | { readonly ok: false; readonly reason: string; readonly error?: ProviderErrorInfo };

const decodeNeutral = (body: Uint8Array, dialect: ChatDialect): Decoded => {
  const json = parseJson(body);
  if (json === undefined) return { ok: false, reason: "The answer is not JSON." };
  const decoded = decodeChatReply(json, dialect);
  if (!decoded.ok) return decoded;
  const { reply } = decoded;
  return { ok: true, reply: { kind: "neutral", reply }, usage: reply.usage };
};

/** Reads a whole answer; `raw` keeps its bytes. */
export const readReply = (
  body: Buffer,
  options: { readonly dialect: ChatDialect; readonly raw: boolean },
): ReadReply => {
  const read: Decoded = options.raw
    ? readRawChatReply(body.toString("latin1"))
    : decodeNeutral(body, options.dialect);
  if (read.ok) return { kind: "answer", reply: read.reply, usage: read.usage };
  const error = read.error ?? errorWithoutChoices(body);
  return error === null ? { kind: "broken", message: read.reason } : { kind: "told", error };
};
