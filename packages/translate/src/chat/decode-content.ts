import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asRecord, asString } from "../json/read.ts";
import type { ImagePart } from "../neutral/content.ts";

/** A piece of visible or hidden text, as vendors mix them in one content. */
export type ContentPiece = {
  readonly kind: "text" | "reasoning" | "refusal";
  readonly text: string;
};

const thinkingText = (thinking: unknown): string =>
  typeof thinking === "string"
    ? thinking
    : asArray(thinking)
        .map((part) => asString(asRecord(part)?.["text"]) ?? "")
        .join("");

/** `content` as a string or as Mistral's list of text and thinking parts; empty pieces are left out. */
export const decodeContent = (content: unknown): readonly ContentPiece[] => {
  if (typeof content === "string") return content === "" ? [] : [{ kind: "text", text: content }];
  const pieces: ContentPiece[] = [];
  for (const entry of asArray(content)) {
    const part = asRecord(entry);
    const type = part?.["type"];
    if (type === "thinking") {
      pieces.push({ kind: "reasoning", text: thinkingText(part?.["thinking"]) });
    } else if (type === "refusal") {
      pieces.push({ kind: "refusal", text: asString(part?.["refusal"]) ?? "" });
    } else {
      pieces.push({ kind: "text", text: asString(part?.["text"]) ?? "" });
    }
  }
  return pieces.filter((piece) => piece.text !== "");
};

/** Reasoning text of a message or delta, under whichever name the vendor gives it. */
export const decodeReasoningText = (message: JsonRecord): string =>
  asFilledString(message["reasoning_content"]) ?? asString(message["reasoning"]) ?? "";

const dataUrl = /^data:(?<mimeType>[^;,]+);base64,(?<data>.*)$/su;

/** `images` of a message or delta: our own form, or data URLs in `image_url` parts. */
export const decodeImages = (images: unknown): readonly ImagePart[] => {
  const parts: ImagePart[] = [];
  for (const entry of asArray(images)) {
    const image = asRecord(entry);
    const url = asString(asRecord(image?.["image_url"])?.["url"]);
    const groups = url === null ? undefined : dataUrl.exec(url)?.groups;
    const mimeType = groups?.["mimeType"] ?? asFilledString(image?.["mime_type"]);
    const data = groups?.["data"] ?? asFilledString(image?.["data"]);
    const signature = asFilledString(image?.["thought_signature"]);
    if (mimeType === null || mimeType === undefined || data === null || data === undefined)
      continue;
    parts.push({
      kind: "image",
      mimeType,
      data,
      ...(signature === null ? {} : { signature }),
    });
  }
  return parts;
};

/** Opaque signature of a tool call: ours, or Gemini's behind an OpenAI-compatible front. */
export const decodeCallSignature = (call: JsonRecord): string | null => {
  const own = asFilledString(call["provider_signature"]);
  if (own !== null) return own;
  const google = asRecord(asRecord(call["extra_content"])?.["google"]);
  return asFilledString(google?.["thought_signature"]);
};

/** Arguments of a call as JSON text; some vendors send the object itself. */
export const decodeArguments = (value: unknown): string => {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
};
