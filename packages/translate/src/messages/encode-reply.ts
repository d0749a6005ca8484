import type { NeutralReply } from "../neutral/request.ts";
import { itemsOfReply } from "../neutral/reply-items.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import type { AnswerClose, AnswerOptions } from "../surface/surface-encoder.ts";
import { BlockWriter } from "./block-writer.ts";
import { BlockFolder } from "./fold-blocks.ts";
import { renderMessagesUsage } from "./render-usage.ts";
import { encodeStopReason } from "./stop-reason.ts";

/** Citations stand with the last text: an answer that is whole tells them at its end. */
const citationsAtText = (items: readonly StreamItem[]): readonly StreamItem[] => {
  const citations = items.filter(({ kind }) => kind === "annotations");
  const last = items.findLastIndex(({ kind }) => kind === "text");
  if (citations.length === 0 || last === -1) return items;
  const rest = items.slice(last + 1).filter(({ kind }) => kind !== "annotations");
  return [...items.slice(0, last + 1), ...citations, ...rest];
};

/** Ids of this wire begin so. */
export const messageIdOf = (id: string | null, own: string): string =>
  id?.startsWith("msg_") === true ? id : own;

/**
 * The Messages answer of docs/contract.md §18: what a client adds the stream of the same answer up to. Of
 * several choices, which only the chat surface can ask for, the first.
 */
export const encodeMessagesReply = (
  reply: NeutralReply,
  options: AnswerOptions,
  close: AnswerClose,
): Readonly<Record<string, unknown>> => {
  const [choice] = reply.choices;
  const folder = new BlockFolder();
  const writer = new BlockWriter(options.excludeReasoning, (event) => folder.event(event));
  const choices = choice === undefined ? [] : [choice];
  for (const item of citationsAtText(itemsOfReply({ ...reply, choices }))) writer.item(item);
  writer.end();
  const { finish = "stop", native = null, stopSequence = null } = choice ?? {};
  return {
    id: messageIdOf(reply.id, options.id),
    type: "message",
    role: "assistant",
    model: reply.model ?? options.model,
    content: folder.blocks,
    stop_reason: encodeStopReason(finish, native, stopSequence),
    stop_sequence: stopSequence,
    usage: renderMessagesUsage(close.usage),
    routing_metadata: close.routingMetadata(writer.losses()),
  };
};
