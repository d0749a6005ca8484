import { parseArguments } from "../json/parse-arguments.ts";
import { decodeBase64Text } from "../bytes/base64.ts";
import { parseDataUrl } from "../json/data-url.ts";
import type { CacheMark, InputPart, OutputPart } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped, reasoningDropped } from "../neutral/losses.ts";
import type { NeutralMessage } from "../neutral/request.ts";
import { ownMaker } from "./slots.ts";
import { ToolIds } from "./tool-ids.ts";

export type Block = Record<string, unknown>;
export type Turn = { readonly role: "user" | "assistant"; content: Block[] };

export type EncodedTurns = {
  readonly system: readonly Block[];
  readonly turns: readonly Turn[];
  /** The last block of each message that takes a cache mark; `undefined` = it has none. */
  readonly lastBlocks: readonly (Block | undefined)[];
};

/** Blocks that no mark may stand on. */
const unmarkable: ReadonlySet<unknown> = new Set(["thinking", "redacted_thinking"]);

/** `cache_control` of a mark. */
export const cacheControl = (cache: CacheMark | undefined): Block =>
  cache === undefined ? {} : { cache_control: { type: "ephemeral", ...cache } };

/** Texts of nothing but blanks are refused. */
const isBlank = (text: string): boolean => text.trim() === "";

const imageSource = (url: string): Block => {
  const data = parseDataUrl(url);
  return data === null
    ? { type: "url", url }
    : { type: "base64", media_type: data.mimeType, data: data.base64 };
};

type FilePart = Extract<InputPart, { kind: "file" }>;

const documentSource = ({ data, reference }: FilePart): Block | null => {
  if (data === undefined) {
    return reference !== undefined && /^https?:/u.test(reference)
      ? { type: "url", url: reference }
      : null;
  }
  const parsed = parseDataUrl(data);
  if (parsed?.mimeType.startsWith("text/") === true) {
    return { type: "text", media_type: "text/plain", data: decodeBase64Text(parsed.base64) };
  }
  const { mimeType, base64 } = parsed ?? { mimeType: "application/pdf", base64: data };
  return { type: "base64", media_type: mimeType, data: base64 };
};

const encodeInput = (part: InputPart, losses: Set<Loss>): readonly Block[] => {
  switch (part.kind) {
    case "text":
      return isBlank(part.text)
        ? []
        : [{ type: "text", text: part.text, ...cacheControl(part.cache) }];
    case "image_url":
      return [{ type: "image", source: imageSource(part.url), ...cacheControl(part.cache) }];
    case "file": {
      const source = documentSource(part);
      if (source !== null) {
        const title = part.filename === undefined ? {} : { title: part.filename };
        return [{ type: "document", source, ...title, ...cacheControl(part.cache) }];
      }
      break;
    }
    case "native":
      if (part.wire === "messages") return [{ ...part.json }];
      break;
    case "audio":
    default:
  }
  losses.add(contentDropped);
  return [];
};

const encodeOutput = (part: OutputPart, ids: ToolIds, losses: Set<Loss>): readonly Block[] => {
  switch (part.kind) {
    case "text":
      if (part.signature !== undefined && part.maker !== ownMaker) losses.add(reasoningDropped);
      return isBlank(part.text)
        ? []
        : [{ type: "text", text: part.text, ...cacheControl(part.cache) }];
    case "refusal":
      return isBlank(part.text) ? [] : [{ type: "text", text: part.text }];
    case "reasoning":
      if (part.signature === undefined) return [];
      if (part.maker === ownMaker) {
        return [{ type: "thinking", thinking: part.text, signature: part.signature }];
      }
      break;
    case "reasoning_redacted":
      if (part.maker === ownMaker) return [{ type: "redacted_thinking", data: part.data }];
      break;
    case "tool_call": {
      if (part.signature !== undefined && part.maker !== ownMaker) losses.add(reasoningDropped);
      const { id, name, cache } = part;
      const input = parseArguments(part.arguments);
      return [{ type: "tool_use", id: ids.ofCall(id), name, input, ...cacheControl(cache) }];
    }
    case "native":
      if (part.wire === "messages") return [{ ...part.json }];
      losses.add(contentDropped);
      return [];
    case "image":
    default:
      // An image that came out cannot go in as what the assistant said.
      losses.add(contentDropped);
      return [];
  }
  losses.add(reasoningDropped);
  return [];
};

type ToolMessage = Extract<NeutralMessage, { role: "tool" }>;

const encodeToolResult = (message: ToolMessage, ids: ToolIds, losses: Set<Loss>): Block => {
  const content = message.parts.flatMap((part) => encodeInput(part, losses));
  return {
    type: "tool_result",
    tool_use_id: ids.ofResult(message.callId),
    ...(content.length === 0 ? {} : { content }),
    ...(message.isError === true ? { is_error: true } : {}),
  };
};

/** Results stand before everything else of their turn. */
const resultsFirst = (blocks: readonly Block[]): Block[] => [
  ...blocks.filter((block) => block["type"] === "tool_result"),
  ...blocks.filter((block) => block["type"] !== "tool_result"),
];

/** An answer that the model is to go on with may not end in blanks. */
const trimPrefill = (turn: Turn | undefined): void => {
  const last = turn?.role === "assistant" ? turn.content.at(-1) : undefined;
  if (turn === undefined || last?.["type"] !== "text") return;
  const text = String(last["text"]).trimEnd();
  if (text === "") turn.content.pop();
  else last["text"] = text;
};

/** Messages as turns: roles take turns, so neighbours of one role become one. */
export const encodeTurns = (
  messages: readonly NeutralMessage[],
  losses: Set<Loss>,
): EncodedTurns => {
  const system: Block[] = [];
  const turns: Turn[] = [];
  const ids = new ToolIds();
  const lastBlocks: (Block | undefined)[] = [];
  const note = (blocks: readonly Block[]): readonly Block[] => {
    lastBlocks.push(blocks.findLast((block) => !unmarkable.has(block["type"])));
    return blocks;
  };
  const add = (role: Turn["role"], blocks: readonly Block[]): void => {
    if (blocks.length === 0) return;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: [...blocks] });
  };
  for (const message of messages) {
    switch (message.role) {
      case "system":
      case "developer": {
        const blocks = note(message.parts.flatMap((part) => encodeInput(part, losses)));
        // Instructions stand before the conversation; later ones can only be said within it.
        if (turns.length === 0) system.push(...blocks);
        else add("user", blocks);
        break;
      }
      case "user":
        add("user", note(message.parts.flatMap((part) => encodeInput(part, losses))));
        break;
      case "tool":
        add("user", note([encodeToolResult(message, ids, losses)]));
        break;
      case "assistant":
      default:
        add("assistant", note(message.parts.flatMap((part) => encodeOutput(part, ids, losses))));
    }
  }
  for (const turn of turns) if (turn.role === "user") turn.content = resultsFirst(turn.content);
  trimPrefill(turns.at(-1));
  const last = system.at(-1);
  if (turns.length > 0 || last === undefined) return { system, turns, lastBlocks };
  // Of nothing but instructions the last is what the model answers: it must be spoken to.
  return {
    system: system.slice(0, -1),
    turns: [{ role: "user", content: [last] }],
    lastBlocks,
  };
};
