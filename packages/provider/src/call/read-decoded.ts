import type { DecodedReply, RawChatReply } from "@pointsman/translate";
import { readErrorBody } from "../failure/error-body.ts";
import { parseJson } from "../json.ts";
import type { ReadReply } from "./answer-wire.ts";

/** Reads a whole answer by a codec; JSON that is none may be an error in the vendor's own shape. */
export const readDecodedReply = (
  body: Uint8Array,
  decode: (json: unknown) => DecodedReply,
): ReadReply => {
  const json = parseJson(body);
  if (json === undefined) return { kind: "broken", message: "The answer is not JSON." };
  const decoded = decode(json);
  if (decoded.ok) {
    const { reply } = decoded;
    return { kind: "answer", reply: { kind: "neutral", reply }, usage: reply.usage };
  }
  const error = decoded.error ?? readErrorBody(json);
  return error === null ? { kind: "broken", message: decoded.reason } : { kind: "told", error };
};

/** Reads a whole answer whose bytes may go out as they are; `read` checks that it is one. */
export const readRawReply = (body: Buffer, read: (byteText: string) => RawChatReply): ReadReply => {
  const raw = read(body.toString("latin1"));
  if (raw.ok) return { kind: "answer", reply: raw.reply, usage: raw.usage };
  return raw.error === undefined
    ? { kind: "broken", message: raw.reason }
    : { kind: "told", error: raw.error };
};
