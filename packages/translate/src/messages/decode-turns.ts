import { present } from "../json/present.ts";
import type { InputPart, OutputPart, TextPart, ToolCallPart } from "../neutral/content.ts";
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

type Signed = { readonly signature: string; readonly maker: string };

/** Puts the blocks of an assistant's turn together; a seal goes back to what it was attached to. */
class AssistantParts {
  readonly parts: OutputPart[] = [];
  readonly #callSeals = new Map<string, Signed>();

  thinking(text: string, signature: string | null | undefined): void {
    if (typeof signature !== "string" || signature === "") {
      if (text !== "") this.parts.push({ kind: "reasoning", text });
      return;
    }
    const { maker, value, place } = readSeal(signature, reasoningSlot);
    const signed = { signature: value, maker };
    // The seal of a call stands before it, that of a text behind it.
    if (place.on === "call") this.#callSeals.set(place.id, signed);
    else if (place.on === "text") this.#signText(signed);
    else {
      const id = place.on === "reasoning" ? present("id", place.id) : {};
      this.parts.push({ kind: "reasoning", text, ...signed, ...id });
    }
  }

  call(call: ToolCallPart): void {
    this.parts.push({ ...call, ...this.#callSeals.get(call.id) });
  }

  #signText(signed: Signed): void {
    const last = this.parts.at(-1);
    if (last?.kind === "text" && last.signature === undefined) {
      this.parts[this.parts.length - 1] = { ...last, ...signed };
    } else {
      this.parts.push({ kind: "text", text: "", ...signed });
    }
  }
}

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
  const assembly = new AssistantParts();
  for (const block of content) {
    if (isText(block)) {
      assembly.parts.push(decodeTextBlock(block));
    } else if (isThinking(block)) {
      assembly.thinking(block.thinking, block.signature);
    } else if (isRedacted(block)) {
      const { maker, value } = readSeal(block.data, redactedSlot);
      assembly.parts.push({ kind: "reasoning_redacted", data: value, maker });
    } else if (isToolUse(block)) {
      const { id, name } = block;
      const input = JSON.stringify(block.input ?? {});
      const cache = cacheOf(block.cache_control);
      assembly.call({ kind: "tool_call", id, name, arguments: input, ...cache });
    } else {
      assembly.parts.push(decodeNative(block));
    }
  }
  return { role: "assistant", parts: assembly.parts };
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
