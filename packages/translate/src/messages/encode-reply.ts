import { present } from "../json/present.ts";
import { isRecord } from "../json/read.ts";
import type { Annotation, OutputPart } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped } from "../neutral/losses.ts";
import type { NeutralReply } from "../neutral/request.ts";
import type { AnswerClose, AnswerOptions } from "../surface/surface-encoder.ts";
import { renderMessagesUsage } from "./render-usage.ts";
import { writeRedacted, writeSignature } from "./slots.ts";
import { encodeStopReason } from "./stop-reason.ts";

type Block = Record<string, unknown>;

const parseInput = (json: string): unknown => {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : { value };
  } catch {
    return { input: json };
  }
};

/** A block that carries an opaque piece for something that has no place for it. */
export const sealBlock = (signature: string): Block => ({
  type: "thinking",
  thinking: "",
  signature,
});

const encodePart = (
  part: OutputPart,
  options: AnswerOptions,
  losses: Set<Loss>,
): readonly Block[] => {
  const withReasoning = !options.excludeReasoning;
  switch (part.kind) {
    case "text": {
      const said: readonly Block[] = part.text === "" ? [] : [{ type: "text", text: part.text }];
      if (part.signature === undefined) return said;
      const seal = writeSignature(part.signature, part.maker, { on: "text" });
      return [...said, sealBlock(seal)];
    }
    case "refusal":
      return [{ type: "text", text: part.text }];
    case "reasoning": {
      if (!withReasoning) return [];
      const { text, signature, maker } = part;
      const seal =
        signature === undefined
          ? ""
          : writeSignature(signature, maker, {
              on: "reasoning",
              ...present("id", part.id),
            });
      return [{ type: "thinking", thinking: text, signature: seal }];
    }
    case "reasoning_redacted":
      return withReasoning
        ? [{ type: "redacted_thinking", data: writeRedacted(part.data, part.maker) }]
        : [];
    case "tool_call": {
      const { id, name, signature, maker } = part;
      const call = { type: "tool_use", id, name, input: parseInput(part.arguments) };
      return signature === undefined
        ? [call]
        : [sealBlock(writeSignature(signature, maker, { on: "call", id })), call];
    }
    case "native":
      if (part.wire === "messages") return [{ ...part.json }];
      losses.add(contentDropped);
      return [];
    case "image":
    default:
      losses.add(contentDropped);
      return [];
  }
};

/** Citations of Anthropic's own go back on the last text; others have no form here. */
export const citationsOf = (
  annotations: readonly Annotation[],
  losses: Set<Loss>,
): readonly unknown[] =>
  annotations.flatMap((annotation) => {
    if (annotation.kind === "native" && annotation.wire === "messages") return [annotation.json];
    losses.add(contentDropped);
    return [];
  });

/** Ids of this wire begin so. */
export const messageIdOf = (id: string | null, own: string): string =>
  id?.startsWith("msg_") === true ? id : own;

/** The Messages answer of docs/contract.md §18. */
export const encodeMessagesReply = (
  reply: NeutralReply,
  options: AnswerOptions,
  close: AnswerClose,
): Block => {
  const losses = new Set<Loss>();
  // Several choices are asked for on the chat surface only.
  const choice = reply.choices[0];
  const content = (choice?.parts ?? []).flatMap((part) => encodePart(part, options, losses));
  const citations = citationsOf(choice?.annotations ?? [], losses);
  const text = content.findLast((block) => block["type"] === "text");
  if (citations.length > 0 && text !== undefined) text["citations"] = citations;
  return {
    id: messageIdOf(reply.id, options.id),
    type: "message",
    role: "assistant",
    model: reply.model ?? options.model,
    content,
    stop_reason: encodeStopReason(choice?.finish ?? "stop", choice?.native ?? null),
    stop_sequence: choice?.stopSequence ?? null,
    usage: renderMessagesUsage(close.usage),
    routing_metadata: close.routingMetadata([...losses]),
  };
};
