import { isRecord } from "../json/read.ts";
import type { JsonRecord } from "../json/read.ts";
import type { InputPart, OutputPart, TextPart } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped, reasoningDropped } from "../neutral/losses.ts";
import type { NeutralMessage } from "../neutral/request.ts";
import type { ResponsesDialect } from "./responses-dialect.ts";

/** What encoding items needs to know beside them. */
export type ItemContext = {
  readonly dialect: ResponsesDialect;
  /** Names of tools that take text instead of JSON. */
  readonly freeform: ReadonlySet<string>;
  readonly losses: Set<Loss>;
};

const encodeInput = (part: InputPart, { losses }: ItemContext): readonly JsonRecord[] => {
  switch (part.kind) {
    case "text":
      return [{ type: "input_text", text: part.text }];
    case "image_url":
      return [{ type: "input_image", image_url: part.url, detail: part.detail ?? "auto" }];
    case "file": {
      const { data, filename, reference } = part;
      const isUrl = reference !== undefined && /^https?:/u.test(reference);
      return [
        {
          type: "input_file",
          ...(data === undefined ? {} : { file_data: data }),
          ...(filename === undefined ? {} : { filename }),
          ...(reference === undefined ? {} : { [isUrl ? "file_url" : "file_id"]: reference }),
        },
      ];
    }
    case "audio":
      return [{ type: "input_audio", input_audio: { data: part.data, format: part.format } }];
    case "native":
    default:
      if (part.wire === "responses") return [part.json];
      losses.add(contentDropped);
      return [];
  }
};

/** What a freeform tool was told, out of the JSON that stands for it. */
export const freeformInput = (json: string): string => {
  try {
    const value: unknown = JSON.parse(json);
    const input = isRecord(value) ? value["input"] : undefined;
    return typeof input === "string" ? input : json;
  } catch {
    return json;
  }
};

/** The short form of a message; the long one wants an id and a status. */
const textItem = ({ text, phase }: TextPart): JsonRecord => ({
  type: "message",
  role: "assistant",
  content: text,
  ...(phase === undefined ? {} : { phase }),
});

const refusalItem = (refusal: string, place: string): JsonRecord => ({
  type: "message",
  id: `msg_${place}`,
  role: "assistant",
  status: "completed",
  content: [{ type: "refusal", refusal }],
});

const summaryOf = (text: string): readonly JsonRecord[] =>
  text === "" ? [] : [{ type: "summary_text", text }];

const encodeOutput = (
  part: OutputPart,
  place: string,
  { dialect, freeform, losses }: ItemContext,
): readonly JsonRecord[] => {
  switch (part.kind) {
    case "text":
      if (part.signature !== undefined) losses.add(reasoningDropped);
      return part.text === "" ? [] : [textItem(part)];
    case "refusal":
      return [refusalItem(part.text, place)];
    case "reasoning": {
      const { text, signature, id } = part;
      if (signature === undefined) return [];
      if (part.maker !== dialect.maker) break;
      return [
        {
          type: "reasoning",
          id: id ?? `rs_${place}`,
          summary: summaryOf(text),
          encrypted_content: signature,
        },
      ];
    }
    case "tool_call": {
      if (part.signature !== undefined) losses.add(reasoningDropped);
      const { id, name, arguments: json } = part;
      return freeform.has(name)
        ? [{ type: "custom_tool_call", call_id: id, name, input: freeformInput(json) }]
        : [{ type: "function_call", call_id: id, name, arguments: json }];
    }
    case "native":
      if (part.wire === "responses") return [part.json];
      losses.add(contentDropped);
      return [];
    case "image":
      losses.add(contentDropped);
      return [];
    case "reasoning_redacted":
    default:
  }
  losses.add(reasoningDropped);
  return [];
};

type ToolMessage = Extract<NeutralMessage, { role: "tool" }>;

const encodeResult = (
  { callId, parts }: ToolMessage,
  calls: ReadonlyMap<string, string>,
  context: ItemContext,
): JsonRecord => {
  const isText = parts.every((part) => part.kind === "text");
  const output = isText
    ? parts.map((part) => part.text).join("\n")
    : parts.flatMap((part) => encodeInput(part, context));
  const isFreeform = context.freeform.has(calls.get(callId) ?? "");
  const type = isFreeform ? "custom_tool_call_output" : "function_call_output";
  return { type, call_id: callId, output };
};

const isNativeItem = (part: InputPart): boolean =>
  part.kind === "native" &&
  part.wire === "responses" &&
  !String(part.json["type"]).startsWith("input_");

const encodeUser = (parts: readonly InputPart[], context: ItemContext): readonly JsonRecord[] => {
  // What a client answers to a hosted tool is an item of its own.
  const items = parts.filter(isNativeItem).flatMap((part) => encodeInput(part, context));
  const content = parts
    .filter((part) => !isNativeItem(part))
    .flatMap((part) => encodeInput(part, context));
  return content.length === 0 ? items : [...items, { type: "message", role: "user", content }];
};

/** Messages as items of the input. */
export const encodeItems = (
  messages: readonly NeutralMessage[],
  context: ItemContext,
): readonly JsonRecord[] => {
  const calls = new Map<string, string>();
  return messages.flatMap((message, at): readonly JsonRecord[] => {
    switch (message.role) {
      case "system":
      case "developer": {
        const content = message.parts.flatMap((part) => encodeInput(part, context));
        return [{ type: "message", role: message.role, content }];
      }
      case "user":
        return encodeUser(message.parts, context);
      case "tool":
        return [encodeResult(message, calls, context)];
      case "assistant":
      default:
        for (const part of message.parts) {
          if (part.kind === "tool_call") calls.set(part.id, part.name);
        }
        return message.parts.flatMap((part, place) =>
          encodeOutput(part, `${at}_${place}`, context),
        );
    }
  });
};
