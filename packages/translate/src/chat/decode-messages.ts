import { present } from "../json/present.ts";
import type { CacheMark, InputPart, OutputPart, TextPart } from "../neutral/content.ts";
import type { NeutralMessage } from "../neutral/request.ts";
import { readSeal } from "../neutral/seal.ts";
import type { ChatMessage } from "./chat-message-schema.ts";
import { callMaker, reasoningSlot, redactedSlot } from "./seals.ts";

type MessageOf<R extends ChatMessage["role"]> = Extract<ChatMessage, { role: R }>;
type UserContentPart = Exclude<MessageOf<"user">["content"], string>[number];
type TextContent = MessageOf<"system">["content"];
type CacheControl = { readonly ttl?: "5m" | "1h" | null | undefined } | null | undefined;

const cacheOf = (control: CacheControl): { readonly cache?: CacheMark } =>
  control === null || control === undefined ? {} : { cache: present("ttl", control.ttl) };

const decodeText = (content: TextContent): readonly TextPart[] =>
  typeof content === "string"
    ? [{ kind: "text", text: content }]
    : content.map((part) => ({ kind: "text", text: part.text, ...cacheOf(part.cache_control) }));

const decodeInput = (part: UserContentPart): InputPart => {
  const cache = cacheOf(part.cache_control);
  switch (part.type) {
    case "text":
      return { kind: "text", text: part.text, ...cache };
    case "image_url": {
      const { url, detail } = part.image_url;
      return { kind: "image_url", url, ...present("detail", detail), ...cache };
    }
    case "file":
      return {
        kind: "file",
        ...present("data", part.file.file_data),
        ...present("filename", part.file.filename),
        ...present("reference", part.file.file_id),
        ...cache,
      };
    case "input_audio":
    default:
      return {
        kind: "audio",
        data: part.input_audio.data,
        format: part.input_audio.format,
        ...cache,
      };
  }
};

const decodeReasoning = (message: MessageOf<"assistant">): OutputPart[] => {
  const blocks = message.reasoning ?? [];
  if (blocks.length > 0) {
    return blocks.map((block): OutputPart => {
      if (block.type === "redacted") {
        const { maker, value } = readSeal(block.data, redactedSlot);
        return { kind: "reasoning_redacted", data: value, maker };
      }
      const text = block.thinking;
      if (typeof block.signature !== "string") return { kind: "reasoning", text };
      const { maker, value, place } = readSeal(block.signature, reasoningSlot);
      const id = place.on === "reasoning" ? present("id", place.id) : {};
      return { kind: "reasoning", text, signature: value, maker, ...id };
    });
  }
  const text = message.reasoning_content ?? "";
  return text === "" ? [] : [{ kind: "reasoning", text }];
};

/** Puts the signature of the whole text on its last part. */
const withTextSignature = (
  parts: readonly OutputPart[],
  signature: string | null | undefined,
): OutputPart[] => {
  if (typeof signature !== "string") return [...parts];
  const { maker, value } = readSeal(signature, { maker: callMaker, place: { on: "text" } });
  const at = parts.findLastIndex((part) => part.kind === "text");
  const text = parts[at];
  const signed = { kind: "text", text: "", signature: value, maker } as const;
  if (text?.kind !== "text") return [...parts, signed];
  return parts.with(at, { ...signed, ...text });
};

const decodeAssistantContent = (content: MessageOf<"assistant">["content"]): OutputPart[] => {
  if (content === null || content === undefined || content === "") return [];
  if (typeof content === "string") return [{ kind: "text", text: content }];
  return content.map((part) =>
    part.type === "refusal"
      ? { kind: "refusal", text: part.refusal }
      : { kind: "text", text: part.text, ...cacheOf(part.cache_control) },
  );
};

const decodeCallSeal = (
  id: string,
  signature: string | null | undefined,
): { readonly signature?: string; readonly maker?: string } => {
  if (typeof signature !== "string") return {};
  const { maker, value } = readSeal(signature, { maker: callMaker, place: { on: "call", id } });
  return { signature: value, maker };
};

const decodeAssistant = (
  message: MessageOf<"assistant">,
  legacyCallId: (name: string) => string,
): NeutralMessage => {
  const parts = [
    ...decodeReasoning(message),
    ...withTextSignature(decodeAssistantContent(message.content), message.provider_signature),
  ];
  if (typeof message.refusal === "string" && message.refusal !== "") {
    parts.push({ kind: "refusal", text: message.refusal });
  }
  for (const call of message.tool_calls ?? []) {
    parts.push({
      kind: "tool_call",
      id: call.id,
      name: call.function.name,
      arguments: call.function.arguments === "" ? "{}" : call.function.arguments,
      ...decodeCallSeal(call.id, call.provider_signature),
    });
  }
  const legacy = message.function_call ?? null;
  if (legacy !== null) {
    const { name, arguments: text } = legacy;
    const id = legacyCallId(name);
    parts.push({ kind: "tool_call", id, name, arguments: text === "" ? "{}" : text });
  }
  return { role: "assistant", parts, ...present("name", message.name) };
};

/**
 * Messages in neutral form. A legacy `function_call` and the `function` message that answers it
 * become a tool call and a tool message with an id derived from their place.
 */
export const decodeChatMessages = (messages: readonly ChatMessage[]): readonly NeutralMessage[] => {
  let legacyCalls = 0;
  let lastLegacyId = "call_legacy_0";
  const legacyCallId = (): string => (lastLegacyId = `call_legacy_${legacyCalls++}`);
  return messages.map((message): NeutralMessage => {
    switch (message.role) {
      case "system":
      case "developer":
        return {
          role: message.role,
          parts: decodeText(message.content),
          ...present("name", message.name),
        };
      case "user": {
        const { content } = message;
        const parts: readonly InputPart[] =
          typeof content === "string"
            ? [{ kind: "text", text: content }]
            : content.map((part) => decodeInput(part));
        return { role: "user", parts, ...present("name", message.name) };
      }
      case "assistant":
        return decodeAssistant(message, legacyCallId);
      case "tool":
        return { role: "tool", callId: message.tool_call_id, parts: decodeText(message.content) };
      case "function":
      default:
        return {
          role: "tool",
          callId: lastLegacyId,
          parts: [{ kind: "text", text: message.content ?? "" }],
        };
    }
  });
};
