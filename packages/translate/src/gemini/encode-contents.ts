import { parseArguments } from "../json/parse-arguments.ts";
import { present } from "../json/present.ts";
import type { JsonRecord } from "../json/read.ts";
import type { InputPart, OutputPart } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped, reasoningDropped } from "../neutral/losses.ts";
import type { NeutralMessage } from "../neutral/request.ts";
import { parseDataUrl } from "../json/data-url.ts";
import { geminiMaker } from "./gemini-dialect.ts";
import type { GeminiDialect } from "./gemini-dialect.ts";

type Content = { readonly role: "user" | "model"; readonly parts: JsonRecord[] };

export type EncodedContents = {
  readonly contents: readonly Content[];
  readonly systemInstruction?: { readonly parts: readonly JsonRecord[] };
};

/**
 * Stands for the signature of a call that was not made by a Gemini model, which Gemini 3 would refuse
 * without one: https://ai.google.dev/gemini-api/docs/thought-signatures (FAQ on foreign history).
 */
const foreignCallSignature = "skip_thought_signature_validator";

/** Ids that this codec made up start so; the API never sees them again. */
export const ownIdPrefix = "gcall_";

const guessMimeType = (url: string): string | undefined => {
  const extension = /\.(\w+)(?:[?#]|$)/u.exec(url)?.[1]?.toLowerCase();
  const types: Readonly<Record<string, string>> = {
    png: "image/png",
    jpg: "image/jpeg",
    jpeg: "image/jpeg",
    gif: "image/gif",
    webp: "image/webp",
    pdf: "application/pdf",
  };
  return extension === undefined ? undefined : types[extension];
};

const blobOf = (url: string): JsonRecord => {
  const data = parseDataUrl(url);
  if (data !== null) return { inlineData: { mimeType: data.mimeType, data: data.base64 } };
  return { fileData: { fileUri: url, ...present("mimeType", guessMimeType(url)) } };
};

const encodeInput = (part: InputPart, losses: Set<Loss>): readonly JsonRecord[] => {
  switch (part.kind) {
    case "text":
      return [{ text: part.text }];
    case "image_url":
      return [blobOf(part.url)];
    case "audio":
      return [{ inlineData: { mimeType: `audio/${part.format}`, data: part.data } }];
    case "file": {
      const { data, reference } = part;
      if (data === undefined) return [blobOf(reference ?? "")];
      if (data.startsWith("data:")) return [blobOf(data)];
      return [{ inlineData: { mimeType: "application/pdf", data } }];
    }
    case "native":
    default:
      if (part.wire === "generate_content") return [part.json];
      losses.add(contentDropped);
      return [];
  }
};

const signed = (part: { readonly signature?: string; readonly maker?: string }): JsonRecord =>
  part.signature !== undefined && (part.maker ?? geminiMaker) === geminiMaker
    ? { thoughtSignature: part.signature }
    : {};

const isForeign = (part: { readonly signature?: string; readonly maker?: string }): boolean =>
  part.signature !== undefined && (part.maker ?? geminiMaker) !== geminiMaker;

/** An id as the API may see it: its own, or another provider's; never one made up here. */
const wireId = (id: string): { readonly id?: string } => (id.startsWith(ownIdPrefix) ? {} : { id });

const encodeOutput = (part: OutputPart, losses: Set<Loss>): readonly JsonRecord[] => {
  switch (part.kind) {
    case "text":
      if (isForeign(part)) losses.add(reasoningDropped);
      return [{ text: part.text, ...signed(part) }];
    case "refusal":
      return [{ text: part.text }];
    case "reasoning":
      // Thoughts are no part of the history; only what is signed goes back.
      if (part.maker === geminiMaker && part.signature !== undefined) {
        return [{ text: part.text, thought: true, thoughtSignature: part.signature }];
      }
      if (part.signature !== undefined) losses.add(reasoningDropped);
      return [];
    case "reasoning_redacted":
      losses.add(reasoningDropped);
      return [];
    case "tool_call": {
      if (isForeign(part)) losses.add(reasoningDropped);
      const args = parseArguments(part.arguments);
      return [{ functionCall: { ...wireId(part.id), name: part.name, args }, ...signed(part) }];
    }
    case "image":
      return [{ inlineData: { mimeType: part.mimeType, data: part.data }, ...signed(part) }];
    case "native":
    default:
      if (part.wire === "generate_content") return [part.json];
      losses.add(contentDropped);
      return [];
  }
};

/** Gemini 3 wants a signature on the first call of every step; calls others made have none it knows. */
const withCallSignature = (parts: readonly JsonRecord[]): readonly JsonRecord[] => {
  const first = parts.findIndex((part) => "functionCall" in part);
  const call = parts[first];
  if (call === undefined || "thoughtSignature" in call) return parts;
  return parts.with(first, { ...call, thoughtSignature: foreignCallSignature });
};

type ToolMessage = Extract<NeutralMessage, { role: "tool" }>;

const encodeToolResult = (
  message: ToolMessage,
  names: ReadonlyMap<string, string>,
  losses: Set<Loss>,
): readonly JsonRecord[] => {
  const { callId, parts, isError } = message;
  const text = parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n");
  const name = names.get(callId) ?? callId;
  const response = isError === true ? { error: text } : { output: text };
  const others = parts.filter((part) => part.kind !== "text");
  return [
    { functionResponse: { ...wireId(callId), name, response } },
    ...others.flatMap((part) => encodeInput(part, losses)),
  ];
};

const callNames = (messages: readonly NeutralMessage[]): ReadonlyMap<string, string> =>
  new Map(
    messages.flatMap((message) =>
      message.role === "assistant"
        ? message.parts.flatMap((part): [string, string][] =>
            part.kind === "tool_call" ? [[part.id, part.name]] : [],
          )
        : [],
    ),
  );

/** Messages as `contents`: roles take turns, so neighbours of one role become one. */
export const encodeContents = (
  messages: readonly NeutralMessage[],
  dialect: GeminiDialect,
  losses: Set<Loss>,
): EncodedContents => {
  const system: JsonRecord[] = [];
  const contents: Content[] = [];
  const names = callNames(messages);
  const add = (role: Content["role"], parts: readonly JsonRecord[]): void => {
    if (parts.length === 0) return;
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts: [...parts] });
  };
  for (const message of messages) {
    switch (message.role) {
      case "system":
      case "developer": {
        const parts = message.parts.map((part) => ({ text: part.text }));
        // Instructions stand before the conversation; later ones can only be said within it.
        if (contents.length === 0) system.push(...parts);
        else add("user", parts);
        break;
      }
      case "user":
        add(
          "user",
          message.parts.flatMap((part) => encodeInput(part, losses)),
        );
        break;
      case "tool":
        add("user", encodeToolResult(message, names, losses));
        break;
      case "assistant":
      default: {
        const parts = message.parts.flatMap((part) => encodeOutput(part, losses));
        add("model", dialect.needsCallSignatures ? withCallSignature(parts) : parts);
      }
    }
  }
  return { contents, ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }) };
};
