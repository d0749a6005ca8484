import { collectReply } from "./collect-reply.ts";
import type { NeutralReply } from "./request.ts";
import type { ProviderErrorInfo, StreamItem } from "./stream-item.ts";

/** JSON that holds no answer. */
export type ReplyFailure = {
  readonly ok: false;
  /** One sentence, no content of the answer. */
  readonly reason: string;
  /** What the provider told, if it told anything. */
  readonly error?: ProviderErrorInfo;
};

/** A provider's whole answer, decoded. */
export type DecodedReply = { readonly ok: true; readonly reply: NeutralReply } | ReplyFailure;

/** The steps of a whole answer as a reply; without a finish it is none. */
export const decodedReplyOf = (items: readonly StreamItem[]): DecodedReply => {
  const collected = collectReply(items);
  switch (collected.kind) {
    case "reply": {
      const { reply } = collected;
      const isEmpty = reply.choices.every(
        ({ parts, finish }) => parts.length === 0 && finish === "stop",
      );
      return isEmpty ? { ok: false, reason: "The answer is empty." } : { ok: true, reply };
    }
    case "error":
      return {
        ok: false,
        reason: "The provider answered with an error.",
        error: collected.error,
      };
    case "unfinished":
    default:
      return { ok: false, reason: "The answer has no end." };
  }
};
