import { present } from "../json/present.ts";
import type { CacheMark, InputPart, NativePart, TextPart } from "../neutral/content.ts";
import type {
  MessagesDocumentBlock,
  MessagesImageBlock,
  MessagesNativeBlock,
  MessagesResultPart,
  MessagesTextBlock,
} from "./messages-block-schema.ts";

type CacheControl = { readonly ttl?: "5m" | "1h" | null | undefined } | null | undefined;

/** A caller's own mark, where it stands. */
export const cacheOf = (control: CacheControl): { readonly cache?: CacheMark } =>
  control === null || control === undefined ? {} : { cache: present("ttl", control.ttl) };

/** A block that only Anthropic's wire knows, as it is. */
export const decodeNative = (block: MessagesNativeBlock): NativePart => ({
  kind: "native",
  wire: "messages",
  json: block,
});

/** Text that carries nothing but itself; what it rests on is the answer's business, not the request's. */
export const decodeTextBlock = (block: MessagesTextBlock): TextPart => ({
  kind: "text",
  text: block.text,
  ...cacheOf(block.cache_control),
});

const decodeImage = (block: MessagesImageBlock): InputPart => {
  const { source } = block;
  const cache = cacheOf(block.cache_control);
  switch (source.type) {
    case "base64": {
      const url = `data:${source.media_type};base64,${source.data}`;
      return { kind: "image_url", url, ...cache };
    }
    case "url":
      return { kind: "image_url", url: source.url, ...cache };
    case "file":
    default:
      // Kept at Anthropic, so nobody else can read it.
      return decodeNative(block);
  }
};

const decodeDocument = (block: MessagesDocumentBlock): InputPart => {
  const { source, title, citations, context } = block;
  const cites = citations?.enabled === true || (context ?? null) !== null;
  // Citations and context are Anthropic's alone: such a document goes there as it is.
  if (cites || source.type === "file" || source.type === "content") return decodeNative(block);
  const rest = { ...present("filename", title), ...cacheOf(block.cache_control) };
  if (source.type === "text")
    return { kind: "text", text: source.data, ...cacheOf(block.cache_control) };
  if (source.type === "url") return { kind: "file", reference: source.url, ...rest };
  return { kind: "file", data: `data:${source.media_type};base64,${source.data}`, ...rest };
};

const isText = (block: MessagesResultPart): block is MessagesTextBlock => block.type === "text";
const isImage = (block: MessagesResultPart): block is MessagesImageBlock => block.type === "image";
const isDocument = (block: MessagesResultPart): block is MessagesDocumentBlock =>
  block.type === "document";

/** A block of a user's turn or of a tool's result. */
export const decodeInputBlock = (block: MessagesResultPart): InputPart => {
  if (isText(block)) return decodeTextBlock(block);
  if (isImage(block)) return decodeImage(block);
  return isDocument(block) ? decodeDocument(block) : decodeNative(block);
};
