import { present } from "../json/present.ts";
import type { InputPart, OutputPart, TextPart } from "../neutral/content.ts";
import type { NeutralMessage } from "../neutral/request.ts";
import { readSeal } from "../neutral/seal.ts";
import { cacheOf, decodeInputBlock, decodeNative, decodeTextBlock } from "./decode-blocks.ts";
import type {
  MessagesAssistantBlock,
  MessagesToolResultBlock,
  MessagesTurn,
  MessagesUserBlock,
} from "./messages-block-schema.ts";
import { redactedSlot, reasoningSlot } from "./slots.ts";

type BlockOf<B, T extends string> = Extract<B, { type: T }>;

const isToolResult = (block: MessagesUserBlock): block is MessagesToolResultBlock =>
  block.type === "tool_result";

const decodeToolResult = (block: MessagesToolResultBlock): NeutralMessage => {
  const { content } = block;
  const parts: readonly InputPart[] =
    typeof content === "string"
      ? [{ kind: "text", text: content }]
      : (content ?? []).map((part) => decodeInputBlock(part));
  const cache = cacheOf(block.cache_control);
  const last = parts.at(-1);
  // A mark on the result stands at its end.
  const marked =
    cache.cache !== undefined && last !== undefined && last.kind !== "native"
      ? parts.with(parts.length - 1, { ...last, ...cache })
      : parts;
  return {
    role: "tool",
    callId: block.tool_use_id,
    parts: marked,
    ...(block.is_error === true ? { isError: true } : {}),
  };
};

/** A user's turn: results of tools become messages of their own, in the order they stand. */
const decodeUserTurn = (
  content: string | readonly MessagesUserBlock[],
): readonly NeutralMessage[] => {
  if (typeof content === "string") {
    return [{ role: "user", parts: [{ kind: "text", text: content }] }];
  }
  const messages: NeutralMessage[] = [];
  let parts: InputPart[] = [];
  const flush = (): void => {
    if (parts.length > 0) messages.push({ role: "user", parts });
    parts = [];
  };
  for (const block of content) {
    if (isToolResult(block)) {
      flush();
      messages.push(decodeToolResult(block));
    } else {
      parts.push(decodeInputBlock(block));
    }
  }
  flush();
  return messages;
};

/** An opaque piece that belongs to something else than the block it came in. */
type Loose =
  | { readonly on: "text"; readonly signature: string; readonly maker: string }
  | {
      readonly on: "call";
      readonly id: string;
      readonly signature: string;
      readonly maker: string;
    };

const attach = (parts: readonly OutputPart[], loose: readonly Loose[]): readonly OutputPart[] => {
  const out = [...parts];
  for (const piece of loose) {
    const { signature, maker } = piece;
    const at =
      piece.on === "call"
        ? out.findIndex((part) => part.kind === "tool_call" && part.id === piece.id)
        : out.findLastIndex((part) => part.kind === "text");
    const part = out[at];
    if (part?.kind === "tool_call" || part?.kind === "text") {
      out[at] = { ...part, signature, maker };
    } else if (piece.on === "text") {
      out.push({ kind: "text", text: "", signature, maker });
    }
  }
  return out;
};

const isThinking = (
  block: MessagesAssistantBlock,
): block is BlockOf<MessagesAssistantBlock, "thinking"> => block.type === "thinking";
const isRedacted = (
  block: MessagesAssistantBlock,
): block is BlockOf<MessagesAssistantBlock, "redacted_thinking"> =>
  block.type === "redacted_thinking";
const isToolUse = (
  block: MessagesAssistantBlock,
): block is BlockOf<MessagesAssistantBlock, "tool_use"> => block.type === "tool_use";
const isText = (block: MessagesAssistantBlock): block is BlockOf<MessagesAssistantBlock, "text"> =>
  block.type === "text";

const decodeAssistantTurn = (
  content: string | readonly MessagesAssistantBlock[],
): NeutralMessage => {
  if (typeof content === "string") {
    const text: TextPart = { kind: "text", text: content };
    return { role: "assistant", parts: content === "" ? [] : [text] };
  }
  const parts: OutputPart[] = [];
  const loose: Loose[] = [];
  for (const block of content) {
    if (isText(block)) {
      parts.push(decodeTextBlock(block));
    } else if (isThinking(block)) {
      if (typeof block.signature !== "string" || block.signature === "") {
        parts.push({ kind: "reasoning", text: block.thinking });
        continue;
      }
      const { maker, value: signature, place } = readSeal(block.signature, reasoningSlot);
      if (place.on === "call") loose.push({ on: "call", id: place.id, signature, maker });
      else if (place.on === "text") loose.push({ on: "text", signature, maker });
      else {
        const id = place.on === "reasoning" ? present("id", place.id) : {};
        parts.push({ kind: "reasoning", text: block.thinking, signature, maker, ...id });
      }
    } else if (isRedacted(block)) {
      const { maker, value } = readSeal(block.data, redactedSlot);
      parts.push({ kind: "reasoning_redacted", data: value, maker });
    } else if (isToolUse(block)) {
      const input = JSON.stringify(block.input ?? {});
      const cache = cacheOf(block.cache_control);
      parts.push({ kind: "tool_call", id: block.id, name: block.name, arguments: input, ...cache });
    } else {
      parts.push(decodeNative(block));
    }
  }
  return { role: "assistant", parts: attach(parts, loose) };
};

/** Turns in neutral form. */
export const decodeTurns = (turns: readonly MessagesTurn[]): readonly NeutralMessage[] =>
  turns.flatMap((turn): readonly NeutralMessage[] => {
    switch (turn.role) {
      case "user":
        return decodeUserTurn(turn.content);
      case "assistant":
        return [decodeAssistantTurn(turn.content)];
      case "system":
      default:
        return [{ role: "system", parts: decodeSystem(turn.content) }];
    }
  });

/** `system`: a text, or blocks of it. */
export const decodeSystem = (
  system:
    | string
    | readonly { readonly text: string; readonly cache_control?: Parameters<typeof cacheOf>[0] }[],
): readonly TextPart[] =>
  typeof system === "string"
    ? [{ kind: "text", text: system }]
    : system.map(({ text, cache_control }) => ({
        kind: "text",
        text,
        ...present("cache", cacheOf(cache_control).cache),
      }));
